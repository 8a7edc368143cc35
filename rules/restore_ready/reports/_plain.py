"""Makes text from scanned files safe and short enough to show."""

from __future__ import annotations

import unicodedata
from typing import Final

from restore_ready.model import Ref, Text, Unresolved, show

_NO_CHARACTERS: Final = frozenset("\ufffe\uffff")
"""What XML can't hold beside control characters."""

_DIRECTIONS: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Write *text* on one line without control characters and marks that turn the direction of writing.

    Tabs and line ends become spaces; what is dropped could recolour, move or hide what the terminal shows.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_clean_character(character) for character in text)


def _clean_character(character: str) -> str:
    if character in "\t\n\r":
        return " "
    dropped = character in _DIRECTIONS or character in _NO_CHARACTERS or unicodedata.category(character) in ("Cc", "Cs")
    return "" if dropped else character


def fit(text: str, columns: int) -> str:
    """Cut *text* to so many columns of a terminal; East Asian wide characters take two."""
    if len(text) * 2 <= columns or (text.isascii() and len(text) <= columns):
        return text
    used = 0
    for number, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
        if used > columns:
            return f"{text[: max(number - 1, 0)]}…"
    return text


def plural(number: int, noun: str) -> str:
    """Write "1 error", "2 errors"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def cut(text: str, characters: int) -> str:
    """Cut *text* to so many characters, the last of them an ellipsis where something is missing."""
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def jsonable(value: object) -> object:
    """Turn a piece of evidence that is not JSON into a string."""
    return show(value) if isinstance(value, (Unresolved, Ref, Text)) else str(value)
