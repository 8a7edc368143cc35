"""What the windows of a backup meet: blackouts, hours that are not allowed, scheduled work on the same file systems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from restore_ready._words import show_minutes
from restore_ready.coverage._plans_and_file_systems import reached
from restore_ready.index import EstateIndex
from restore_ready.model import (
    ASSUMED_MINUTES,
    FileSystem,
    ListedKind,
    Open,
    Plan,
    ScheduledWork,
    Truth,
    Unresolved,
    all_true,
    any_true,
    doubt,
    leaves_open,
    settled,
    unresolved_reason,
)
from restore_ready.timing._cron import At, Rate, parse_schedule
from restore_ready.timing._time_zones import DAY, Days, Span, Zone
from restore_ready.timing._windows import LEAST_PAUSE, TO, Closed, Runs, meeting, show_clock, windows, work_spans

_SHOWN: Final = 2


class Batch(Struct, frozen=True):
    """Scheduled work on a plan's file systems: when it runs, or why that is not known, and whether they are its own."""

    times: Closed | Unresolved
    certain: Truth


def batches(plan: Plan, estate: EstateIndex, days: Days) -> list[Batch]:
    """Return the scheduled work on the file systems that a plan covers, as far as a plan could avoid it."""
    if not estate.scheduled_work:
        return []
    hidden = estate.not_listed(ListedKind.FILE_SYSTEM)
    answers: dict[ScheduledWork, list[Truth]] = (
        {} if hidden is None else {work: [hidden] for work in estate.scheduled_work}
    )
    for file_system, answer in reached(plan, estate):
        for schedule in _working_on(file_system, estate):
            answers.setdefault(schedule, []).append(all_true([answer, *_both_exist(plan, file_system, schedule)]))
    timed = ((_times(schedule, days), any_true(some)) for schedule, some in answers.items())
    return [Batch(times, certain) for times, certain in timed if times is not None]


def _both_exist(plan: Plan, file_system: FileSystem, schedule: ScheduledWork) -> Iterator[Unresolved]:
    """Yield why a file system, or the schedule of work on it, may not exist where *plan* does."""
    for reason in (doubt(file_system, plan.maybe), doubt(schedule, (*plan.maybe, *file_system.maybe))):
        if reason:
            yield Unresolved(reason)


def _working_on(file_system: FileSystem, estate: EstateIndex) -> Iterator[ScheduledWork]:
    by_file_system = estate.work_by_file_system
    yield from by_file_system.get(file_system.address, ())
    if isinstance(file_system.arn, str):
        yield from by_file_system.get(file_system.arn.rpartition("/")[2], ())


@lru_cache(maxsize=128)
@leaves_open
def _times(schedule: ScheduledWork, days: Days) -> Closed | None:
    """Return when scheduled work runs; ``None`` where it can't be avoided, or runs only once."""
    lasting = settled(schedule.lasts, f"how long {schedule.address} lasts is not known")
    written, zone = schedule.schedule, schedule.time_zone
    if not isinstance(written, str) or not isinstance(zone, str):
        msg = f"{schedule.address}: {unresolved_reason(written) or unresolved_reason(zone)}"
        raise Open(msg)
    lasts = ASSUMED_MINUTES if lasting is None else lasting
    parsed = parse_schedule(written)
    if isinstance(parsed, At) or (isinstance(parsed, Rate) and parsed.minutes - lasts < LEAST_PAUSE):
        return None
    spans = settled(work_spans(written, zone, lasts, days), schedule.address)
    if _never_pauses(spans, days):
        return None
    taken = f"taken to last {lasts} min" if lasting is None else f"up to {show_minutes(lasts)}"
    return Closed(f"{schedule.address} {written} {zone}, {taken}", spans)


def _never_pauses(spans: Sequence[Span], days: Days) -> bool:
    """Return whether work leaves no pause in which a backup could run."""
    ends = [days.first * DAY, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), (days.first + days.count) * DAY]
    return all(start - end < LEAST_PAUSE for end, start in zip(ends, starts, strict=True))


class Job(Struct, frozen=True):
    """When the jobs of a plan rule may run: its runs, and both windows in minutes."""

    runs: Runs
    start_window: int
    completion_window: int

    def spans(self) -> list[Span]:
        """Return the spans in which the jobs may run."""
        return windows(self.runs, self.start_window, self.completion_window)

    def meets(self, closed: Closed) -> list[Span]:
        """Return those that meet closed times."""
        return list(meeting(self.spans(), closed.spans))

    def starts(self, spans: Sequence[Span], zone: Zone) -> list[str]:
        """Return when the jobs of some spans may start, by a local clock, each such time once: ``14:00-22:00``."""
        clocks = dict.fromkeys(zone.local(start) % DAY for start, _ in spans)
        return [f"{show_clock(clock)}{TO}{show_clock(clock + self.start_window)}" for clock in sorted(clocks)]

    def say_starts(self, spans: Sequence[Span], zone: Zone) -> str:
        """Return when the jobs of some spans may start, and until when they may run, as part of a sentence."""
        starts = self.starts(spans, zone)
        more = f" and at {len(starts) - _SHOWN} more times" if len(starts) > _SHOWN else ""
        until = self._until(spans[0][0], zone) if len(starts) == 1 else ""
        return f"may start {' or '.join(starts[:_SHOWN])}{more} {zone.name}{until}"

    def _until(self, start: int, zone: Zone) -> str:
        end = zone.local(start) % DAY + self.start_window + self.completion_window
        later = f" {end // DAY} days later" if end >= 2 * DAY else ""
        return f" and run until {show_clock(end)}{later}"

    def say_how_often(self, spans: Sequence[Span], zone: Zone) -> str:
        """Return on how many of the runs it happens, as part of a sentence; empty if on all."""
        if len(spans) == len(self.runs.at):
            return ""
        first = date(1970, 1, 1) + timedelta(minutes=zone.local(spans[0][0]))
        return f" ({len(spans)} of {len(self.runs.at)} runs a year, for the first time on {first.isoformat()})"


def met(job: Job, closed: Sequence[Closed]) -> Iterator[tuple[Closed, list[Span]]]:
    """Yield the closed times that a job may meet, with the spans that do."""
    for closed_time in closed:
        spans = job.meets(closed_time)
        if spans:
            yield closed_time, spans
