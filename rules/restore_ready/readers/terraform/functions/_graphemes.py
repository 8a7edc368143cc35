"""Characters as people count them, which is how Terraform does: https://www.unicode.org/reports/tr29/."""

from __future__ import annotations

import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_EXTENDING: Final = frozenset(("Mn", "Me", "Mc"))
_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAGS: Final = range(0x1F1E6, 0x1F200)


def graphemes(text: str) -> list[str]:
    """Return the grapheme clusters of a text."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    found: list[str] = []
    for character in text:
        if found and _joins(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _joins(before: str, character: str) -> bool:
    if before == "\r" and character == "\n":
        return True
    if before in ("\r", "\n", "\r\n"):
        return False
    code = ord(character)
    if character == _JOINER or unicodedata.category(character) in _EXTENDING or code in _TONES:
        return True
    if before.endswith(_JOINER):
        return unicodedata.category(character) == "So"
    return code in _FLAGS and len(before) == 1 and ord(before) in _FLAGS
