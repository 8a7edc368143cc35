"""Builds what is on record of each file system: recovery points, backup jobs, copy jobs and restore jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from msgspec import Struct

from restore_ready.model import BackupJob, CopyJob, History, Known, Ref, RestoreJob, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._recovery_points import PointsOfRegion
from restore_ready.readers.account._times import one_of, optional_time, parsed, read_time, time_of, whole_number

T = TypeVar("T")

_COPY: Final = frozenset({"COMPLETED", "CREATED", "FAILED", "PARTIAL", "RUNNING"})
_BACKUP: Final = _COPY | {"ABORTED", "ABORTING", "EXPIRED", "PENDING"}
_RESTORE: Final = frozenset({"ABORTED", "COMPLETED", "FAILED", "PENDING", "RUNNING"})
_VALIDATION: Final = frozenset({"", "FAILED", "SUCCESSFUL", "TIMED_OUT", "VALIDATING"})
"""The states of jobs (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupJob.html, API_CopyJob.html,
API_RestoreJobsListMember.html)."""


class Recorded(Struct, frozen=True):
    """What an account says of its file systems, by their ARNs.

    Attributes:
        entries: of those that exist, as AWS lists them.
        lost: those that recovery points alone tell of.
        points: the recovery points of the Region.
        elsewhere: those of the account's other Regions.
    """

    entries: Mapping[str, Object]
    lost: tuple[str, ...]
    points: PointsOfRegion
    elsewhere: tuple[PointsOfRegion, ...] = ()


def histories(facts: AccountFacts, recorded: Recorded) -> Iterator[History]:
    """Yield the history of each file system.

    AWS names of a restore job the recovery point, and only of late the file system: which it was of, is known as long
    as the recovery point exists.
    """
    backups = _grouped(parsed(facts.listed("backup_jobs"), lambda job: (job["ResourceArn"], _backup_job(job))))
    copies = _grouped(parsed(facts.listed("copy_jobs"), lambda job: (job["ResourceArn"], _copy_job(job))))
    arns = (*recorded.entries, *recorded.lost)
    points = {arn: recorded.points.of(arn) for arn in arns}
    owners = {point.arn: arn for arn, found in points.items() if not isinstance(found, Unresolved) for point in found}
    owners |= {job["RestoreJobId"]: arn for arn in arns for job in facts.entries("file_system_restores", arn)}
    restores = _grouped(parsed(facts.listed("restore_jobs"), lambda job: (_owner(job, owners), _restore_job(job))))
    astray = () if isinstance(restores, Unresolved) else tuple(restores.get("", ()))
    for arn in arns:
        entry = recorded.entries.get(arn, {})
        yield History(
            Ref(arn),
            points[arn],
            _of(backups, arn),
            _of(restores, arn),
            _size(entry.get("SizeInBytes")),
            read_time(entry.get("CreationTime")),
            astray,
            _of(copies, arn),
            tuple(point for region in recorded.elsewhere for point in region.by_resource.get(arn, ())),
        )


def _owner(job: Object, owners: Mapping[str, str]) -> str:
    """Return the ARN of the file system that a restore was of; empty where that is not known.

    *owners* has it by the ids of jobs and the ARNs of recovery points.
    """
    known = (
        job.get("SourceResourceArn"),
        owners.get(job["RestoreJobId"]),
        owners.get(str(job.get("RecoveryPointArn"))),
    )
    return str(next(filter(None, known), ""))


def _of(jobs: Known[Mapping[str, list[T]]], arn: str) -> Known[tuple[T, ...]]:
    return jobs if isinstance(jobs, Unresolved) else tuple(jobs.get(arn, ()))


def _grouped(pairs: Known[tuple[tuple[str, T], ...]]) -> Known[Mapping[str, list[T]]]:
    if isinstance(pairs, Unresolved):
        return pairs
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _plan(job: Object) -> str:
    made_by = job.get("CreatedBy")
    return str(made_by.get("BackupPlanId", "")) if isinstance(made_by, Mapping) else ""


def _backup_job(job: Object) -> BackupJob:
    return BackupJob(
        job["BackupJobId"],
        one_of(_BACKUP, job["State"]),
        str(job.get("BackupVaultName", "")),
        _plan(job),
        time_of(job["CreationDate"]),
        optional_time(job.get("InitiationDate")),
        optional_time(job.get("CompletionDate")),
        str(job.get("StatusMessage") or ""),
        whole_number(job.get("BackupSizeInBytes")),
        str(job.get("MessageCategory") or ""),
    )


def _copy_job(job: Object) -> CopyJob:
    return CopyJob(
        job["CopyJobId"],
        one_of(_COPY, job["State"]),
        str(job.get("SourceBackupVaultArn") or ""),
        job["DestinationBackupVaultArn"],
        _plan(job),
        time_of(job["CreationDate"]),
        optional_time(job.get("CompletionDate")),
        str(job.get("StatusMessage") or ""),
        str(job.get("MessageCategory") or ""),
    )


def _restore_job(job: Object) -> RestoreJob:
    made_by = job.get("CreatedBy")
    return RestoreJob(
        job["RestoreJobId"],
        one_of(_RESTORE, job["Status"]),
        str(job.get("RecoveryPointArn", "")),
        time_of(job["CreationDate"]),
        optional_time(job.get("CompletionDate")),
        str(made_by.get("RestoreTestingPlanArn", "")) if isinstance(made_by, Mapping) else "",
        one_of(_VALIDATION, job.get("ValidationStatus") or ""),
        str(job.get("ValidationStatusMessage") or job.get("StatusMessage") or ""),
        whole_number(job.get("BackupSizeInBytes")),
        str(job.get("CreatedResourceArn") or ""),
    )


def _size(written: object) -> int | None:
    return whole_number(written.get("Value")) if isinstance(written, Mapping) else whole_number(written)
