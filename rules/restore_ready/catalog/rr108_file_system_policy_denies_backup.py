"""The file system's own policy lets AWS Backup back it up and restore it.

## What it does
Finds file system policies that deny `elasticfilesystem:Backup` or `elasticfilesystem:Restore` to everyone, or to the
role in use: the role of a backup selection that covers the file system, AWS's role of automatic backups, or every
restore role of the configuration. A Deny that spares these roles passes.

## Why is this bad?
An explicit Deny goes before every Allow, so that no role helps, not even an administrator's. Where `Backup` is denied,
every job fails and there is nothing to restore. Where `Restore` is denied, nothing can be restored into the file
system; only a restore to a new one is left.

## Example
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_efs_file_system_policy" "data" {
  file_system_id = aws_efs_file_system.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = ["elasticfilesystem:Backup", "elasticfilesystem:Restore"]
      Resource  = "*"
    }]
  })
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_efs_file_system_policy" "data" {
  file_system_id = aws_efs_file_system.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = ["elasticfilesystem:Backup", "elasticfilesystem:Restore"]
      Resource  = "*"
      Condition = {
        ArnNotEquals = {
          "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
        }
      }
    }]
  })
}
```

## References
- https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
- https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
"""

from collections.abc import Iterable

from msgspec.structs import replace

from restore_ready.access._constants import BACK_UP
from restore_ready.access._file_system_policies import GuardedFileSystem, Refusal
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.model import (
    Fail,
    FileSystemPolicy,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    joined,
    settled,
    show,
    statement_focus,
)
from restore_ready.model._why_open import NOT_HERE


def judge(policy: FileSystemPolicy, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a file system policy that denies backups or restores to everyone, or to the role in use.

    Raises:
        Open: if the policy can't be read.
    """
    document = settled(policy.document, "what the policy says is not known")
    file_system = estate.mount_index.file_system(policy.file_system)
    if file_system is None:
        return Unknown(f"the file system {NOT_HERE.said(what=show(policy.file_system), here=estate.here)}")
    found = list(GuardedFileSystem(file_system, policy, document).refusals(estate, estate.roles_to_restore_with))
    if fails := [_fail(refusal, file_system.address) for refusal in found if isinstance(refusal, Refusal)]:
        first = next(refusal.statement for refusal in found if isinstance(refusal, Refusal))
        return replace(joined(fails), focus=statement_focus(policy.places, document, first))
    for doubt in found:
        settled(doubt)
    return Pass()


def _fail(refusal: Refusal, file_system: str) -> Fail:
    effect = "nothing can be restored into it, only to a new file system"
    if refusal.action == BACK_UP:
        effect = f"every backup of it by {refusal.used_by} fails" if refusal.used_by else "no backup can run"
    return Fail(
        f"statement {refusal.statement} denies {refusal.action} to {refusal.to}: {effect} ({file_system})",
        fix=f"Take {refusal.action} out of the Deny, or spare the roles of AWS Backup by aws:PrincipalArn.",
        evidence={"actions": [refusal.action], "denied_to": [refusal.to]},
    )


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[FileSystemPolicy]:
    return estate.file_system_policies


RULE = Rule(
    "RR108",
    "file-system-policy-denies-backup",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=("aws_efs_file_system_policy", "awscc_efs_file_system"),
    cloudformation=("AWS::EFS::FileSystem",),
)
