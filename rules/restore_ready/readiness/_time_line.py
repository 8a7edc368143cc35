"""When do backups run, against the hours that are required? What a picture of a day and a week needs to know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct, field
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


class JoinedLines:
    """One line for each clock, on which equal rules are one row with all their file systems and jobs."""

    def __init__(self, lines: Iterable[TimeLine] = ()) -> None:
        """Begin with *lines*."""
        self._lines: dict[Clock, TimeLine] = {}
        self._rows: dict[Clock, dict[TimeRow, _Together]] = {}
        self.add(lines)

    def add(self, lines: Iterable[TimeLine]) -> None:
        """Add further ones."""
        for line in lines:
            self._lines.setdefault(line.clock, replace(line, rows=()))
            rows = self._rows.setdefault(line.clock, {})
            for row in line.rows:
                rows.setdefault(replace(row, file_systems=(), jobs=()), _Together()).add(row)

    def lines(self) -> tuple[TimeLine, ...]:
        """Return the lines, in the order in which their clocks were first added."""
        return tuple(
            replace(line, rows=tuple(found.put_into(row) for row, found in self._rows[clock].items()))
            for clock, line in self._lines.items()
        )


class _Together(Struct):
    """The file systems and jobs of equal rules."""

    file_systems: dict[str, None] = field(default_factory=dict)
    jobs: set[JobStart] = field(default_factory=set)

    def add(self, row: TimeRow) -> None:
        self.file_systems.update(dict.fromkeys(row.file_systems))
        self.jobs.update(row.jobs)

    def put_into(self, row: TimeRow) -> TimeRow:
        return replace(row, file_systems=tuple(self.file_systems), jobs=tuple(sorted(self.jobs)))


def joined(lines: Iterable[TimeLine]) -> tuple[TimeLine, ...]:
    """Return *lines* as `JoinedLines` has them."""
    return JoinedLines(lines).lines()
