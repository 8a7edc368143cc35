"""When backups may run, and whether that meets times in which they must not.

A job may run from its scheduled time until start window and completion window have both passed: AWS counts the
completion window from the start of the job in one place and from the scheduled time in another, and this is the later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import (
    Blackout,
    Hours,
    Open,
    Requirements,
    Str,
    Unresolved,
    leaves_open,
    settled,
    unresolved_reason,
)
from restore_ready.timing._cron import DEFAULT_SCHEDULE, Cron, Rate, Refused, parse_schedule
from restore_ready.timing._time_zones import DAY, Days, Span, Zone, merged, runs, zone_over

_BEGIN: Final = date(2026, 1, 1)
"""The first day looked at where the requirements name no day."""

YEAR: Final = 365
LEAST_PAUSE: Final = 120
"""Minutes. A pause that is shorter fits no backup: its start window and its completion window take an hour each."""

MOST_RUNS: Final = 48
"""Runs a day up to which the schedule of a plan is evaluated; AWS Backup runs once an hour at most."""

TO: Final = "\N{EN DASH}"
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Runs(Struct, frozen=True):
    """When a schedule runs, ascending, in minutes of UTC, and the zone in which it is written."""

    at: tuple[int, ...]
    zone: Zone


class Closed(Struct, frozen=True):
    """Times in which no backup may run.

    Attributes:
        name: how the requirements name them, with their hours.
        spans: in UTC, in order, none touching another.
    """

    name: str
    spans: tuple[Span, ...]


def days_ahead(requirements: Requirements, count: int = YEAR) -> Days:
    """Return the days that schedules are looked at for."""
    return Days.after(requirements.today or _BEGIN, count)


def runs_of(schedule: Str | None, time_zone: Str, days: Days) -> Runs | Unresolved:
    """Return when a schedule runs, or why that can't be told; ``None`` is AWS Backup's default."""
    written = DEFAULT_SCHEDULE if schedule is None else schedule
    if not isinstance(written, str):
        return Unresolved(f"the schedule is not known: {unresolved_reason(written)}")
    if not isinstance(time_zone, str):
        return Unresolved(f"the time zone is not known: {unresolved_reason(time_zone)}")
    return _runs_of(written, time_zone, days)


@lru_cache(maxsize=64)
@leaves_open
def _runs_of(schedule: str, time_zone: str, days: Days) -> Runs:
    cron, zone = _evaluable(schedule, time_zone, days)
    if len(cron.times) > MOST_RUNS:
        msg = f"{schedule} runs {len(cron.times)} times a day; AWS Backup runs once an hour at most"
        raise Open(msg)
    return Runs(tuple(runs(cron, zone, days)), zone)


def _evaluable(schedule: str, time_zone: str, days: Days) -> tuple[Cron, Zone]:
    """Return a schedule whose runs can be told, and its time zone.

    Raises:
        Open: if they can't be told.
    """
    zone = settled(zone_over(time_zone, days))
    match parse_schedule(schedule):
        case Cron() as cron:
            return cron, zone
        case Refused(why):
            raise Open(why)
        case Rate():
            msg = f"when {schedule} runs depends on when it was set up"
        case _:
            msg = f"{schedule} runs only once"
    raise Open(msg)


@lru_cache(maxsize=64)
@leaves_open
def work_spans(schedule: str, time_zone: str, lasts: int, days: Days) -> tuple[Span, ...]:
    """Return when work of some minutes goes on that a schedule starts; pauses too short for a backup belong to it."""
    cron, zone = _evaluable(schedule, time_zone, days)
    starts: dict[int, list[int]] = {}
    for start, end in merged((time, time + lasts + LEAST_PAUSE) for time in cron.times):
        starts.setdefault(end - start - LEAST_PAUSE, []).append(start)
    lengths = ((length, runs(replace(cron, times=tuple(times)), zone, days)) for length, times in starts.items())
    return tuple(lasting((at, length) for length, found in lengths for at in found))


def windows(found: Runs, start_window: int, completion_window: int) -> list[Span]:
    """Return the spans in which the jobs may run, one for each run."""
    length = start_window + completion_window
    return [(at, at + length) for at in found.at]


def meeting(spans: Iterable[Span], closed: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans that share a minute with one of *closed*, which are in order and apart."""
    ends = [end for _, end in closed]
    for start, end in spans:
        at = bisect_right(ends, start)
        if at < len(closed) and closed[at][0] < end:
            yield (start, end)


@leaves_open
def closed_times(requirements: Requirements, days: Days) -> list[Closed]:
    """Return the blackouts, and all that lies outside the allowed hours, or why they can't be told."""
    if not requirements.blackouts and requirements.allowed_hours is None:
        return []
    zone = settled(zone_over(requirements.time_zone, days))
    found: list[Closed] = []
    allowed = requirements.allowed_hours
    if allowed is not None and allowed.start != allowed.end:
        outside = Hours(allowed.end, allowed.start)
        found.append(Closed(outside_of(allowed), tuple(spans_of_hours(outside, frozenset(range(7)), zone, days))))
    return found + [_of_blackout(blackout, zone, days) for blackout in requirements.blackouts]


def outside_of(allowed: Hours) -> str:
    """Return how the times outside of the allowed hours are called among `closed_times`."""
    return f"times outside the allowed hours {show_hours(allowed)}"


def _of_blackout(blackout: Blackout, zone: Zone, days: Days) -> Closed:
    if blackout.schedule:
        spans = settled(work_spans(blackout.schedule, zone.name, blackout.lasts, days), blackout.name)
        return Closed(f"{blackout.name} {blackout.schedule}", spans)
    hours = blackout.hours or Hours(0, 0)
    name = " ".join((blackout.name, *show_weekdays(blackout.days), show_hours(hours)))
    return Closed(name, tuple(spans_of_hours(hours, blackout.days, zone, days)))


def lasting(work: Iterable[tuple[int, int]]) -> list[Span]:
    """Return the spans of work that begins at a time and lasts some minutes, at least one."""
    spans = merged((at, at + max(1, minutes) + LEAST_PAUSE) for at, minutes in work)
    return [(start, end - LEAST_PAUSE) for start, end in spans]


def spans_of_hours(hours: Hours, weekdays: frozenset[int], zone: Zone, days: Days) -> list[Span]:
    """Return the hours of some days of the week (0 is Monday), in UTC; over midnight they belong to the day before."""
    end = hours.end if hours.end > hours.start else hours.end + DAY
    reach = range(days.first - 1, days.first + days.count + 1)
    # 1970-01-01 was a Thursday
    return zone.spans((day * DAY + hours.start, day * DAY + end) for day in reach if (day + 3) % 7 in weekdays)


def show_clock(minutes: int) -> str:
    """Return a local time as the clock shows it: ``22:00``."""
    hours, rest = divmod(minutes % DAY, 60)
    return f"{hours:02}:{rest:02}"


def show_hours(hours: Hours) -> str:
    """Return hours of the day, for people: ``22:00-05:00``."""
    return f"{show_clock(hours.start)}{TO}{show_clock(hours.end)}"


def show_weekdays(weekdays: frozenset[int]) -> list[str]:
    """Return days of the week, nothing for all of them: ``mon-fri`` where they follow one another."""
    ordered = sorted(weekdays)
    if len(ordered) in (0, len(_WEEKDAYS)):
        return []
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:  # noqa: PLR2004  # two days are just listed
        return [f"{_WEEKDAYS[ordered[0]]}{TO}{_WEEKDAYS[ordered[-1]]}"]
    return [",".join(_WEEKDAYS[day] for day in ordered)]
