"""How are values written into shell commands so that nothing in them can be taken for a command?"""

from __future__ import annotations

import shlex
import unicodedata
from typing import Final

from restore_ready.model import THIS_ACCOUNT, THIS_REGION
from restore_ready.reports._safe_text import clean

FILL_IN: Final = "FILL_IN"
"""Stands for what the source does not say; the runbook's first block complains while it is still there."""

_VARIABLES: Final = {THIS_ACCOUNT: "ACCOUNT_ID", THIS_REGION: "AWS_REGION"}
_PARTITION: Final = "arn:aws:"
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@+=,")
_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text: str) -> str:
    """Return *text* as one word of bash, on one line: ``'…'``, or ``$'…'`` where it holds control characters."""
    if all(_is_printed(character) for character in text):
        return f"'{text}'" if "'" not in text else shlex.quote(text)
    return "$'" + "".join(_escape(character) for character in text) + "'"


def _is_printed(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ" or character == " "


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _is_printed(character):
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  # the end of the first plane


def expression(text: str) -> str:
    """Return *text* as one word of bash, with variables for the account, Region and partition deployed to."""
    pieces = _pieces(text)
    if len(pieces) == 1 and not pieces[0][1]:
        return quote(text)
    if all(is_variable or set(piece) <= _PLAIN for piece, is_variable in pieces):
        return '"' + "".join(f"${{{piece}}}" if is_variable else piece for piece, is_variable in pieces) + '"'
    return "".join(f'"${piece}"' if is_variable else quote(piece) for piece, is_variable in pieces)


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Return the parts of *text*, each with whether it is the name of a variable."""
    pieces = [(text, False)]
    for mark, variable in _VARIABLES.items():
        pieces = [part for piece in pieces for part in ([piece] if piece[1] else _split(piece[0], mark, variable))]
    if len(pieces) > 1 and pieces[0][0].startswith(_PARTITION):
        pieces[:1] = [("arn:", False), ("PARTITION", True), (":" + pieces[0][0].removeprefix(_PARTITION), False)]
    return [piece for piece in pieces if piece[0]]


def _split(text: str, mark: str, variable: str) -> list[tuple[str, bool]]:
    first, *others = text.split(mark)
    return [(first, False), *(piece for other in others for piece in ((variable, True), (other, False)))]


def comment(text: str) -> str:
    """Return *text* as the rest of a comment: on one line."""
    return clean(text)
