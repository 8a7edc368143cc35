"""What became of the copies that plans make of a file system's backups, by the vaults that they go to.

AWS lists copy jobs of the last 30 days only
(https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListCopyJobs.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from restore_ready.history._records import DAY, Recorded, usable
from restore_ready.index import EstateIndex
from restore_ready.model import CopyJob, PlanRule, RecoveryPoint, Requirements, Unresolved
from restore_ready.timing._interval import TWO_YEARS, widest_gap
from restore_ready.timing._windows import days_ahead, runs_of
from restore_ready.vaults._destinations import destinations, vault_arn

LISTED_DAYS: Final = 30
_UNDER_WAY: Final = frozenset({"CREATED", "RUNNING"})


class CopyTarget(Struct, frozen=True):
    """A vault that a plan copies recovery points of a file system to.

    Attributes:
        jobs: the copy jobs on record, the newest first.
        newest: when the newest copy on record was begun; ``None`` where none is.
        limit: how old it may be; ``None`` where that can't be told, or AWS's record does not reach as far.
    """

    arn: str
    jobs: tuple[CopyJob, ...]
    newest: datetime | None
    limit: timedelta | None

    @property
    def last(self) -> CopyJob | None:
        """The last copy job that ended."""
        return next((job for job in self.jobs if job.state not in _UNDER_WAY), None)

    @property
    def under_way(self) -> CopyJob | None:
        """The newest copy job, if it has not ended."""
        return self.jobs[0] if self.jobs and self.jobs[0].state in _UNDER_WAY else None


def copy_targets(
    subject: Recorded, jobs: Iterable[CopyJob], estate: EstateIndex, requirements: Requirements
) -> Iterator[CopyTarget]:
    """Yield the vaults that plans certainly copy to, with what became of the copies.

    Args:
        subject: the file system.
        jobs: its copy jobs.
        estate: has the plans.
        requirements: say how old a backup may be.
    """
    listed = sorted(jobs, key=lambda job: job.created, reverse=True)
    for arn, rules in copied_to(subject, estate).items():
        own = tuple(job for job in listed if job.destination == arn)
        begun = [job.created for job in own if job.state == "COMPLETED"]
        begun += [point.created for point in _points(subject) if point.vault_arn == arn]
        limits = [limit for rule in rules if (limit := _limit(rule, requirements)) is not None]
        yield CopyTarget(arn, own, max(begun, default=None), min(limits, default=None))


def copied_to(subject: Recorded, estate: EstateIndex) -> dict[str, list[PlanRule]]:
    """Return the rules that copy recovery points of a file system, by the ARNs of the vaults that they copy to."""
    found: dict[str, list[PlanRule]] = {}
    for destination in destinations(subject.file_system, estate).certain:
        if destination.is_copy and destination.rule is not None and isinstance(destination.vault, str):
            arn = vault_arn(destination.vault, estate)
            if isinstance(arn, str):
                found.setdefault(arn, []).append(destination.rule)
    return found


def holds_no_copy(arn: str, jobs: Iterable[CopyJob]) -> bool:
    """Return whether nothing that was copied to a vault arrived, as far as AWS's record reaches."""
    own = [job for job in jobs if job.destination == arn]
    return bool(own) and not any(job.state in {"COMPLETED", "PARTIAL"} for job in own)


def _points(subject: Recorded) -> tuple[RecoveryPoint, ...]:
    here = subject.history.recovery_points
    return usable((*(() if isinstance(here, Unresolved) else here), *subject.history.elsewhere))


def _limit(rule: PlanRule, requirements: Requirements) -> timedelta | None:
    """Return how old the newest copy that *rule* makes may be: its rhythm, both windows, and a day for the copy."""
    days = days_ahead(requirements, TWO_YEARS)
    runs = runs_of(rule.schedule, rule.time_zone, days)
    start, completion = rule.start_window, rule.completion_window
    if isinstance(runs, Unresolved) or isinstance(start, Unresolved) or isinstance(completion, Unresolved):
        return None
    rhythm = max(widest_gap((runs,), days), requirements.objective)
    limit = timedelta(minutes=rhythm + start + completion) + DAY
    return limit if limit <= LISTED_DAYS * DAY else None
