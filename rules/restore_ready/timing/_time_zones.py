"""Local clocks: which stretches of a time zone have one offset, and what local times and hours are in UTC.

Times are whole minutes since 1970-01-01 00:00; a span is a pair of them, its end not included.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from restore_ready.model import Unresolved
from restore_ready.timing._cron import Cron

DAY: Final = 24 * 60
MARGIN: Final = 2
"""Days by which the stretches reach beyond the days asked for; no zone is further from UTC."""

Span: TypeAlias = tuple[int, int]

_UTC: Final = "UTC"
_EPOCH: Final = date(1970, 1, 1)
_ZERO: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Days(Struct, frozen=True):
    """Some local days in a row: the first, as a number of days since 1970-01-01, and how many."""

    first: int
    count: int

    @staticmethod
    def after(day: date, count: int) -> Days:
        """Return *count* days from *day* on."""
        return Days((day - _EPOCH).days, count)

    def dates(self) -> Iterator[date]:
        """Return each day."""
        return (_EPOCH + timedelta(days=self.first + at) for at in range(self.count))


class Stretch(Struct, frozen=True):
    """A span of UTC in which a zone's clocks are *offset* minutes ahead."""

    start: int
    end: int
    offset: int


class Zone(Struct, frozen=True):
    """A time zone over some days, as stretches in order."""

    name: str
    stretches: tuple[Stretch, ...]

    @property
    def put_back(self) -> int:
        """By how many minutes its clocks are put back at most."""
        offsets = [stretch.offset for stretch in self.stretches]
        return max(offsets) - min(offsets)

    def local(self, moment: int) -> int:
        """Return what the clock shows at a moment of UTC within the stretches."""
        for stretch in self.stretches:
            if moment < stretch.end:
                return moment + stretch.offset
        return moment + self.stretches[-1].offset

    def moments(self, local_times: Sequence[int]) -> list[int]:
        """Return ascending local times in UTC.

        A time that the clock skips counts by the clock before the change, so that 02:30 becomes 03:30; one that the
        clock shows twice counts the first time, as EventBridge Scheduler does
        (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
        """
        found: set[int] = set()
        at = 0
        for stretch, following in zip_longest(self.stretches, self.stretches[1:]):
            end = stretch.end + stretch.offset
            until = bisect_left(local_times, max(end, following.start + following.offset) if following else end, lo=at)
            found.update(time - stretch.offset for time in local_times[at:until])
            at = until
        return sorted(found)

    def spans(self, local_spans: Iterable[Span]) -> list[Span]:
        """Return the spans of UTC in which the clock shows a time within one of the local spans, which ascend."""
        listed = list(local_spans)
        found = [
            (max(start - stretch.offset, stretch.start), min(end - stretch.offset, stretch.end))
            for stretch in self.stretches
            for start, end in listed
            if start - stretch.offset < stretch.end and end - stretch.offset > stretch.start
        ]
        return merged(found)


@lru_cache(maxsize=64)
def zone_over(name: str, days: Days) -> Zone | Unresolved:
    """Return the zone with an IANA name, or why there is none here."""
    try:
        zone = ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # no such zone, a folder of zones, and no possible name
        return Unresolved(f"{name[:40]!r} is not a time zone that is known here")
    start, end = (days.first - MARGIN) * DAY, (days.first + days.count + MARGIN) * DAY
    if name == _UTC:
        return Zone(name, (Stretch(start, end, 0),))
    offsets = [(at, _offset(zone, at)) for at in range(start, end + DAY, DAY)]
    changes = [_change(zone, at, later) for (at, before), (later, after) in pairwise(offsets) if before != after]
    borders = [start, *changes, end]
    return Zone(
        name, tuple(Stretch(since, until, _offset(zone, since)) for since, until in pairwise(borders) if since < until)
    )


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = (_ZERO + timedelta(minutes=moment)).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """Return the first minute with the offset of *after*."""
    new = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(zone, middle) == new else (middle, after)
    return after


def runs(cron: Cron, zone: Zone, days: Days) -> list[int]:
    """Return when a schedule runs on some local days, ascending, in UTC."""
    chosen: dict[tuple[int, int], frozenset[int]] = {}
    times: list[int] = []
    for at, day in enumerate(days.dates(), start=days.first):
        month = (day.year, day.month)
        if month not in chosen:
            chosen[month] = frozenset(cron.days(*month))
        if day.day in chosen[month]:
            times.extend(at * DAY + time for time in cron.times)
    return zone.moments(times)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
