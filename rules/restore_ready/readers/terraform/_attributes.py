"""Reads single attributes and nested blocks out of a block's values, whatever shape they came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from restore_ready.model import Known, OneOf, Partial, Ref, Str, Text, Unresolved, unresolved_reason
from restore_ready.model._why_open import NO_NUMBER

Values = Mapping[str, object]

_OPEN: Final = (Text, Ref, Unresolved)


def as_text(value: object, name: str) -> Str:
    """Return *value* as a string the way Terraform converts it; what is no string is unresolved."""
    if isinstance(value, (str, *_OPEN)):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if value is None:
        return Unresolved(f"{name} could not be evaluated")
    return Unresolved(f"{name} is not a string")


def text(values: Values, name: str) -> Str | None:
    """Return the string attribute *name*, or ``None`` where it is not given."""
    value = values.get(name)
    return None if value is None else as_text(value, name)


def required_text(values: Values, name: str) -> Str:
    """Return the string attribute *name*, unresolved where it is not given."""
    value = text(values, name)
    return Unresolved(f"{name} is not given") if value is None else value


def texts(values: Values, name: str) -> Known[tuple[Str, ...]]:
    """Return the list or set attribute *name*; empty where it is not given, one element for a lone string."""
    value = values.get(name)
    if value is None:
        return ()
    if isinstance(value, Unresolved):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(as_text(item, name) for item in value)
    if isinstance(value, Mapping):
        return Unresolved(f"{name} is not a list")
    return (as_text(value, name),)


def number(values: Values, name: str) -> Known[int] | None:
    """Return the whole number *name*, also when written as a string; ``None`` where it is not given."""
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, OneOf) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return _parsed(value, name)
    if isinstance(value, _OPEN):
        return Unresolved(unresolved_reason(value))
    return Unresolved(f"{name} is not a number")


def _parsed(written: str, name: str) -> Known[int]:
    digits = written.strip()
    if digits.removeprefix("-").isascii() and digits.removeprefix("-").isdigit() and len(digits) <= _MOST_DIGITS:
        return int(digits)
    return Unresolved(NO_NUMBER.said(what=name, value=written[:20]))


_MOST_DIGITS: Final = 18


def nested(values: Values, name: str) -> Known[tuple[Values, ...]]:
    """Return the nested blocks called *name*; empty where there is none, unresolved where one can't be read."""
    found = nested_each(values, name)
    if isinstance(found, Unresolved):
        return found
    blocks: list[Values] = []
    for block in found:
        if isinstance(block, Unresolved):
            return block
        blocks.append(block)
    return tuple(blocks)


def nested_each(values: Values, name: str) -> Known[tuple[Known[Values], ...]]:
    """Return the nested blocks called *name*, those that can't be read as the reason; empty where there is none."""
    value = values.get(name)
    if value is None:
        return ()
    found = (value,) if isinstance(value, Mapping) else value
    if isinstance(found, _OPEN):
        return Unresolved(unresolved_reason(found))
    if not isinstance(found, (list, tuple)):
        return Unresolved(f"{name} is not a block")
    return tuple(
        block if isinstance(block, (Mapping, Unresolved)) else Unresolved(f"{name} is not a block") for block in found
    )


def merged_tags(*layers: object) -> Known[Mapping[str, Str]]:
    """Merge maps of tags, the later ones winning; unresolved if not a single key of one is known.

    Of a map that may have any other key as well, those known win too, and leave open what earlier maps say of others.
    """
    tags: dict[str, Str] = {}
    rest: Unresolved | None = None
    for layer in layers:
        if isinstance(layer, _OPEN):
            return Unresolved(f"tags: {unresolved_reason(layer)}")
        if isinstance(layer, Partial):
            rest = Unresolved(f"tags: {layer.why.why}")
            tags = dict.fromkeys(tags, rest)
        if isinstance(layer, Mapping):
            tags.update({str(key): as_text(value, f"tag {key}") for key, value in layer.items()})
        elif layer is not None:
            return Unresolved("tags is not a map")
    return tags if rest is None else Partial(tags, rest)
