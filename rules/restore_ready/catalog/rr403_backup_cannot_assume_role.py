"""AWS Backup can assume the restore role.

## What it does
Finds restore roles whose trust policy does not let `backup.amazonaws.com` call `sts:AssumeRole`. A restore role is one
that carries restore permissions, that a restore test uses, that a restore operator's `iam:PassRole` names, or that is
called so (`restore.roles`) and speaks of AWS Backup.

A trust policy that depends on `aws:SourceAccount` or `aws:SourceArn` is not judged: AWS does not document whether AWS
Backup sends them when it assumes a role.

## Why is this bad?
The restore is refused, or the job fails at once: AWS Backup can't work with a role that it can't assume.

## Example
```terraform
resource "aws_iam_role" "restore" {
  name = "AWSBackup-efs-restore"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
"""

from collections.abc import Iterable

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._resource_types import ROLE_CLOUDFORMATION, ROLE_TERRAFORM
from restore_ready.access._statements import trust_focus, trusts_backup
from restore_ready.catalog._changes import trust
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.model import (
    Fail,
    Pass,
    Principal,
    Requirements,
    Rule,
    Severity,
    Verdict,
    settled,
)


def judge(role: Principal, _estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a restore role that AWS Backup can't assume.

    Raises:
        Open: if whether the role's trust policy lets AWS Backup in is not known.
    """
    if settled(trusts_backup(role), "the trust policy could not be judged"):
        return Pass()
    return Fail(
        f"its trust policy does not let {BACKUP_SERVICE} assume it: no restore can run with this role",
        fix=f"Allow sts:AssumeRole to the service principal {BACKUP_SERVICE} in its trust policy.",
        evidence={"service": BACKUP_SERVICE},
        changes=trust(role),
        focus=trust_focus(role),
    )


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[Principal]:
    return estate.restore_roles


RULE = Rule(
    "RR403",
    "backup-cannot-assume-role",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=ROLE_TERRAFORM,
    cloudformation=ROLE_CLOUDFORMATION,
)
