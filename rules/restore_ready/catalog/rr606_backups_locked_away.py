"""Some recovery point of the file system lies in a vault that lets it be restored.

## What it does
Finds file systems all of whose recovery points lie in vaults whose access policies deny `backup:StartRestoreJob` to
everyone, as that of `aws/efs/automatic-backup-vault` does. Recovery points in vaults of other Regions of the account
leave the verdict open.

## Why is this bad?
There are backups, and none of them can be restored: not until somebody finds out why, and edits the access policy of a
vault while everybody waits.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: vaults
    data:
      BackupVaultList: [{BackupVaultName: efs}]
  - fact: vault_policy
    params: {BackupVaultName: efs}
    data:
      Policy:
        Version: "2012-10-17"
        Statement: [{Effect: Deny, Principal: "*", Action: backup:StartRestoreJob, Resource: "*"}]
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
  - fact: vaults
    data:
      BackupVaultList: [{BackupVaultName: efs}]
  - fact: vault_policy
    params: {BackupVaultName: efs}
    data:
      Policy:
        Version: "2012-10-17"
        Statement: [{Effect: Deny, Principal: "*", Action: backup:DeleteRecoveryPoint, Resource: "*"}]
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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
- https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html
"""

from collections.abc import Iterable

from restore_ready.access._constants import START_RESTORE
from restore_ready.coverage._automatic import VAULT
from restore_ready.history._records import none_of, record_of, recorded, usable
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    Requirements,
    Rule,
    Severity,
    Truth,
    Unknown,
    Unresolved,
    Verdict,
    all_true,
    settled,
)
from restore_ready.vaults._lookup import denied_to_everyone
from restore_ready.vaults._recovery_points import vault_of_point


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    for record in recorded(estate):
        points = record.history.recovery_points
        if isinstance(points, Unresolved) or usable(points):
            yield record.file_system


def judge(file_system: FileSystem, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a file system all of whose recovery points lie in vaults that deny their restore.

    Raises:
        Open: if the recovery points, or whether their vaults deny restores, are not known.
    """
    subject = record_of(file_system, estate)
    points = settled(subject.history.recovery_points, "its recovery points are not known")
    found = usable(points)
    keys = {point.vault_arn or point.vault: (point.vault, vault_of_point(point, estate)) for point in found}
    vaults = [name for name, _ in keys.values()]
    if not settled(all_true(_denies(name, key, estate) for name, key in keys.values())):
        return Pass()
    if copies := usable(subject.history.elsewhere):
        where = ", ".join(dict.fromkeys(point.vault_arn or point.vault for point in copies))
        return Unknown(f"only its copies in {where} may be restored, and whether those vaults let them is not compared")
    policies = "the policy of vault" if len(vaults) == 1 else "the policies of the vaults"
    return Fail(
        f"{none_of(found, 'be restored')}: {policies} {', '.join(vaults)} "
        f"{'denies' if len(vaults) == 1 else 'deny'} {START_RESTORE} to everyone",
        fix=f"Take {START_RESTORE} out of the Deny, or exempt who restores.",
        evidence={"vaults": vaults, "recovery_points": len(found)},
    )


def _denies(vault: str, key: str | Unresolved, estate: EstateIndex) -> Truth:
    """Return whether the policy of the vault with this name and *key* denies restores to everyone."""
    if isinstance(key, Unresolved):
        return key
    policies = estate.policies_of_vaults.of(key)
    if not policies and key != VAULT and key not in estate.vaults_by_address:
        return Unresolved(
            f"whether vault {vault} lets its recovery points be restored is not known: AWS did not list it"
        )
    return denied_to_everyone(policies, START_RESTORE)


RULE = Rule(
    "RR606",
    "backups-locked-away",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
