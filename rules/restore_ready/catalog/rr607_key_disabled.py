"""The keys of vaults and file systems can be used.

## What it does
Finds customer managed KMS keys that can't be used and encrypt a backup vault, an EFS file system or a recovery point of
one. In sources these are the disabled ones (`is_enabled = false`, `Enabled: false`), and in a Terraform plan those that
it deletes while something keeps using them; of external keys that do not say so, the key material decides: they are not
judged. Of an account `kms:DescribeKey` tells the state: disabled, pending deletion, without key material, or with its
key store out of reach.

## Why is this bad?
Every recovery point in a vault is encrypted with the vault's key, and so is a file system with its own. While the key
is disabled, KMS refuses to decrypt with it and to make grants: backups fail, nothing can be restored, and the file
system can't be read. A key that was disabled to see whether anybody misses it is missed on the night of the restore. A
key that is pending deletion works no more either, and once it is deleted nothing brings the backups back.

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
- https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
- https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
"""

from collections.abc import Iterable

from restore_ready.index import EstateIndex
from restore_ready.kms._encrypted import Encrypted, encrypted_by_all_keys
from restore_ready.kms._keys import state_of
from restore_ready.model import Fail, Key, Pass, Requirements, Rule, Severity, Source, Verdict, settled


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[Encrypted]:
    return (used for used in encrypted_by_all_keys(estate) if used.key.enabled is not None)


def judge(used: Encrypted, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a key that can't be used.

    Raises:
        Open: if whether it is enabled is not known.
    """
    key = used.key
    if key.enabled is None or settled(key.enabled, "whether it is enabled is not known"):
        return Pass()
    vaults, file_systems = ", ".join(used.vaults), ", ".join(used.file_systems)
    effects = [
        f"nothing can be backed up to {vaults}, or restored from there" if vaults else "",
        f"of the recovery points {used.points} can't be restored" if used.points else "",
        f"nobody can read {file_systems}" if file_systems else "",
    ]
    return Fail(
        f"{state_of(key)}: {', and '.join(filter(None, effects))}",
        fix=_fix(key, estate),
        evidence={
            "encrypts": [*used.vaults, *used.file_systems],
            "recovery_points": used.points,
            "state": key.state or None,
            "deletion": None if key.deletion is None else key.deletion.isoformat(),
        },
    )


def _fix(key: Key, estate: EstateIndex) -> str:
    if "Deletion" not in key.state:
        return "Enable the key, and schedule its deletion only when nothing is left that it encrypts."
    if estate.source is Source.PLAN:
        return "Keep the key in the configuration until nothing is left that it encrypts."
    return "Cancel its deletion, and enable it: a key whose deletion is cancelled is disabled."


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
