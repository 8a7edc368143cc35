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
    """Give the history of each file system.

    AWS names of a restore job the recovery point alone: which file system it was of, is known as long as that exists.
    """
    backups = _parsed(facts.listed("backup_jobs"), lambda one: (one["ResourceArn"], _backup_job(one)))
    restores = _parsed(facts.listed("restore_jobs"), _restore_job)
    entries = [(arns.file_system(entry), entry) for entry in file_system_entries(facts)]
    points = {arn: _parsed(facts.listed("recovery_points", arn), _recovery_point) for arn, _ in entries}
    owners = {one.arn: arn for arn, found in points.items() if not isinstance(found, Unresolved) for one in found}
    astray = tuple(one for one in _known(restores) if one.recovery_point not in owners)
    jobs = _grouped(_known(backups))
    restored = _grouped((owners.get(one.recovery_point, ""), one) for one in _known(restores))
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
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def _parsed(listed: Known[list[Object]], read: Callable[[Object], T]) -> Known[tuple[T, ...]]:
    """Read every entry; one whose times can't be read leaves all of them open."""
    if isinstance(listed, Unresolved):
        return listed
    try:
        return tuple(read(one) for one in listed)
    except ValueError as error:
        return Unresolved(f"AWS gave a time that can't be read: {error}")


def _recovery_point(one: Object) -> RecoveryPoint:
    vault, size = str(one.get("BackupVaultName", "")), _number(one.get("BackupSizeBytes"))
    return RecoveryPoint(one["RecoveryPointArn"], vault, one["Status"], _time(one["CreationDate"]), size)


def _backup_job(one: Object) -> BackupJob:
    made_by = one.get("CreatedBy")
    return BackupJob(
        one["BackupJobId"],
        one["State"],
        str(one.get("BackupVaultName", "")),
        str(made_by.get("BackupPlanId", "")) if isinstance(made_by, Mapping) else "",
        _time(one["CreationDate"]),
        _optional_time(one.get("InitiationDate")),
        _optional_time(one.get("CompletionDate")),
        str(one.get("StatusMessage") or ""),
        _number(one.get("BackupSizeInBytes")),
    )


def _restore_job(one: Object) -> RestoreJob:
    made_by = one.get("CreatedBy")
    return RestoreJob(
        one["RestoreJobId"],
        one["Status"],
        str(one.get("RecoveryPointArn", "")),
        _time(one["CreationDate"]),
        _optional_time(one.get("CompletionDate")),
        str(made_by.get("RestoreTestingPlanArn", "")) if isinstance(made_by, Mapping) else "",
        str(one.get("ValidationStatus") or ""),
        str(one.get("ValidationStatusMessage") or one.get("StatusMessage") or ""),
        _number(one.get("BackupSizeInBytes")),
    )


def _size(written: object) -> int | None:
    return _number(written.get("Value")) if isinstance(written, Mapping) else _number(written)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def read_time(value: object) -> datetime | None:
    """Read a time, in UTC; ``None`` where there is none that can be read."""
    try:
        return _optional_time(value)
    except ValueError:
        return None


def _optional_time(value: object) -> datetime | None:
    return None if value is None or value == "" else _time(value)


def _time(value: Any) -> datetime:  # noqa: ANN401  # whatever stands in a snapshot
    """Read ISO 8601 text; a time without a zone is in UTC.

    Raises:
        ValueError: if it is no time.
    """
    written = str(value)
    found = datetime.fromisoformat(written[:-1] + "+00:00" if written.endswith("Z") else written)
    return found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found.astimezone(timezone.utc)
