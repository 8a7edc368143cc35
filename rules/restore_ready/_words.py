"""Minutes, written for people."""

from __future__ import annotations

_HOUR = 60
_DAY = 24 * _HOUR


def show_minutes(minutes: int) -> str:
    """Write minutes in the largest unit that fits: ``7 days``, ``24 h``, ``90 min``; up to an hour stays minutes."""
    if minutes >= 2 * _DAY and minutes % _DAY == 0:
        return f"{minutes // _DAY} days"
    if minutes > _HOUR and minutes % _HOUR == 0:
        return f"{minutes // _HOUR} h"
    return f"{minutes} min"
