"""By which local clock are the times of a source shown, and which hours do its requirements name?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from msgspec import Struct

from restore_ready.model import Blackout, Hours, Requirements, Unresolved
from restore_ready.readiness._time_line import Band, Clock, ClockChange
from restore_ready.timing._time_zones import DAY, Days, Span, Zone, zone_over
from restore_ready.timing._windows import Closed, closed_times, days_ahead, outside_of, show_hours

WEEK: Final = 7 * DAY
_EPOCH: Final = date(1970, 1, 1)
_THURSDAY: Final = 3
"""The day of the week of 1970-01-01, counted from Monday."""


class LocalWeek(Struct, frozen=True):
    """A week by a local clock.

    Attributes:
        days: the year that schedules are looked at for.
        monday: local midnight at which the week begins, in minutes since 1970.
    """

    zone: Zone
    days: Days
    monday: int

    def of(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return the spans of UTC that touch the week, in minutes from its Monday."""
        local = ((self.zone.local(start) - self.monday, end - start) for start, end in spans)
        return tuple((start, start + length) for start, length in local if start < WEEK and start + length > -DAY)


def clock_of(requirements: Requirements) -> Clock:
    """Return what the times of what stands under *requirements* are drawn against."""
    return Clock(requirements.time_zone, requirements.allowed_hours, requirements.blackouts)


def local_week(requirements: Requirements) -> LocalWeek | Unresolved:
    """Return the first whole week that is looked at, or why there is no such clock."""
    days = days_ahead(requirements)
    zone = zone_over(requirements.time_zone, days)
    if isinstance(zone, Unresolved):
        return zone
    return LocalWeek(zone, days, (days.first + (-days.first - _THURSDAY) % 7) * DAY)


def day_of(local: int) -> date:
    """Return the day of a local time in minutes since 1970."""
    return _EPOCH + timedelta(days=local // DAY)


def changes_of(week: LocalWeek) -> tuple[ClockChange, ...]:
    """Return when the clock changes within the year."""
    return tuple(
        ClockChange(day_of(after.start + before.offset), after.offset - before.offset)
        for before, after in pairwise(week.zone.stretches)
    )


def bands_of(requirements: Requirements, week: LocalWeek) -> tuple[Band, ...] | Unresolved:
    """Return the hours that *requirements* allow and those that they close, or why they are not known."""
    closed = closed_times(requirements, week.days)
    if isinstance(closed, Unresolved):
        return closed
    hours = requirements.allowed_hours
    allowed = () if hours is None else (_allowed(hours),)
    blackouts = [found for found in closed if hours is None or found.name != outside_of(hours)]
    pairs = zip(requirements.blackouts, blackouts, strict=True)
    return (*allowed, *(_blackout(blackout, found, week) for blackout, found in pairs))


def _allowed(hours: Hours) -> Band:
    end = hours.end if hours.end > hours.start else hours.end + DAY
    spans = tuple((day * DAY + hours.start, day * DAY + end) for day in range(-1, 7))
    return Band(f"allowed {show_hours(hours)}", allowed=True, spans=spans, daily=True)


def _blackout(blackout: Blackout, closed: Closed, week: LocalWeek) -> Band:
    """Return a blackout; one that a schedule begins is called by its hours, where it has the same each time."""
    spans = week.of(closed.spans)
    hours = {(start % DAY, end % DAY) for start, end in spans}
    one = next(iter(hours)) if blackout.schedule and len(hours) == 1 else None
    name = closed.name if one is None else f"{blackout.name} {show_hours(Hours(*one))}"
    return Band(name, allowed=False, spans=spans, daily=_is_daily(spans))


def _is_daily(spans: Iterable[Span]) -> bool:
    """Return whether each day of the week has the same spans."""
    by_day: dict[int, set[Span]] = {day: set() for day in range(7)}
    for start, end in _within(spans):
        by_day[start // DAY].add((start % DAY, start % DAY + end - start))
    return len({frozenset(found) for found in by_day.values()}) == 1


def _within(spans: Iterable[Span]) -> Iterator[Span]:
    return ((start, end) for start, end in spans if 0 <= start < WEEK)
