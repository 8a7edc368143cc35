"""Whoever restores may pass the restore role to AWS Backup, not every role to every service.

## What it does
Finds policies that allow `iam:PassRole` by name on every role (`*`, `arn:aws:iam::*:role/*`, or `NotResource`) without
a condition that limits `iam:PassedToService`, and whose holders may start restores. `iam:*` and `*` are an
administrator's and are left alone, as are AWS's own policies and holders who are administrators anyway. A Deny or a
permissions boundary that takes it back counts, and so do conditions on `iam:AssociatedResourceArn` and on tags of the
role. Other conditions, on MFA for example, leave it not judged.

## Why is this bad?
This is how AccessDenied on a restore is cured in a hurry. Whoever may pass an administrator's role to an instance or a
function of their own acts as that administrator.

## Example
```terraform
resource "aws_iam_policy" "restore" {
  name = "restore"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["backup:StartRestoreJob", "iam:PassRole"]
      Resource = "*"
    }]
  })
}
```

Use instead:
```terraform
resource "aws_iam_policy" "restore" {
  name = "restore"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "backup:StartRestoreJob"
        Resource = "*"
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
        Condition = { StringEquals = { "iam:PassedToService" = "backup.amazonaws.com" } }
      },
    ]
  })
}
```

## References
- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
"""

from collections.abc import Iterable

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._pass_role_any import PassingPolicy, hole_focus, is_hole, names_pass_role, passing_policies
from restore_ready.access._resource_types import GRANT_CLOUDFORMATION, GRANT_TERRAFORM
from restore_ready.catalog._changes import restrict_pass_role
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.catalog._related import resources
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Verdict,
    settled,
)


def judge(passing: PassingPolicy, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a policy that lets those who restore pass any role to any service.

    Raises:
        Open: if whether the policy lets every role be passed is not known.
    """
    answer, names = is_hole(passing)
    if not settled(answer, "whether it lets any role be passed to any service is not known"):
        return Pass()
    return Fail(
        f"{', '.join(names)} may pass any role to any service, even an administrator's",
        fix=f"Allow iam:PassRole on the restore role only, with iam:PassedToService = {BACKUP_SERVICE}.",
        evidence={"callers": list(names), "action": "iam:PassRole"},
        changes=restrict_pass_role(passing.policies, names_pass_role, estate.efs_restore_roles),
        focus=hole_focus(passing),
        related=resources("A restore role that would do:", estate.efs_restore_roles),
    )


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[PassingPolicy]:
    return passing_policies(estate.restore_grants)


RULE = Rule(
    "RR406",
    "pass-role-on-every-role",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=GRANT_TERRAFORM,
    cloudformation=GRANT_CLOUDFORMATION,
)
