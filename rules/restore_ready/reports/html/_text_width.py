"""How wide is text in a picture, and where is it broken? SVG wraps nothing by itself.

Widths are in units of one narrow character, about 0.55 em; they are estimated, since fonts differ.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

_SLIM: Final = frozenset("iljtf.,:;'|()[]! ")
_BROAD: Final = frozenset("mwMW@%—")
_FULL: Final = 1.8
_SLIM_WIDTH, _BROAD_WIDTH, _PLAIN_WIDTH = 0.6, 1.35, 1.0
_BREAKS_AFTER: Final = frozenset(" -/._")
_NOT_FIRST: Final = frozenset("）」』】〉》、。，．・：；？！ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}")  # noqa: RUF001  # they are meant
"""Characters that do not begin a line (kinsoku)."""

_NOT_LAST: Final = frozenset("（「『【〈《")  # noqa: RUF001  # they are meant


def width_of(text: str) -> float:
    """Return an estimate of the width of *text*."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return _FULL
    return _SLIM_WIDTH if character in _SLIM else _BROAD_WIDTH if character in _BROAD else _PLAIN_WIDTH


def fitted(text: str, units: float) -> str:
    """Return *text* cut to a width, with an ellipsis where something is missing."""
    if width_of(text) <= units:
        return text
    return f"{_head(text, units - 1)}…"


def _head(text: str, units: float) -> str:
    """Return as much of *text* as fits."""
    used = 0.0
    for at, character in enumerate(text):
        used += _width(character)
        if used > units:
            return text[:at]
    return text


def wrapped(text: str, units: float, most: int) -> list[str]:
    """Return *text* in at most so many lines; the last one is cut."""
    lines = [line for line in _lines(_pieces(text), units) if line]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fitted(f"{lines[most - 1]} {lines[most]}", units - 1).rstrip("…") + "…"]


def _pieces(text: str) -> list[str]:
    """Return *text* in pieces between which a line may end."""
    pieces: list[str] = []
    word = ""
    for character in text:
        if character in _NOT_FIRST and not word and pieces:
            pieces[-1] += character
            continue
        word += character
        wide = unicodedata.east_asian_width(character) in ("W", "F") and character not in _NOT_LAST
        if wide or character in _BREAKS_AFTER:
            pieces.append(word)
            word = ""
    return [*pieces, word]


def _lines(pieces: Iterable[str], units: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if line and width_of(line + piece.rstrip()) > units:
            lines.append(line.rstrip())
            line = ""
        rest = piece
        while width_of(rest) > units:
            head = _head(rest, units) or rest[0]
            lines.append(head)
            rest = rest[len(head) :]
        line += rest
    return [*lines, line.rstrip()]
