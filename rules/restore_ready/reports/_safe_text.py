"""How is text from scanned files made safe and short enough to show?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from restore_ready.model import Ref, Text, Unresolved, show

_NO_CHARACTERS: Final = frozenset("\ufffe\uffff")
"""What XML can't hold beside control characters."""

_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
"""Letters and marks that show nothing."""

_UNSEEN: Final = frozenset({"Cf", "Zl", "Zp"})
"""Categories of what is not seen: marks that turn the direction of writing, blanks without width, line ends."""


def clean(text: str) -> str:
    """Return *text* on one line without control characters, and with escapes for what is not seen, such as U+200B.

    Tabs and line ends become spaces; control characters could recolour, move or hide what the terminal shows. What is
    not seen could turn the direction of writing, or make two names look alike.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_clean_character(character) for character in text)


def _clean_character(character: str) -> str:
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    if character in _NO_CHARACTERS or category in ("Cc", "Cs"):
        return ""
    if category in _UNSEEN or character in _FILLERS:
        return character.encode("unicode_escape").decode()
    return character


def columns_of(text: str) -> int:
    """Return how many columns of a terminal *text* takes; East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in ("W", "F") else 1 for character in text)


def fit(text: str, columns: int) -> str:
    """Return *text* cut to so many columns of a terminal; East Asian wide characters take two."""
    if len(text) * 2 <= columns or (text.isascii() and len(text) <= columns):
        return text
    used = 0
    for number, character in enumerate(text):
        used += columns_of(character)
        if used > columns:
            return f"{text[: max(number - 1, 0)]}…"
    return text


def cut(text: str, characters: int) -> str:
    """Return *text* cut to so many characters, the last of them an ellipsis where something is missing."""
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def plural(number: int, noun: str) -> str:
    """Return "1 error", "2 errors"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def first_few(names: Iterable[object], most: int = 5) -> str:
    """Return the first of *names*, cleaned, and how many more there are: "a, b and 3 more"."""
    cleaned = [clean(str(name)) for name in names]
    more = f" and {len(cleaned) - most} more" if len(cleaned) > most else ""
    return ", ".join(cleaned[:most]) + more


def first_lines(lines: Sequence[str], most: int) -> list[str]:
    """Return the first of *lines*, and where there are further ones a line that counts them."""
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return [*lines[:most], *more]


def as_json(value: Any) -> Any:  # noqa: ANN401  # whatever evidence holds
    """Return *value* as JSON can hold it; what it has no form for as text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, (Unresolved, Ref, Text)):
        return show(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def clean_json(value: Any) -> Any:  # noqa: ANN401  # whatever JSON may hold
    """Return the JSON value *value* with every string in it cleaned, so that it is sound in every encoding."""
    if isinstance(value, Mapping):
        return {clean(key): clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    return clean(value) if isinstance(value, str) else value
