"""A backup of the file system has been restored, and not too long ago.

## What it does
Finds file systems with recovery points of which no completed restore is on record, be it by hand or by a restore
testing plan; with `restore.rehearse_every` in the requirements, also those whose last restore is longer ago. A restore
that completed without a byte restored proves nothing and does not count, unless the backups are empty too. Where AWS
names of a restore job only the recovery point, and that has expired since, it may be of any file system, and leaves the
verdict open.

## Why is this bad?
A backup that nobody has restored is a hope. Vault policies, roles, keys and the way of the files back to where they
belong show whether they work only when somebody tries.

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
          CreationDate: "2026-11-20T05:00:00Z"
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
          CreationDate: "2026-11-20T05:00:00Z"
  - fact: restore_jobs
    data:
      RestoreJobs:
        - RestoreJobId: restore-1
          RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          Status: COMPLETED
          CreationDate: "2026-11-20T05:30:00Z"
          CompletionDate: "2026-11-20T05:50:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from collections.abc import Iterable

from restore_ready.history._records import DAY, record_of, recorded, restored, show_span, show_time
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    settled,
)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    return (record.file_system for record in recorded(estate) if record.history.recovery_points != ())


def judge(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a file system that was never restored, or not for too long.

    Raises:
        Open: if the restore jobs, or the recovery points, are not known.
    """
    subject = record_of(file_system, estate)
    history, required = subject.history, requirements.rehearse_every
    jobs = settled(history.restore_jobs, "its restore jobs are not known")
    settled(history.recovery_points, "which restore jobs are its own is not known")
    oldest = None if required is None else subject.now - required * DAY
    last = next(iter(restored(jobs, history)), None)
    if last is not None and (oldest is None or last.created >= oldest):
        return Pass()
    astray = [job for job in restored(history.astray, history) if oldest is None or job.created >= oldest]
    if astray:
        return Unknown(
            f"the recovery points of {len(astray)} restores are gone, the latest on {show_time(astray[0].created)}: "
            "AWS does not tell of which file system they were"
        )
    wanted = "" if required is None else f", every {required} days are required"
    empty = sum(job.status == "COMPLETED" for job in jobs)
    brought_nothing = f"the restores of it that are on record ({empty}) brought nothing back"
    found = brought_nothing if empty else "no restore of it is on record"
    if last is not None:
        found = f"it was last restored {show_span(subject.now - last.created)} ago, on {show_time(last.created)}"
    return Fail(
        f"{found}{wanted}",
        fix="Restore it, or add it to a restore testing plan that runs often enough.",
        evidence={"last": None if last is None else last.created.isoformat(), "required_days": required},
    )


RULE = Rule(
    "RR604",
    "never-restored",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
