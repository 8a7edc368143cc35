"""Builds what is on record of each file system: recovery points, backup jobs and restore jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, TypeVar

from restore_ready.model import BackupJob, History, Known, RecoveryPoint, Ref, RestoreJob, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._file_systems import file_system_entries
from restore_ready.readers.account._resources import Arns

T = TypeVar("T")


def histories(facts: AccountFacts, arns: Arns) -> Iterator[History]:
    """Yield the history of each file system.

    AWS names of a restore job the recovery point alone: which file system it was of, is known as long as that exists.
    """
    backups = _parsed(facts.listed("backup_jobs"), lambda job: (job["ResourceArn"], _backup_job(job)))
    restores = _parsed(facts.listed("restore_jobs"), _restore_job)
    entries = [(arns.file_system(entry), entry) for entry in file_system_entries(facts)]
    points = {arn: _parsed(facts.listed("recovery_points", arn), _recovery_point) for arn, _ in entries}
    owners = {point.arn: arn for arn, found in points.items() if not isinstance(found, Unresolved) for point in found}
    astray = tuple(job for job in _known(restores) if job.recovery_point not in owners)
    jobs = _grouped(_known(backups))
    restored = _grouped((owners.get(job.recovery_point, ""), job) for job in _known(restores))
    for arn, entry in entries:
        yield History(
            Ref(arn),
            points[arn],
            backups if isinstance(backups, Unresolved) else tuple(jobs.get(arn, ())),
            restores if isinstance(restores, Unresolved) else tuple(restored.get(arn, ())),
            _size(entry.get("SizeInBytes")),
            read_time(entry.get("CreationTime")),
            astray,
        )


def _known(found: Known[tuple[T, ...]]) -> tuple[T, ...]:
    return () if isinstance(found, Unresolved) else found


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _parsed(listed: Known[list[Object]], read: Callable[[Object], T]) -> Known[tuple[T, ...]]:
    """Return every entry; one whose times can't be read leaves all of them open."""
    if isinstance(listed, Unresolved):
        return listed
    try:
        return tuple(read(entry) for entry in listed)
    except ValueError as error:
        return Unresolved(f"AWS gave a time that can't be read: {error}")


def _recovery_point(point: Object) -> RecoveryPoint:
    vault, size = str(point.get("BackupVaultName", "")), _number(point.get("BackupSizeBytes"))
    return RecoveryPoint(point["RecoveryPointArn"], vault, point["Status"], _time(point["CreationDate"]), size)


def _backup_job(job: Object) -> BackupJob:
    made_by = job.get("CreatedBy")
    return BackupJob(
        job["BackupJobId"],
        job["State"],
        str(job.get("BackupVaultName", "")),
        str(made_by.get("BackupPlanId", "")) if isinstance(made_by, Mapping) else "",
        _time(job["CreationDate"]),
        _optional_time(job.get("InitiationDate")),
        _optional_time(job.get("CompletionDate")),
        str(job.get("StatusMessage") or ""),
        _number(job.get("BackupSizeInBytes")),
    )


def _restore_job(job: Object) -> RestoreJob:
    made_by = job.get("CreatedBy")
    return RestoreJob(
        job["RestoreJobId"],
        job["Status"],
        str(job.get("RecoveryPointArn", "")),
        _time(job["CreationDate"]),
        _optional_time(job.get("CompletionDate")),
        str(made_by.get("RestoreTestingPlanArn", "")) if isinstance(made_by, Mapping) else "",
        str(job.get("ValidationStatus") or ""),
        str(job.get("ValidationStatusMessage") or job.get("StatusMessage") or ""),
        _number(job.get("BackupSizeInBytes")),
    )


def _size(written: object) -> int | None:
    return _number(written.get("Value")) if isinstance(written, Mapping) else _number(written)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def read_time(value: object) -> datetime | None:
    """Return a time, in UTC; ``None`` where there is none that can be read."""
    try:
        return _optional_time(value)
    except ValueError:
        return None


def _optional_time(value: object) -> datetime | None:
    return None if value is None or value == "" else _time(value)


def _time(value: Any) -> datetime:  # noqa: ANN401  # whatever stands in a snapshot
    """Return the time that ISO 8601 text says; one without a zone is in UTC.

    Raises:
        ValueError: if it is no time.
    """
    written = str(value)
    found = datetime.fromisoformat(written[:-1] + "+00:00" if written.endswith("Z") else written)
    return found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found.astimezone(timezone.utc)
