"""The role that a restore operator may pass is one that AWS Backup can restore with.

## What it does
Looks at principals that may start restores and have `iam:PassRole`, and finds those whom it can't help:
it is limited to another service by `iam:PassedToService`; or it reaches no restore role of the configuration
(AWSBackupOperatorAccess and AWSBackupFullAccess pass only roles with `AwsBackup` or `AWSBackup` in their ARN, letter
case counts); or it names only roles that AWS Backup can't assume, such as those of ECS tasks; or only roles of another
account, none of which can be passed. It is not judged where the roles are out of sight.

In a live account it also finds `iam:PassRole` on roles that do not exist there, and names what is called the same on
another path: `role/AWSBackupDefaultServiceRole` is not `role/service-role/AWSBackupDefaultServiceRole`.

## Why is this bad?
The permission is there, the review is done, and the restore is refused all the same.

## Example
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
        Resource  = "*"
        Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
      },
    ]
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
        Resource  = "*"
        Condition = { StringEquals = { "iam:PassedToService" = "backup.amazonaws.com" } }
      },
    ]
  })
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from collections.abc import Iterable

from msgspec.structs import replace

from restore_ready.access._grants import PassedGrant, callers
from restore_ready.access._pass_role import judge_pass_role
from restore_ready.access._pass_role_reach import pass_role_statements
from restore_ready.access._resource_types import GRANT_CLOUDFORMATION, GRANT_TERRAFORM
from restore_ready.access._restore_grants import granted_at
from restore_ready.catalog._changes import allow_pass_role, curable, redirect_pass_role
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.catalog._related import resources, statement
from restore_ready.index import RoleIndex
from restore_ready.model import Fail, Requirements, Rule, Severity, Verdict


def judge(passed: PassedGrant, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a grant to somebody whose iam:PassRole can't serve a restore."""
    verdict = judge_pass_role(passed.callers, passed.restore_roles, estate)
    policies = [policy for caller in passed.callers for policy in caller.policies]
    if isinstance(verdict, Fail):
        related = (
            *statement("The start of a restore is granted here", granted_at(policies)),
            *resources("A restore role that it does not reach:", estate.efs_restore_roles),
        )
        verdict = replace(verdict, related=related)
    redirected = redirect_pass_role(passed.address, policies, estate.efs_restore_roles)
    return curable(verdict, redirected or allow_pass_role(passed.address, policies, estate.efs_restore_roles))


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[PassedGrant]:
    roles = RoleIndex(estate.restore_roles)
    for grant in estate.restore_grants:
        calling = [caller for caller in callers(grant) if not caller.service_only]
        passing = tuple(caller for caller in calling if pass_role_statements(caller.policies))
        if passing:
            yield PassedGrant(grant.address, grant.place, passing, roles)


RULE = Rule(
    "RR402",
    "pass-role-of-no-use",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=GRANT_TERRAFORM,
    cloudformation=GRANT_CLOUDFORMATION,
)
