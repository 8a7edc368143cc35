"""What the rules about evidence share: the history of a file system, and ages written for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Final

from msgspec import Struct

from restore_ready.coverage._automatic import has_automatic_backups
from restore_ready.coverage._coverage import coverage
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, History, RecoveryPoint, RestoreJob, Unresolved

DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)

_USABLE: Final = frozenset({"AVAILABLE", "COMPLETED"})
"""States of a recovery point that can be restored. One that is PARTIAL holds less than the file system did."""


class Recorded(Struct, frozen=True):
    """A file system of a live account with what is on record of it, as of *now*."""

    file_system: FileSystem
    history: History
    now: datetime


def recorded(estate: EstateIndex) -> Iterable[Recorded]:
    """Return the file systems of which there is a record; none where the source has no history."""
    records = (_record(file_system, estate) for file_system in estate.file_systems)
    return (record for record in records if record is not None)


def record_of(file_system: FileSystem, estate: EstateIndex) -> Recorded:
    """Return the record of a file system that `recorded` gives.

    Raises:
        LookupError: if there is none.
    """
    record = _record(file_system, estate)
    if record is None:
        msg = f"there is no record of {file_system.address}"
        raise LookupError(msg)
    return record


def _record(file_system: FileSystem, estate: EstateIndex) -> Recorded | None:
    history = estate.histories_by_file_system.get(file_system.address)
    return None if history is None or estate.now is None else Recorded(file_system, history, estate.now)


def metered_size(file_system: FileSystem, estate: EstateIndex) -> int | None:
    """Return the bytes that AWS meters; ``None`` where that is not known."""
    found = _record(file_system, estate)
    return found.history.size if found is not None and isinstance(found.history.size, int) else None


def was_backed_up(file_system: FileSystem, estate: EstateIndex) -> bool:
    """Return whether a recovery point is on record, or may be: the backups that follow take what changed since."""
    found = _record(file_system, estate)
    points = () if found is None else found.history.recovery_points
    return isinstance(points, Unresolved) or bool(usable(points))


def usable_points(file_system: FileSystem, estate: EstateIndex) -> tuple[RecoveryPoint, ...]:
    """Return the recovery points on record that can be restored, the newest first; none where they are not known."""
    found = estate.histories_by_file_system.get(file_system.address)
    points = () if found is None else found.recovery_points
    return () if isinstance(points, Unresolved) else usable(points)


def usable(points: Iterable[RecoveryPoint]) -> tuple[RecoveryPoint, ...]:
    """Return the recovery points that can be restored, the newest first."""
    found = (point for point in points if point.status in _USABLE)
    return tuple(sorted(found, key=lambda point: point.created, reverse=True))


def is_meant_to_be_backed_up(subject: Recorded, estate: EstateIndex) -> bool:
    """Return whether something backs the file system up, or may."""
    automatic = has_automatic_backups(subject.file_system, estate)
    if isinstance(automatic, Unresolved):
        return True
    return automatic or coverage(subject.file_system, estate) is not None


def restored(jobs: Iterable[RestoreJob], history: History) -> tuple[RestoreJob, ...]:
    """Return the restores that completed and brought something back, the newest first."""
    return latest_first(job for job in jobs if job.status == "COMPLETED" and not brought_nothing(job, history))


def brought_nothing(job: RestoreJob, history: History) -> bool:
    """Return whether a restore ended without a byte restored although the file system's backups are not all empty."""
    points = () if isinstance(history.recovery_points, Unresolved) else usable(history.recovery_points)
    return job.size == 0 and not (points and all(point.size == 0 for point in points))


def latest_first(jobs: Iterable[RestoreJob]) -> tuple[RestoreJob, ...]:
    """Return restore jobs, the newest first."""
    return tuple(sorted(jobs, key=lambda job: job.created, reverse=True))


def none_of(points: Sequence[object], can: str) -> str:
    """Return that no recovery point can: ``none of its 3 recovery points can be restored``; there is at least one."""
    if len(points) == 1:
        return f"its only recovery point can't {can}"
    return f"none of its {len(points)} recovery points can {can}"


def show_span(span: timedelta) -> str:
    """Return how long something is, for people: ``3 days``, ``26 h``, ``40 min``; what is left over is cut off."""
    if span >= 3 * DAY:
        return f"{span // DAY} days"
    if span >= 2 * _HOUR:
        return f"{span // _HOUR} h"
    return f"{max(span, timedelta()) // _MINUTE} min"


def show_time(moment: datetime) -> str:
    """Return a moment in UTC, for people: ``2026-11-20 05:00 UTC``."""
    return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"
