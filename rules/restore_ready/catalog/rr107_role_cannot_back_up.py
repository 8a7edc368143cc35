"""The role of a backup selection can back up the file systems it chooses.

## What it does
Finds roles that backup selections of EFS name and that can't do the work: their trust policy does not let
`backup.amazonaws.com` assume them, or nothing allows them `elasticfilesystem:Backup`. Also selections that give a
role's name, or something else, where its ARN belongs, or a role of another account than their plan's. Roles that are
not in the same configuration are not judged.

## Why is this bad?
AWS Backup tries to assume the role when the selection is made: without that trust, or with a name for the ARN, the
selection is refused and the deployment fails. A role without the permission is accepted, and then every job of the
selection fails, night after night, and nobody notices until a recovery point is needed.

## Example
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_efs_file_system.data.arn]
}

resource "aws_iam_role" "backup" {
  name = "AWSBackup-efs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/AWSBackupFullAccess"
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_efs_file_system.data.arn]
}

resource "aws_iam_role" "backup" {
  name = "AWSBackup-efs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
- https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/backup/selection.go
"""

from collections.abc import Iterable

from restore_ready.access._constants import BACK_UP, BACKUP_SERVICE, ROLE_CLOUDFORMATION, ROLE_TERRAFORM
from restore_ready.access._role_permissions import may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.catalog._changes import FOR_BACKUP, attach, trust
from restore_ready.coverage._service_role import BackupRole, ForeignRole, NoRole, backup_roles
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Source,
    Unknown,
    Unresolved,
    Verdict,
    settled,
)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[BackupRole | NoRole | ForeignRole]:
    return backup_roles(estate)


def judge(subject: BackupRole | NoRole | ForeignRole, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a role that can't back up what its selections choose, and a selection that names no role.

    Raises:
        Open: if what the role may do is not known.
    """
    if isinstance(subject, NoRole):
        return Fail(
            f"its role is {subject.given}, which is not the ARN of a role: {_refused('the selection', estate)}",
            fix="Give the ARN of a role that AWS Backup can assume.",
            evidence={"role": subject.given},
        )
    if isinstance(subject, ForeignRole):
        return Fail(
            f"its role is of account {subject.role_of}, its plan of account {subject.plan_of}: AWS Backup takes "
            "roles of its own account only, and no job of this selection can run",
            fix="Give the ARN of a role of the plan's own account.",
            evidence={"role_of": subject.role_of, "plan_of": subject.plan_of},
        )
    trusted, allowed = trusts_backup(subject.role), may_do(subject.role, BACK_UP, estate)
    users = ", ".join(subject.selections)
    if trusted is False:
        return Fail(
            f"its trust policy does not let {BACKUP_SERVICE} assume it: {_refused(users, estate)}",
            fix=f"Allow sts:AssumeRole to the service principal {BACKUP_SERVICE} in its trust policy.",
            evidence={"service": BACKUP_SERVICE, "selections": list(subject.selections)},
            changes=trust(subject.role),
        )
    if allowed is False and subject.chooses_efs is True:
        return Fail(
            f"the role lacks {BACK_UP}: every backup of EFS by {users} fails",
            fix="Attach the AWS managed policy service-role/AWSBackupServiceRolePolicyForBackup.",
            evidence={"missing": [BACK_UP], "selections": list(subject.selections)},
            changes=attach(subject.role, FOR_BACKUP),
        )
    for answer in (trusted, allowed):
        settled(answer, "the role could not be judged")
    if allowed is False and isinstance(subject.chooses_efs, Unresolved):
        return Unknown(f"the role lacks {BACK_UP}; {subject.chooses_efs.why}")
    return Pass()


def _refused(selections: str, estate: EstateIndex) -> str:
    """Return what becomes of selections; those of an account were accepted while their role could be assumed."""
    return f"no job of {selections} can run" if estate.source is Source.ACCOUNT else f"AWS refuses {selections}"


RULE = Rule(
    "RR107",
    "role-cannot-back-up",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(*ROLE_TERRAFORM, "aws_backup_selection", "awscc_backup_backup_selection"),
    cloudformation=(*ROLE_CLOUDFORMATION, "AWS::Backup::BackupSelection"),
)
