"""No recovery points are left of a file system that no longer exists.

## What it does
Begins with the recovery points of an account: finds those of file systems that are not there any more, and tells how
many of them can be restored, until when, and by whom. What was restored into another file system since is done with.
Where it can't be told whether the file system still exists, because it is of another account, or its Region was not or
could not be read, the same is told, and the verdict is open.

## Why is this bad?
Somebody deleted the file system: if that was a mistake, its recovery points are all there is, and AWS deletes them one
after the other when their time is over, without a word. Nothing new is added to them. If it was meant, they are paid
for until then, or for ever where they have no end.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data: {FileSystems: []}
  - fact: vaults
    data:
      BackupVaultList: [{BackupVaultName: efs}]
  - fact: vault_recovery_points
    params: {BackupVaultName: efs}
    data:
      RecoveryPoints:
        - RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          ResourceName: home
          BackupVaultName: efs
          Status: COMPLETED
          CreationDate: "2026-11-01T05:00:00Z"
          CalculatedLifecycle: {DeleteAt: "2026-12-06T05:00:00Z"}
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-2, CreationTime: "2026-11-19T00:00:00Z"}]
  - fact: vaults
    data:
      BackupVaultList: [{BackupVaultName: efs}]
  - fact: vault_recovery_points
    params: {BackupVaultName: efs}
    data:
      RecoveryPoints:
        - RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          BackupVaultName: efs
          Status: COMPLETED
          CreationDate: "2026-11-01T05:00:00Z"
  - fact: restore_jobs
    data:
      RestoreJobs:
        - RestoreJobId: restore-1
          RecoveryPointArn: arn:aws:backup:eu-west-1:111122223333:recovery-point:1
          CreatedResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-2
          Status: COMPLETED
          CreationDate: "2026-11-19T00:00:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CalculatedLifecycle.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.history._lost_file_systems import is_back, with_something_left
from restore_ready.history._records import none_of, record_of, show_time, usable
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Loss,
    Pass,
    RecoveryPoint,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    settled,
)
from restore_ready.vaults._recovery_points import recovery_point_vaults


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    return with_something_left(estate)


def judge(file_system: FileSystem, estate: JudgedEstate, requirements: Requirements) -> Verdict:
    """Fail a file system that no longer exists and of which there are recovery points.

    Raises:
        Open: if its recovery points are not known.
    """
    subject, lost = record_of(file_system, estate), file_system.lost
    points = settled(subject.history.recovery_points, "its recovery points are not known")
    if lost is None or is_back(subject, points, estate):
        return Pass()
    told = _told(file_system, points, estate, requirements)
    if lost.loss is not Loss.DELETED:
        return Unknown(f"{lost.why}, so that it is not known whether it still exists; {told}")
    found = usable(points)
    return Fail(
        f"{lost.loss.value}; {told}",
        fix=f"If it was deleted by mistake, restore it: restore-ready runbook {file_system.address} --live. "
        "Else delete its recovery points, or accept this until their end.",
        evidence={
            "name": file_system.known_as or None,
            "recovery_points": [point.arn for point in found],
            "until": None if (until := _until(found)) is None else until.isoformat(),
        },
    )


def _told(
    file_system: FileSystem, points: Sequence[RecoveryPoint], estate: JudgedEstate, requirements: Requirements
) -> str:
    """Return what can be restored, until when, and by whom."""
    found = usable(points)
    if not found:
        return f"{none_of(points, 'be restored')}: AWS did not complete them, or is deleting them"
    until = _until(found)
    last = "is deleted" if len(found) == 1 else "the last is deleted"
    kept = "is kept for ever" if len(found) == 1 else "they are kept for ever"
    end = kept if until is None else f"{last} on {show_time(until)}"
    who = estate.restorers.of(recovery_point_vaults(file_system, estate, requirements).certain)
    newest = f"of {show_time(found[0].created)} in vault {found[0].vault}"
    if len(found) == 1:
        one = "its recovery point" if len(points) == 1 else f"one of its {len(points)} recovery points"
        return f"{one} can be restored, and {who.told('it')}; it is {newest}, and {end}"
    complete = f"{len(found)} of {len(points)} recovery points can be restored"
    return f"{complete}, and {who.told('them')}; the newest is {newest}, and {end}"


def _until(points: Iterable[RecoveryPoint]) -> datetime | None:
    """Return when the last of *points* is deleted; ``None`` where one never is."""
    ends = [point.expires for point in points]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


RULE = Rule(
    "RR611",
    "points-of-lost-file-system",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
