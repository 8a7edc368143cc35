"""What both decoders produce: a tree of plain values, and the lines of its resources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from restore_ready._errors import UnreadableError

MAX_DEPTH: Final = 100
"""Deepest nesting that is read. Real templates stay below 30; everything that walks a tree relies on the bound."""


class Tree(Struct, frozen=True):
    """A decoded file.

    Attributes:
        root: dicts with text keys, lists, ``str``, ``int``, ``bool`` and ``None``. Fractions stay text, as written.
        lines: keys of the top-level ``Resources`` to the first and last line of the entry, from 1.
    """

    root: object
    lines: Mapping[str, tuple[int, int]]


def too_deep(path: Path, line: int = 0) -> UnreadableError:
    """Make the error for a file that nests deeper than is read."""
    return UnreadableError(path, f"is nested more than {MAX_DEPTH} levels deep", line)
