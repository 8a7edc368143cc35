"""The newest recovery point is as young as the recovery point objective demands.

## What it does
Compares the age of the newest recovery point of each file system that something backs up with `backup.every`, 24 hours
unless the requirements say otherwise. On top of that comes the time in which the plan lets a job start and complete, at
most what the requirements allow for that: a job that is late within its windows is no finding. Only recovery points
that can be restored count, whichever vault holds them. File systems younger than that are left alone.

## Why is this bad?
The configuration may look right and nothing comes of it: jobs expire, a role was changed, EFS was opted out. What would
be lost tonight is everything since the newest recovery point.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - {fact: backup_policy, params: {FileSystemId: fs-1}, data: {BackupPolicy: {Status: ENABLED}}}
  - fact: vault_recovery_points
    params: {BackupVaultName: aws/efs/automatic-backup-vault}
    data:
      RecoveryPoints:
        - RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          BackupVaultName: aws/efs/automatic-backup-vault
          Status: COMPLETED
          CreationDate: "2026-11-12T05:00:00Z"
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - {fact: backup_policy, params: {FileSystemId: fs-1}, data: {BackupPolicy: {Status: ENABLED}}}
  - fact: vault_recovery_points
    params: {BackupVaultName: aws/efs/automatic-backup-vault}
    data:
      RecoveryPoints:
        - RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          BackupVaultName: aws/efs/automatic-backup-vault
          Status: COMPLETED
          CreationDate: "2026-11-20T05:00:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByResource.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/recovery-points.html
"""

from collections.abc import Iterable
from datetime import timedelta

from restore_ready._words import show_minutes
from restore_ready.history._records import (
    Recorded,
    is_meant_to_be_backed_up,
    none_of,
    record_of,
    recorded,
    show_span,
    show_time,
    usable,
)
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    PlanRule,
    Requirements,
    Rule,
    Severity,
    Unresolved,
    Verdict,
    settled,
)
from restore_ready.vaults._destinations import destinations


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    return (
        record.file_system
        for record in recorded(estate)
        if record.history.recovery_points != () or is_meant_to_be_backed_up(record, estate)
    )


def judge(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a file system whose newest recovery point is too old, or that has none.

    Raises:
        Open: if the recovery points are not known.
    """
    subject = record_of(file_system, estate)
    points = settled(subject.history.recovery_points, "its recovery points are not known")
    limit = timedelta(minutes=requirements.objective + _leeway(subject, estate, requirements))
    newest = next(iter(usable(points)), None)
    since = subject.history.created if newest is None else newest.created
    if since is not None and subject.now - since <= limit:
        return Pass()
    if newest is None:
        found = none_of(points, "be restored") if points else "it has no recovery point"
    else:
        found = f"its newest recovery point is {show_span(subject.now - newest.created)} old"
    at = "" if newest is None else f", of {show_time(newest.created)}"
    return Fail(
        f"{found}{at}; one every {show_minutes(requirements.objective)} is required",
        fix="See what became of its backup jobs, and start one on demand meanwhile.",
        evidence={
            "newest": None if newest is None else newest.created.isoformat(),
            "recovery_point": None if newest is None else newest.arn,
            "every_minutes": requirements.objective,
        },
    )


def _leeway(subject: Recorded, estate: EstateIndex, requirements: Requirements) -> int:
    """Return the minutes by which a job may be late: both windows of the plan, as far as the requirements go."""
    allowed = requirements.start_within + requirements.complete_within
    windows = [_windows(destination.rule) for destination in destinations(subject.file_system, estate).certain]
    return min(allowed, max((allowed if window is None else window for window in windows), default=allowed))


def _windows(rule: PlanRule) -> int | None:
    """Return both windows of a plan rule together; ``None`` where they are not known."""
    if isinstance(rule.start_window, Unresolved) or isinstance(rule.completion_window, Unresolved):
        return None
    return rule.start_window + rule.completion_window


RULE = Rule(
    "RR601",
    "newest-backup-too-old",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
