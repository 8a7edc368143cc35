"""Reads resolved properties as the types the estate wants. What does not fit is unresolved, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from restore_ready.model import Known, Ref, Str, Text, Unresolved, unresolved_reason
from restore_ready.readers.cloudformation._scope import text_of

Properties: TypeAlias = Mapping[str, object]


def text(values: Properties, name: str) -> Str | None:
    """Return a property as text; ``None`` where it is absent."""
    return text_of(values[name], name) if name in values else None


def required_text(values: Properties, name: str) -> Str:
    """Return a property that can't be left out."""
    found = text(values, name)
    return Unresolved(f"{name} is missing") if found is None else found


def number(values: Properties, name: str) -> Known[int] | None:
    """Return a property as a whole number, which may be written as text; ``None`` where it is absent."""
    if name not in values:
        return None
    value = text_of(values[name], name)
    if not isinstance(value, str):
        return Unresolved(unresolved_reason(value))
    whole, _, fraction = value.strip().partition(".")
    if whole.removeprefix("-").isdecimal() and not fraction.strip("0") and len(whole) < _DIGITS:
        return int(whole)
    return Unresolved(f"{name} is {value[:40]!r}, which is no whole number")


_DIGITS = 19


def texts(values: Properties, name: str) -> Known[tuple[Str, ...]]:
    """Return a property as a list of texts; one text counts as a list of one, an absent property as none."""
    value = values.get(name)
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(text_of(item, f"an item of {name}") for item in value)
    return value if isinstance(value, Unresolved) else (text_of(value, name),)


def mapping(values: Properties, name: str) -> Properties | Unresolved | None:
    """Return a property as an object; ``None`` where it is absent."""
    if name not in values:
        return None
    return _object(values[name], name)


def mappings(values: Properties, name: str) -> Known[tuple[Properties | Unresolved, ...]]:
    """Return a property as a list of objects; one object counts as a list of one, an absent property as none."""
    value = values.get(name)
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(_object(item, f"an item of {name}") for item in value)
    found = _object(value, name)
    return found if isinstance(found, Unresolved) else (found,)


def _object(value: object, what: str) -> Properties | Unresolved:
    if isinstance(value, dict):
        return value
    if isinstance(value, (Unresolved, Text, Ref)):
        return Unresolved(unresolved_reason(value))
    return Unresolved(f"{what} is not an object")
