"""What both decoders produce: a tree of plain values, and the lines of its resources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from restore_ready._errors import UnreadableError

LOOP: Final = "Fn::ForEach::"
"""What the key of a loop starts with; the loop's name follows."""

MAX_DEPTH: Final = 100
"""Deepest nesting that is read. Real templates stay below 30; everything that walks a tree relies on the bound."""


class Tree(Struct, frozen=True):
    """A decoded file.

    Attributes:
        root: dicts with text keys, lists, ``str``, ``int``, ``bool`` and ``None``. Fractions stay text, as written.
        twice: top-level keys that are given more than once, of which the last is read, to its line.
        lines: keys of the top-level ``Resources`` to the first and last line of the entry, from 1; and
            those of resources in loops, as `within` names them.
    """

    root: object
    lines: Mapping[str, tuple[int, int]]
    twice: Mapping[str, int] = {}


def within(loop: str, key: str) -> str:
    """Return how a resource in a loop is called: ``Fn::ForEach::Vaults/Vault${Name}``."""
    return f"{loop}/{key}"


TWICE: Final = "Fn::Twice"
"""Stands for a function in the place of what is given twice under one key."""


def given_twice(key: str) -> object:
    """Return what stands for the values of a key that is given twice: it is not documented which of them counts."""
    return {TWICE: key}


def one_of_two(first: object, other: object) -> object:
    """Return what stands for two resources of one name: the properties of either."""
    if isinstance(first, dict) and isinstance(other, dict) and first.get("Type") == other.get("Type"):
        return {**first, **other, "Properties": given_twice("it")}
    return {**other, "Properties": given_twice("it")} if isinstance(other, dict) else other


def too_deep(path: Path, line: int = 0) -> UnreadableError:
    """Make the error for a file that nests deeper than is read."""
    return UnreadableError(path, f"is nested more than {MAX_DEPTH} levels deep", line)
