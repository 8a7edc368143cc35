"""The restore role may do what a restore of EFS does.

## What it does
Finds restore roles that lack one of `elasticfilesystem:Restore`, `CreateFileSystem`, `DescribeFileSystems` and
`DeleteFileSystem`. A restore role is one that carries restore permissions, that a restore test uses, that a restore
operator's `iam:PassRole` names, or that is called so (`restore.roles`) and speaks of AWS Backup.
A role that only backs up, or restores other services, is left out.

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
"""

from collections.abc import Iterable

from restore_ready._cures import FOR_RESTORES, attach
from restore_ready._model import Estate, Principal
from restore_ready._requirements import Requirements
from restore_ready._restore import ROLE_CLOUDFORMATION, ROLE_TERRAFORM, restore_roles
from restore_ready._restore_permissions import RESTORE_ACTIONS, may_do, restores_efs
from restore_ready._rule import Rule
from restore_ready._values import Unresolved
from restore_ready._verdict import Fail, Pass, Severity, Unknown, Verdict


def judge(role: Principal, estate: Estate, _requirements: Requirements) -> Verdict:
    """Fail a restore role that lacks a permission which every restore of EFS uses."""
    answers = {action: may_do(role, action, estate) for action in RESTORE_ACTIONS}
    unknown = [answer.why for answer in answers.values() if isinstance(answer, Unresolved)]
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        return Fail(
            f"the role lacks {', '.join(missing)}: a restore with it will fail",
            cure="Attach the AWS managed policy service-role/AWSBackupServiceRolePolicyForRestores.",
            evidence={"missing": missing},
            changes=attach(role, FOR_RESTORES),
        )
    return Unknown(unknown[0]) if unknown else Pass()


def _subjects(estate: Estate, requirements: Requirements) -> Iterable[Principal]:
    return (role for role in restore_roles(estate, requirements) if restores_efs(role, estate))


RULE = Rule(
    "RR404",
    "role-cannot-restore",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=ROLE_TERRAFORM,
    cloudformation=ROLE_CLOUDFORMATION,
)
