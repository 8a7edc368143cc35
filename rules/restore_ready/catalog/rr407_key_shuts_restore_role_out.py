"""The restore role may use the keys of the vault and the file system.

## What it does
Finds customer managed KMS keys of backup vaults and file systems whose own policy lets no restore role of the
configuration in: it neither allows the role nor leaves the key to IAM by allowing the account (`:root`), or it denies
the role. From a vault, a restore needs `kms:Decrypt`; to create a new file system with the key, `kms:DescribeKey`,
`kms:GenerateDataKeyWithoutPlaintext` and `kms:CreateGrant`.

It is an error where the policy of a vault's key denies every restore role explicitly. Else it is a warning: AWS says
that the role needs access, but its own sample of a key policy does not give it, and grants of AWS Backup may serve.
A key of a vault that is not in the configuration is not judged. A role that a key is left to and that lacks
permissions is RR404's concern.
A key whose policy allows another role called like a restore role (`restore.roles`) is not judged either.

Without a restore role in the same configuration, nothing is judged. Vaults that only receive copies
(`vaults.copy_only`) are left out.

## Why is this bad?
EFS backups are always encrypted with the vault's key. A key's policy goes before all IAM policies: not even an
administrator can restore with a role that it does not let in. AWS warns that a job without access to the key may be
reported as successful although nothing was restored.

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

resource "aws_iam_role" "restore" {
  name = "AWSBackup-efs-restore"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "restore" {
  role       = aws_iam_role.restore.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
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

resource "aws_iam_role" "restore" {
  name = "AWSBackup-efs-restore"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "restore" {
  role       = aws_iam_role.restore.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
- https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
- https://repost.aws/knowledge-center/backup-insufficient-privileges-efs
"""

from collections.abc import Iterable, Sequence

from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.catalog._related import named, resources
from restore_ready.kms._key_policy import named_elsewhere
from restore_ready.kms._keys import READ_BACKUP, is_let_in
from restore_ready.kms._keys_in_use import KeyUse
from restore_ready.model import (
    Fail,
    Key,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    settled,
)
from restore_ready.vaults._lookup import VAULT_CLOUDFORMATION, VAULT_TERRAFORM


def judge(use: KeyUse, estate: JudgedEstate, requirements: Requirements) -> Verdict:
    """Fail a key whose policy lets no restore role in.

    Raises:
        Open: if the key is not in sight, or whether its policy lets a role in is not known.
    """
    key = settled(use.key, "whether its key lets the restore role in is not known")
    answers = [(use.shuts_out(actions, is_let_in), actions, used_by) for actions, used_by in use.purposes()]
    for answer, actions, used_by in answers:
        if answer is True:
            elsewhere = named_elsewhere(key, requirements.roles, estate)
            if elsewhere:
                why = f"the key's policy allows it, and it is not in {estate.here}"
                return Unknown(f"whether {elsewhere} may restore is not known: {why}")
            return _fail(use, key, actions, used_by, estate)
    for answer, _, _ in answers:
        settled(answer, "whether its policy lets the restore role in is not known")
    return Pass()


def _fail(use: KeyUse, key: Key, actions: Sequence[str], used_by: Sequence[str], estate: JudgedEstate) -> Fail:
    refusals = [is_let_in(role, key, actions) for role in use.asked()]
    refusal, denied = refusals[0], all(refusal.by is not None for refusal in refusals)
    for_vault, encrypted = actions == READ_BACKUP, ", ".join(used_by)
    names = [role.label for role in use.roles]
    what = f"restores from {encrypted}" if for_vault else f"restores to a new file system with the key of {encrypted}"
    effect = "will fail" if denied or not for_vault else "may fail, or restore nothing"
    return Fail(
        f"its policy refuses {refusal.action} to {', '.join(names)} ({refusal.why}): {what} {effect}",
        fix=f"Allow {', '.join(actions)} to the restore role in the key's policy, or allow the account (:root).",
        severity=None if for_vault and denied else Severity.WARNING,
        evidence={"action": refusal.action, "roles": names, "encrypts": list(used_by)},
        focus=refusal.focus(key),
        related=(
            *resources("It encrypts", named(used_by, estate.vaults, estate.file_systems)),
            *resources("The restore role", use.roles),
        ),
    )


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[KeyUse]:
    return estate.keys_in_use


RULE = Rule(
    "RR407",
    "key-shuts-restore-role-out",
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
