"""Which file systems are known by their recovery points alone, and still have to be restored or given up?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from restore_ready.history._records import Recorded, record_of, restored, usable
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Loss, RecoveryPoint, Unresolved


def with_something_left(estate: EstateIndex) -> Iterator[FileSystem]:
    """Yield the lost file systems of which there are recovery points, or may be."""
    for file_system in estate.lost_file_systems:
        points = record_of(file_system, estate).history.recovery_points
        if isinstance(points, Unresolved) or any(_holds_something(point) for point in points):
            yield file_system


def _holds_something(point: RecoveryPoint) -> bool:
    return point.status == "PARTIAL" or bool(usable([point]))


def is_back(subject: Recorded, points: Iterable[RecoveryPoint], estate: EstateIndex) -> bool:
    """Return whether it was restored, after the newest of *points*, into a file system that is there."""
    jobs = subject.history.restore_jobs
    newest = next(iter(usable(points)), None)
    done = () if isinstance(jobs, Unresolved) else restored(jobs, subject.history)
    return newest is not None and any(
        job.made in estate.file_systems_by_address and job.created >= newest.created for job in done
    )


def left_behind(estate: EstateIndex) -> Iterator[FileSystem]:
    """Yield the lost file systems of the account itself that are not back: audits of other accounts tell of theirs."""
    for file_system in with_something_left(estate):
        subject = record_of(file_system, estate)
        points = subject.history.recovery_points
        is_foreign = file_system.lost is not None and file_system.lost.loss is Loss.FOREIGN
        if not is_foreign and (isinstance(points, Unresolved) or not is_back(subject, points, estate)):
            yield file_system
