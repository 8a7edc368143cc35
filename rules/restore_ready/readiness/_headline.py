"""A finding in one short clause, where its whole message would be too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

MOST: Final = 90
"""Characters of a headline."""

_LEAST: Final = 24
_KEPT: Final = 256
"""Headlines kept: one finding about a role or a plan is told of each file system that it is about."""

_NAME: Final = re.compile(r'(?:.*: )?(?:rule "[^"]*"|rule \d+|\S+|when [^:]* is (?:true|false))')
"""What begins the messages about one rule of a plan, one resource or one condition, and is no clause."""

_PREFIX: Final = re.compile(r'\A(?:rule "[^"]*"|rule \d+|[^\s:]\S*|[^:]{1,24}): ')
_ARN: Final = re.compile(r"arn:[^\s\"',;]*[:/]([^\s\"',;:/]+)")
_PATH: Final = re.compile(r"(?<!\S)[^\s:]+/([^\s/:]+\.\w+)")
_STRONG: Final = ("; ", ": ", " (")
_WEAK: Final = (", ",)
"""What follows a comma may turn the sense of what stands before."""
_TURNS: Final = ("but ", "where ")
"""What a clause begins with that says the point of the one before it."""


@lru_cache(maxsize=_KEPT)
def headline(message: str) -> str:
    """Return the first clause of *message* that is a headline: as much of it as fits, cut where a clause ends.

    Where no clause fits, ARNs and paths are cut to their ends, then what a resource is called is left out in front.
    """
    if len(message) <= MOST:
        return message
    wordings = list(_wordings(message))
    for cuts in (_STRONG, _WEAK):
        for wording in wordings:
            if found := _clause(wording, cuts):
                return found
    return f"{wordings[-1][: MOST - 1].rpartition(' ')[0]}…"


def _wordings(message: str) -> Iterator[str]:
    """Yield *message*, and in fewer characters what it says."""
    short = _PATH.sub(r"\1", _ARN.sub(r"\1", message))
    yield from dict.fromkeys((message, short, _PREFIX.sub("", short, count=1)))


def _clause(message: str, cuts: tuple[str, ...]) -> str:
    """Return as much of *message* as fits and ends where a clause does; empty where none does."""
    if len(message) <= MOST:
        return message
    heads = (head for cut in cuts for head in _heads(message[: MOST + len(cut)], cut))
    return next((head for head in heads if len(head) >= _LEAST and not _NAME.fullmatch(head)), "")


def _heads(text: str, cut: str) -> Iterator[str]:
    """Yield what stands before each *cut*, the longest first."""
    while cut in text:
        text, _, after = text.rpartition(cut)
        if not after.startswith(_TURNS):
            yield text


def sentence(text: str) -> str:
    """Return *text* as a sentence: a capital first, unless it begins with a name that has none, and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text.partition(" ")[0]
    begun = text[0].upper() + text[1:] if first.isalpha() else text
    return begun if begun.endswith((".", "…", "!", "?")) else f"{begun}."
