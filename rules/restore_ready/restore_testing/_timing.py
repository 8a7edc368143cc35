"""When restore tests run, against the backups that they need: too seldom, or when there is nothing to restore."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from restore_ready.index import EstateIndex
from restore_ready.model import (
    FileSystem,
    Known,
    Requirements,
    RestoreTestPlan,
    Severity,
    Unresolved,
    leaves_open,
    settled,
)
from restore_ready.restore_testing._selections import takes_from
from restore_ready.restore_testing._settings import Fault, Finding
from restore_ready.timing._interval import TWO_YEARS
from restore_ready.timing._time_zones import DAY, Days
from restore_ready.timing._windows import Runs, days_ahead, runs_of
from restore_ready.vaults._destinations import Destination, destinations

_HOUR: Final = 60


def too_seldom(
    plan: RestoreTestPlan, restored: Iterable[FileSystem], estate: EstateIndex, requirements: Requirements
) -> Iterator[Finding]:
    """Yield the fault of a plan that runs less often than the recovery points of what it restores expire.

    Then a recovery point that a test has proved good is gone when the next test fails.
    """
    days = days_ahead(requirements, TWO_YEARS)
    runs = runs_of(plan.schedule, plan.time_zone, days)
    if isinstance(runs, Unresolved) or not runs.at:
        return
    apart = _days_apart(runs, days)
    shortest: tuple[int, FileSystem] | None = None
    for file_system in restored:
        kept = _kept(file_system, plan, estate)
        if isinstance(kept, Unresolved):
            yield Unresolved(f"how long recovery points of {file_system.address} are kept is not known: {kept.why}")
        elif kept is not None and kept < apart and (shortest is None or kept < shortest[0]):
            shortest = (kept, file_system)
    if shortest is not None:
        kept, file_system = shortest
        yield Fault(
            f"it runs every {apart} days, but recovery points of {file_system.address} are kept "
            f"{kept} days: when a test fails, those that an earlier test proved good are gone",
            fix="Test more often than recovery points expire, or keep them longer.",
            severity=Severity.WARNING,
            field="schedule",
        )


def _days_apart(runs: Runs, days: Days) -> int:
    """Return the whole days between two runs, on average, so that once a month is 30."""
    if len(runs.at) == 1:
        return days.count
    return round((runs.at[-1] - runs.at[0]) / (len(runs.at) - 1)) // DAY


def _kept(file_system: FileSystem, plan: RestoreTestPlan, estate: EstateIndex) -> Known[int | None]:
    """Return how many days those recovery points are kept, of all that *plan* may test, that are kept longest."""
    laid = destinations(file_system, estate)
    days = [
        destination.days for destination in laid.certain if takes_from(plan, destination.vault, estate) is not False
    ]
    if None in days:
        return None
    unknown = next((answer for answer in (laid.hidden, *days) if isinstance(answer, Unresolved)), None)
    return max((kept for kept in days if isinstance(kept, int)), default=None) if unknown is None else unknown


def finds_nothing(
    plan: RestoreTestPlan, restored: Iterable[FileSystem], estate: EstateIndex, requirements: Requirements
) -> Iterator[Finding]:
    """Yield the fault of a plan that runs when no recovery point is young enough for its selection window."""
    days = days_ahead(requirements, TWO_YEARS)
    runs = runs_of(plan.schedule, plan.time_zone, days)
    back, start = plan.window_days, plan.start_window_hours
    if isinstance(runs, Unresolved) or isinstance(back, Unresolved) or isinstance(start, Unresolved):
        return
    due = [at for at in runs.at if at >= (days.first + back + 1) * DAY]
    empty: dict[tuple[_Points, ...], int] = {}
    for file_system in restored:
        found = _points(file_system, plan, estate, days)
        if isinstance(found, Unresolved):
            yield Unresolved(f"when {file_system.address} is backed up is not known: {found.why}")
        elif found not in empty:
            empty[found] = sum(not any(point.is_there(at, start * _HOUR, back) for point in found) for at in due)
            if empty[found]:
                yield Fault(
                    f"{empty[found]} of {len(due)} runs in two years find no recovery point of {file_system.address}: "
                    f"its selection window is {back} days",
                    fix="Widen the selection window to more than the time between two backups.",
                    severity=None if empty[found] == len(due) else Severity.WARNING,
                    field="window_days",
                )


class _Points(Struct, frozen=True):
    """When recovery points are made: at *at*, or up to *late* minutes later. They are kept for *days*."""

    at: tuple[int, ...]
    late: int
    days: int | None

    def is_there(self, moment: int, start_window: int, back: int) -> bool:
        """Return whether a test due at *moment* may find one that is not older than *back* days."""
        oldest = back if self.days is None else min(back, self.days)
        first = bisect_left(self.at, moment - oldest * DAY - self.late)
        return first < len(self.at) and self.at[first] <= moment + start_window


@leaves_open
def _points(file_system: FileSystem, plan: RestoreTestPlan, estate: EstateIndex, days: Days) -> tuple[_Points, ...]:
    """Return when the recovery points are made that *plan* may test."""
    laid = destinations(file_system, estate)
    settled(laid.hidden)
    reached = (destination for destination in laid.certain if takes_from(plan, destination.vault, estate) is not False)
    return tuple(_made(destination, days) for destination in reached)


def _made(laid: Destination, days: Days) -> _Points:
    rule = laid.rule
    runs = settled(runs_of(rule.schedule, rule.time_zone, days))
    late = settled(rule.start_window)
    return _Points(runs.at, late, settled(laid.days))
