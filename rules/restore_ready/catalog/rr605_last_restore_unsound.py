"""The last restore succeeded, and in time.

## What it does
Looks at the last restore of each file system that came to an end, by hand or by a restore testing plan: whether it
failed, whether its validation failed or timed out, and whether it took longer than `restore.within` of the requirements
(no default). One that is still under way, and longer so than `restore.within`, is too slow already. Restores that
somebody aborted, and those that restored nothing, prove nothing and are passed over.

## Why is this bad?
What failed in the last rehearsal fails on the day it is needed, and a restore that takes longer than the business can
wait is as good as none.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: vault_recovery_points
    params: {BackupVaultName: efs}
    data:
      RecoveryPoints:
        - RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          BackupVaultName: efs
          Status: COMPLETED
          CreationDate: "2026-11-19T05:00:00Z"
  - fact: restore_jobs
    data:
      RestoreJobs:
        - RestoreJobId: restore-1
          RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          Status: FAILED
          StatusMessage: Access denied trying to call AWS Backup service.
          CreationDate: "2026-11-19T05:30:00Z"
          CompletionDate: "2026-11-19T05:50:00Z"
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: vault_recovery_points
    params: {BackupVaultName: efs}
    data:
      RecoveryPoints:
        - RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          BackupVaultName: efs
          Status: COMPLETED
          CreationDate: "2026-11-19T05:00:00Z"
  - fact: restore_jobs
    data:
      RestoreJobs:
        - RestoreJobId: restore-1
          RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          Status: COMPLETED
          CreationDate: "2026-11-19T05:30:00Z"
          CompletionDate: "2026-11-19T05:50:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from restore_ready._words import show_minutes
from restore_ready.history._records import (
    Recorded,
    brought_nothing,
    latest_first,
    record_of,
    recorded,
    show_span,
    show_time,
)
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    Requirements,
    RestoreJob,
    Rule,
    Severity,
    Unresolved,
    Verdict,
    settled,
)

_ENDED: Final = frozenset({"COMPLETED", "FAILED"})
_UNDER_WAY: Final = frozenset({"PENDING", "RUNNING"})
_INVALID: Final = {"FAILED": "failed", "TIMED_OUT": "timed out"}


def _subjects(estate: EstateIndex, requirements: Requirements) -> Iterable[FileSystem]:
    for record in recorded(estate):
        jobs = record.history.restore_jobs
        if isinstance(jobs, Unresolved) or _last(jobs, record, requirements) is not None:
            yield record.file_system


def judge(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a file system whose last restore failed or took too long.

    Raises:
        Open: if the restore jobs are not known.
    """
    subject = record_of(file_system, estate)
    jobs = settled(subject.history.restore_jobs, "its restore jobs are not known")
    last = _last(jobs, subject, requirements)
    faults = [] if last is None else list(_faults(last, subject, requirements))
    if last is None or not faults:
        return Pass()
    said = f': "{last.message}"' if last.message else ""
    return Fail(
        f"the last restore, of {show_time(last.created)}, {' and '.join(faults)}{said}",
        fix="Find out what went wrong, and restore again until it goes well.",
        evidence={"job": last.id, "faults": faults, "test_plan": last.test_plan or None},
    )


def _last(jobs: Iterable[RestoreJob], subject: Recorded, requirements: Requirements) -> RestoreJob | None:
    """Return the last restore that proves something: one that ended, or that is under way for too long already."""
    telling = (
        job
        for job in jobs
        if (job.status in _ENDED and not (job.status == "COMPLETED" and brought_nothing(job, subject.history)))
        or (job.status in _UNDER_WAY and _is_late(subject.now - job.created, requirements))
    )
    return next(iter(latest_first(telling)), None)


def _is_late(took: timedelta, requirements: Requirements) -> bool:
    return requirements.within is not None and took > timedelta(minutes=requirements.within)


def _faults(job: RestoreJob, subject: Recorded, requirements: Requirements) -> Iterator[str]:
    took = subject.now - job.created if job.status in _UNDER_WAY else None
    if job.status == "FAILED":
        yield "failed"
    elif took is None and job.completed is not None:
        took = job.completed - job.created
    if took is not None and requirements.within is not None and _is_late(took, requirements):
        done = "is under way for" if job.status in _UNDER_WAY else "took"
        yield f"{done} {show_span(took)} ({show_minutes(requirements.within)} allowed)"
    if job.validation in _INVALID:
        yield f"was validated, which {_INVALID[job.validation]}"


RULE = Rule(
    "RR605",
    "last-restore-unsound",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
