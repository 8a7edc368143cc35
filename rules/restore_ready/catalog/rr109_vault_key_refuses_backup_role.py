"""The vault's key lets in the role that backs up.

## What it does
Finds customer managed KMS keys of backup vaults that do not let in the role of a backup selection of EFS. The key's
policy has to allow `kms:CreateGrant` and `kms:GenerateDataKey` to the role, or leave the key to IAM by allowing the
account (`:root`); in that case the role's own policies have to allow `kms:CreateGrant`, as
AWSBackupServiceRolePolicyForBackup does. A Deny of these or of `kms:Decrypt` that meets the role is an error, all else
a warning: grants of AWS Backup may serve.

A key of a vault that is not in the configuration is not judged, nor is one that is left to IAM for a role that is not
in the configuration; `service-role/AWSBackupDefaultServiceRole` is known to have what it needs.

## Why is this bad?
EFS backups are always encrypted with the vault's key. Jobs fail, or AWS reports them as completed although nothing was
backed up, and nobody notices until a restore brings nothing back.

## Example
```terraform
resource "aws_kms_key" "backups" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "arn:aws:iam::111122223333:role/security-admin" }
    }]
  })
}

resource "aws_backup_vault" "efs" {
  name        = "efs"
  kms_key_arn = aws_kms_key.backups.arn
}

resource "aws_efs_file_system" "data" {}

resource "aws_backup_plan" "data" {
  name = "data"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.efs.name
    schedule          = "cron(0 13 * * ? *)"
  }
}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = aws_backup_plan.data.id
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}
```

Use instead:
```terraform
resource "aws_kms_key" "backups" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
    }]
  })
}

resource "aws_backup_vault" "efs" {
  name        = "efs"
  kms_key_arn = aws_kms_key.backups.arn
}

resource "aws_efs_file_system" "data" {}

resource "aws_backup_plan" "data" {
  name = "data"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.efs.name
    schedule          = "cron(0 13 * * ? *)"
  }
}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = aws_backup_plan.data.id
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
- https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
"""

from collections.abc import Iterable, Sequence

from restore_ready.catalog._related import named, resources
from restore_ready.iam import PolicyType
from restore_ready.index import EstateIndex
from restore_ready.kms._backup_keys import BackupKey, RoleAtKey, backup_keys, lets_write
from restore_ready.kms._keys import KeyAnswer
from restore_ready.model import (
    Fail,
    Key,
    Pass,
    Requirements,
    Rule,
    Severity,
    Subject,
    Verdict,
    joined,
    settled,
)
from restore_ready.vaults._lookup import VAULT_CLOUDFORMATION, VAULT_TERRAFORM


def judge(used: BackupKey, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a key that does not let in a role that backs up with it.

    Raises:
        Open: if the key is not in sight, or whether it lets a role in is not known.
    """
    key = settled(used.key, "whether its key lets the backup role in is not known")
    encrypted = tuple(named(used.vaults, estate.vaults))
    answers = [(at, lets_write(at.role, key, estate)) for at in used.roles]
    refused = [(at, answer) for at, answer in answers if answer.answer is False]
    if fails := [_fail(at, answer, key, encrypted) for at, answer in refused if at.writes is True]:
        return joined(fails)
    for at, _ in refused:
        settled(at.writes, f"it refuses {at.role.label}")
    for at, answer in answers:
        settled(answer.answer, f"whether it lets {at.role.label} in is not known")
    return Pass()


def _fail(at: RoleAtKey, refusal: KeyAnswer, key: Key, vaults: Sequence[Subject]) -> Fail:
    denied, names = refusal.by is not None, [vault.address for vault in vaults]
    by_policy = refusal.policy_type is PolicyType.RESOURCE
    what = f"its policy refuses {refusal.action} to" if by_policy else f"{refusal.action} on it is refused to"
    effect = "fail" if denied else "may fail, or be reported as completed with nothing backed up"
    backups = f"backups by {', '.join(at.selections)} to {', '.join(names)}"
    return Fail(
        f"{what} {at.role.label} ({refusal.why}): {backups} {effect}",
        fix="Allow kms:CreateGrant and kms:GenerateDataKey to the role in its policy, or allow the account (:root) and "
        "attach service-role/AWSBackupServiceRolePolicyForBackup to the role.",
        severity=None if denied else Severity.WARNING,
        evidence={"actions": [refusal.action], "roles": [at.role.label], "encrypts": names},
        focus=refusal.focus(key),
        related=(*resources("It encrypts", vaults), *resources("The backup role", [at.role])),
    )


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[BackupKey]:
    return backup_keys(estate)


RULE = Rule(
    "RR109",
    "vault-key-refuses-backup-role",
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
        *VAULT_TERRAFORM,
    ),
    cloudformation=("AWS::KMS::Key", "AWS::KMS::ReplicaKey", *VAULT_CLOUDFORMATION),
    milder=(Severity.WARNING,),
)
