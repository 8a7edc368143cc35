"""The keys of vaults and file systems can be used.

## What it does
Finds customer managed KMS keys that are disabled (`is_enabled = false`, `Enabled: false`) and encrypt a backup vault or
an EFS file system of the same configuration. Of external keys that do not say so, the key material decides: they are
not judged. An audit does not ask accounts for the state of keys.

## Why is this bad?
Every recovery point in a vault is encrypted with the vault's key, and so is a file system with its own. While the key
is disabled, KMS refuses to decrypt with it and to make grants: backups fail, nothing can be restored, and the file
system can't be read. A key that was disabled to see whether anybody misses it is missed on the night of the restore.

## Example
```terraform
resource "aws_kms_key" "backups" {
  is_enabled = false
}

resource "aws_backup_vault" "efs" {
  name        = "efs"
  kms_key_arn = aws_kms_key.backups.arn
}
```

Use instead:
```terraform
resource "aws_kms_key" "backups" {}

resource "aws_backup_vault" "efs" {
  name        = "efs"
  kms_key_arn = aws_kms_key.backups.arn
}
```

## References
- https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
- https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
"""

from collections.abc import Iterable

from restore_ready.index import EstateIndex
from restore_ready.kms._encrypted import Encrypted, encrypted_by_keys
from restore_ready.model import Fail, Pass, Requirements, Rule, Severity, Verdict, settled


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[Encrypted]:
    return (used for used in encrypted_by_keys(estate, estate.vaults) if used.key.enabled is not None)


def judge(used: Encrypted, _estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a key that is disabled.

    Raises:
        Open: if whether it is enabled is not known.
    """
    if used.key.enabled is None or settled(used.key.enabled, "whether it is enabled is not known"):
        return Pass()
    vaults, file_systems = ", ".join(used.vaults), ", ".join(used.file_systems)
    effects = [
        f"nothing can be backed up to {vaults}, or restored from there" if vaults else "",
        f"nobody can read {file_systems}" if file_systems else "",
    ]
    return Fail(
        f"it is disabled: {', and '.join(filter(None, effects))}",
        fix="Enable the key, and schedule its deletion only when nothing is left that it encrypts.",
        evidence={"encrypts": [*used.vaults, *used.file_systems]},
    )


RULE = Rule(
    "RR607",
    "key-disabled",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
        "awscc_kms_key",
        "awscc_kms_replica_key",
    ),
    cloudformation=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
)
