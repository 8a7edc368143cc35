"""The restore role may do what a restore of EFS does.

## What it does
Finds restore roles that lack one of `elasticfilesystem:Restore`, `CreateFileSystem`, `DescribeFileSystems` and
`DeleteFileSystem`. A restore role is one that carries restore permissions, that a restore test uses, that a restore
operator's `iam:PassRole` names, or that is called so (`restore.roles`) and speaks of AWS Backup.
A role that only backs up, or restores other services, is left out. What counts is what is left of the role's policies
within its permissions boundary and the organization's service control policies. `CreateFileSystem` has no resource to
name: a grant of it on the ARN of one file system is none.

In a live account it also finds that there is no restore role at all, although EFS is backed up: what AWS Backup can
assume there backs up, and may not restore.

A restore role without access to a customer managed key is a warning: to a vault's key it needs `kms:Decrypt`; to that
of a file system `kms:DescribeKey`, `kms:GenerateDataKeyWithoutPlaintext` and `kms:CreateGrant`, to restore to a new
file system with the same key. This is judged for keys of the configuration whose policies leave them to IAM, and
reported if no restore role of the configuration has access. RR407 is about keys whose policies let no role in.

## Why is this bad?
The restore starts and fails, typically after the vault's policy and PassRole have just been sorted out.
AWSBackupServiceRolePolicyForBackup does not help: it only backs up.

## Example
```terraform
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
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
```

Use instead:
```terraform
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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
- https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Iterable

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._no_restore_role import NoRestoreRole, no_restore_role
from restore_ready.access._resource_types import ROLE_CLOUDFORMATION, ROLE_TERRAFORM
from restore_ready.access._role_permissions import RESTORE_ACTIONS, lacks_at, may_do
from restore_ready.catalog._changes import FOR_RESTORES, attach, curable
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.catalog._related import named, resources
from restore_ready.kms._role_permissions import KeyLack, key_lacks
from restore_ready.model import (
    Fail,
    ListedKind,
    Pass,
    Principal,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    joined,
    settled,
)

_SHOWN = 3
_ATTACH = "Attach the AWS managed policy service-role/AWSBackupServiceRolePolicyForRestores."


def judge(subject: Principal | NoRestoreRole, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a restore role that lacks a permission which restores of EFS use, and an account that has no such role.

    Raises:
        Open: if what the roles may do is not known.
    """
    return _judge_account(subject) if isinstance(subject, NoRestoreRole) else _judge_role(subject, estate)


def _judge_account(account: NoRestoreRole) -> Verdict:
    if settled(account.can_restore, "whether a role of this account can restore EFS is not known"):
        return Pass()
    names = ", ".join(account.assumable[:_SHOWN]) + ", …" * (len(account.assumable) > _SHOWN)
    beside = f"; AWS Backup can assume only {names}, which may not do that" if names else ""
    return Fail(
        f"no role of this account can restore EFS, so nothing that is backed up here can be restored{beside}",
        fix=f"Create a role that {BACKUP_SERVICE} can assume. {_ATTACH}",
        evidence={"assumable": list(account.assumable)},
    )


def _judge_role(role: Principal, estate: JudgedEstate) -> Verdict:
    """Return the verdict on a restore role.

    Raises:
        Open: if what it may do is not known.
    """
    answers = {action: may_do(role, action, estate) for action in RESTORE_ACTIONS}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        return Fail(
            f"the role lacks {', '.join(missing)}: a restore with it will fail",
            fix=_ATTACH,
            evidence={"missing": missing},
            changes=attach(role, FOR_RESTORES),
            focus=lacks_at(role, missing[0], RESTORE_ACTIONS, estate),
        )
    lacks = list(key_lacks(role, estate.unserved_keys, estate))
    if fails := [_fail(lack, estate) for lack in lacks if isinstance(lack, KeyLack)]:
        return curable(joined(fails), attach(role, FOR_RESTORES))
    for answer in (*answers.values(), *lacks):
        settled(answer)
    hidden = estate.not_listed(ListedKind.VAULT)
    if hidden is not None:
        return Unknown(f"whether the role may use the keys of vaults is not known: {hidden.why}")
    return Pass()


def _fail(lack: KeyLack, estate: JudgedEstate) -> Fail:
    actions, used_by = ", ".join(lack.actions), ", ".join(lack.used_by)
    effect = f"a restore to a new file system with the key of {used_by} will fail"
    if lack.for_vault:
        effect = f"AWS asks for access to the key, or a restore from {used_by} may fail or restore nothing"
    return Fail(
        f"the role lacks {actions} on {lack.key}: {effect}",
        fix=f"Allow {actions} on the key, or attach service-role/AWSBackupServiceRolePolicyForRestores.",
        severity=Severity.WARNING,
        evidence={"missing": list(lack.actions), "keys": [lack.key]},
        related=resources("The key", named([lack.key], estate.keys)),
    )


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[Principal | NoRestoreRole]:
    yield from estate.efs_restore_roles
    yield from no_restore_role(estate, estate.efs_restore_roles)


RULE = Rule(
    "RR404",
    "role-cannot-restore",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=ROLE_TERRAFORM,
    cloudformation=ROLE_CLOUDFORMATION,
    milder=(Severity.WARNING,),
)
