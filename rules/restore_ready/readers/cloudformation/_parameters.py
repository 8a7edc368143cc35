"""What a template's parameters are known to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from restore_ready.model import Handed, Ref, Str, Text, Unresolved, join_text
from restore_ready.model._why_open import NO_DEFAULT, STORED
from restore_ready.readers.cloudformation._scope import text_of

_LISTS: Final = ("CommaDelimitedList", "List<")
_STORED: Final = "AWS::SSM::Parameter::Value<"


def parameter_values(declared: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """Return each parameter's value as text or list of text: the one given, else its default, else `Unresolved`."""
    return {name: _value(name, body if isinstance(body, dict) else {}, given) for name, body in declared.items()}


def allowed_values(body: object) -> tuple[str, ...]:
    """Return the values that a parameter without a default may take, where its declaration lists them."""
    allowed = body.get("AllowedValues") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(allowed, list) or _kind(body).startswith((*_LISTS, _STORED)):
        return ()
    texts = [text_of(value) for value in allowed]
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))


def _kind(body: Mapping[str, object]) -> str:
    return str(body.get("Type", "String"))


def _value(name: str, body: Mapping[str, object], given: Mapping[str, object]) -> object:
    kind = _kind(body)
    value = given.get(name, body.get("Default"))
    if why := _why_open(name, kind, body, value):
        return Unresolved(why)
    if not kind.startswith(_LISTS):
        return text_of(value, f"the default of parameter {name}")
    if isinstance(value, list):
        return [text_of(item, f"an item of parameter {name}") for item in value]
    text = text_of(value, f"the default of parameter {name}")
    if isinstance(text, Text):
        return _items(text)
    return [item.strip() for item in text.split(",")] if isinstance(text, str) else _single(text)


def _why_open(name: str, kind: str, body: Mapping[str, object], value: object) -> str:
    """Return why a parameter is not known; empty if it is."""
    if kind.startswith(_STORED):
        return STORED.said(name=name)
    if value is None:
        return NO_DEFAULT.said(name=name)
    hides = str(body.get("NoEcho")).lower() == "true" and not is_handed(value)
    return f"parameter {name} is not to be shown (NoEcho)" if hides else ""


def is_handed(value: object) -> bool:
    """Return whether a parameter is something that another template hands over."""
    if isinstance(value, (list, Text)):
        return any(map(is_handed, value if isinstance(value, list) else value.parts))
    return isinstance(value, Handed)


def _single(value: Ref | Unresolved) -> object:
    """Return a list of what is handed over, which is one ARN or id."""
    return [value] if isinstance(value, (Handed, Ref)) else value


def _items(text: Text) -> list[Str]:
    """Return the items of a list of which some are handed over."""
    items: list[list[str | Ref | Unresolved]] = [[]]
    for part in text.parts:
        first, *others = part.split(",") if isinstance(part, str) else [part]
        items[-1].append(first)
        items += ([other] for other in others)
    return [join_text(item) for item in items]
