"""Minutes, written for people."""

from __future__ import annotations

_HOUR = 60
_DAY = 24 * _HOUR


def show_minutes(minutes: int) -> str:
    """Write minutes with the larger unit beside them: ``480 min (8 h)``, ``10080 min (7 days)``, ``45 min``."""
    if minutes >= 2 * _DAY and minutes % _DAY == 0:
        return f"{minutes} min ({minutes // _DAY} days)"
    if minutes >= _HOUR and minutes % _HOUR == 0:
        return f"{minutes} min ({minutes // _HOUR} h)"
    return f"{minutes} min"
