"""Spans of time in words, and what a mistyped word was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

_HOUR = 60
_DAY = 24 * _HOUR


def show_minutes(minutes: int) -> str:
    """Write minutes in the largest unit that fits: ``7 days``, ``24 h``, ``90 min``; up to an hour stays minutes."""
    if minutes >= 2 * _DAY and minutes % _DAY == 0:
        return f"{minutes // _DAY} days"
    if minutes > _HOUR and minutes % _HOUR == 0:
        return f"{minutes // _HOUR} h"
    return f"{minutes} min"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write " Did you mean 'x'?", or nothing where no known word is near; letter case is ignored."""
    from difflib import get_close_matches  # noqa: PLC0415  # only mistakes need it

    by_fold = {one.casefold(): one for one in known}
    near = get_close_matches(word[:100].casefold(), list(by_fold), n=1, cutoff=0.5)
    return f" Did you mean '{by_fold[near[0]]}'?" if near else ""
