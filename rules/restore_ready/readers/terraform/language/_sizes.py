"""How large values are in all: the same part may stand in many places, so that few steps can make an endless one."""

from __future__ import annotations

from typing import Final

from restore_ready.readers.terraform.language._values import (
    Either,
    Encoded,
    LimitError,
    Maybe,
    Obj,
    Seq,
    Value,
)

_CHARACTERS: Final = 32
"""Characters of a text that count as much as one value."""


def size_of(value: Value) -> int:
    """Return how many parts a value has, those that stand in many places counted each time."""
    if isinstance(value, (Seq, Obj)):
        if not value.size:
            value.size = 1 + sum(map(size_of, value.values() if isinstance(value, Obj) else value))
        return value.size
    if isinstance(value, str):
        return 1 + len(value) // _CHARACTERS
    if isinstance(value, Either):
        return 1 + size_of(value.yes) + size_of(value.no)
    return size_of(value.value) if isinstance(value, (Maybe, Encoded)) else 1


def within_size(value: Value, most: int) -> Value:
    """Return *value*.

    Raises:
        LimitError: if it has more than *most* parts.
    """
    if size_of(value) > most:
        raise LimitError(why="the value is too large")
    return value
