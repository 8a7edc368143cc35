"""When do backups run, against the hours that are required? What a picture of a day and a week needs to know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Blackout, Hours
from restore_ready.readiness._state import State
from restore_ready.timing._time_zones import Span


class Band(Struct, frozen=True):
    """Hours in which backups may run, or in which none may.

    Attributes:
        allowed: whether they are the allowed hours, rather than a blackout.
        spans: in minutes from Monday 00:00 of a week by the local clock, those that begin the day before it too.
        daily: whether each day has them.
    """

    name: str
    allowed: bool
    spans: tuple[Span, ...]
    daily: bool


class JobStart(Struct, frozen=True, order=True):
    """When a job of the last 30 days began, in minutes from local midnight, and whether it completed."""

    minute: int
    completed: bool


class TimeRow(Struct, frozen=True):
    """A rule of a backup plan on a time line. All times are by the local clock of the line.

    Attributes:
        automatic: whether it is of AWS's plan of automatic backups.
        file_systems: what those are called that it certainly backs up.
        schedule: as written, in *time_zone*; empty where it is not known.
        start_window: in minutes; ``None`` where it is not known, likewise *completion_window*.
        starts: when it runs, in minutes from midnight, on the days of the week that is looked at.
        other: when it runs in the other half of the year, where clocks change and that moves it.
        week: when it runs, in minutes from Monday 00:00.
        days: which days these are: ``daily``, ``Mon, Wed``, ``monthly``.
        runs_next: the first day on which it runs.
        state: yes where the rules about windows pass it, no where one fails it, none where they were not put.
        faults: what they say of it, in a few words each.
        work: when scheduled work on the same file systems goes on, in minutes from Monday 00:00.
        why: why its times, or whether they are as required, are not known.
    """

    plan: str
    rule: str
    schedule: str
    time_zone: str
    start_window: int | None
    completion_window: int | None
    state: State
    automatic: bool = False
    file_systems: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    other: tuple[int, ...] = ()
    week: tuple[int, ...] = ()
    days: str = ""
    runs_next: date | None = None
    faults: tuple[str, ...] = ()
    work: tuple[Span, ...] = ()
    jobs: tuple[JobStart, ...] = ()
    why: str = ""

    @property
    def drawable(self) -> bool:
        """Whether its times are known."""
        return bool(self.days) and self.start_window is not None and self.completion_window is not None


class ClockChange(Struct, frozen=True):
    """The local day on which clocks change, and by how many minutes they are put forward."""

    on: date
    minutes: int


class Clock(Struct, frozen=True):
    """What a time line is drawn against: requirements that name the same zone and the same hours share one."""

    time_zone: str
    allowed: Hours | None
    blackouts: tuple[Blackout, ...]


class TimeLine(Struct, frozen=True):
    """When backups run by one clock.

    Attributes:
        changes: of the clock within a year.
        why: why the bands are not known; empty where they are.
    """

    clock: Clock
    bands: tuple[Band, ...]
    changes: tuple[ClockChange, ...]
    rows: tuple[TimeRow, ...]
    why: str = ""


def joined(lines: Iterable[TimeLine]) -> tuple[TimeLine, ...]:
    """Return one line for each clock, on which equal rules are one row with all their file systems and jobs."""
    by_clock: dict[Clock, list[TimeLine]] = {}
    for line in lines:
        by_clock.setdefault(line.clock, []).append(line)
    return tuple(
        replace(some[0], rows=_joined_rows(row for line in some for row in line.rows)) for some in by_clock.values()
    )


def _joined_rows(rows: Iterable[TimeRow]) -> tuple[TimeRow, ...]:
    found: dict[TimeRow, tuple[dict[str, None], set[JobStart]]] = {}
    for row in rows:
        file_systems, jobs = found.setdefault(replace(row, file_systems=(), jobs=()), ({}, set()))
        file_systems.update(dict.fromkeys(row.file_systems))
        jobs.update(row.jobs)
    return tuple(
        replace(row, file_systems=tuple(file_systems), jobs=tuple(sorted(jobs)))
        for row, (file_systems, jobs) in found.items()
    )
