"""A finding in one short clause, where its whole message would be too long."""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 90
"""Characters of a headline."""

_LEAST: Final = 24
_NAME: Final = re.compile(r'rule "[^"]*"')
"""What begins the messages about one rule of a plan, and is no clause."""

_CUTS: Final = ("; ", ": ", " (", ", ")
_TURNS: Final = ("but ", "where ")
"""What a clause begins with that says the point of the one before it."""


def headline(message: str) -> str:
    """Return the first clause of *message* that is a headline: as much of it as fits, cut where a clause ends."""
    if len(message) <= MOST:
        return message
    for cut in _CUTS:
        head, _, after = message[: MOST + 1].rpartition(cut)
        if len(head) >= _LEAST and " " in head and not _NAME.fullmatch(head) and not after.startswith(_TURNS):
            return head
    return message[: MOST - 1].rpartition(" ")[0] + "…"


def sentence(text: str) -> str:
    """Return *text* as a sentence: a capital first, unless it begins with a name that has none, and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text.partition(" ")[0]
    begun = text[0].upper() + text[1:] if first.isalpha() else text
    return begun if begun.endswith((".", "…", "!", "?")) else f"{begun}."
