"""AWS Backup deletes recovery points when their time is over.

## What it does
Counts the recovery points of EFS in each vault that AWS calls EXPIRED: their retention is over, and AWS Backup could
not delete them.

## Why is this bad?
What AWS can't delete stays, is paid for, and keeps what should be gone by law or contract. It can't be counted on in a
restore. Mostly the role that made it is gone or lost its rights, or the vault's access policy denies
`backup:DeleteRecoveryPoint`: then the next one will not go either.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
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
          Status: EXPIRED
          CreationDate: "2026-09-20T05:00:00Z"
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
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
          CreationDate: "2026-11-20T05:00:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByBackupVault.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html
"""

from collections.abc import Iterable

from restore_ready.history._records import show_time
from restore_ready.index import EstateIndex
from restore_ready.model import Fail, Pass, Requirements, Rule, Severity, VaultContents, Verdict, settled


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[VaultContents]:
    return (held for held in estate.contents if held.points != ())


def judge(held: VaultContents, _estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a vault with recovery points that AWS could not delete.

    Raises:
        Open: if its recovery points are not known.
    """
    points = settled(held.points, "its recovery points are not known")
    expired = sorted((point for point in points if point.status == "EXPIRED"), key=lambda point: point.created)
    if not expired:
        return Pass()
    messages = (point.message for point in expired if point.message)
    said = f': "{message}"' if (message := next(messages, "")) else ""
    return Fail(
        f"AWS could not delete {_counted(len(expired), len(points))} once expired, the oldest of "
        f"{show_time(expired[0].created)}{said}",
        fix="Let the role that made them, and the vault's access policy, delete them; then delete them by hand.",
        evidence={"recovery_points": [point.arn for point in expired], "of": len(points)},
    )


def _counted(expired: int, every: int) -> str:
    return "its only recovery point" if every == 1 else f"{expired} of its {every} recovery points"


RULE = Rule(
    "RR609",
    "expired-recovery-points",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
