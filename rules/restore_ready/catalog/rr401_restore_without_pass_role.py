"""Whoever may start a restore may also pass a role to it.

## What it does
Finds principals and policies that are granted the start of a restore by name (`backup:StartRestoreJob`, `backup:*`,
`backup:Start*`, an AWS Backup managed policy), and principals called like a restore operator that are granted it
in any way, but that have no `iam:PassRole` in any of their policies. A user's policies include those of its groups.
It is advice for a role that only AWS Backup can assume: nobody calls an API with it, so the grant serves nobody.

## Why is this bad?
`StartRestoreJob` needs a role that AWS Backup works with, and IAM asks whether the caller may pass it. Without
`iam:PassRole` the restore is refused with AccessDenied. PowerUserAccess looks mighty enough and isn't: it leaves
`iam:*` out.

## Example
```terraform
resource "aws_iam_policy" "restore" {
  name = "restore"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["backup:StartRestoreJob", "backup:DescribeRestoreJob"]
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
        Action   = ["backup:StartRestoreJob", "backup:DescribeRestoreJob"]
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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from collections.abc import Iterable

from msgspec.structs import replace

from restore_ready.access._constants import PASS_ROLE, START_RESTORE
from restore_ready.access._grants import Caller, callers
from restore_ready.access._pass_role_reach import pass_role_statements
from restore_ready.access._resource_types import GRANT_CLOUDFORMATION, GRANT_TERRAFORM
from restore_ready.access._restore_grants import Grant, granted_at
from restore_ready.catalog._changes import allow_pass_role
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.catalog._related import resources
from restore_ready.model import Fail, Pass, Requirements, Rule, Severity, Truth, Verdict, settled


def judge(grant: Grant, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a grant to somebody who has no iam:PassRole at all.

    Raises:
        Open: if whether a policy that could not be read holds one is not known.
    """
    answers = [(caller, _may_pass(caller)) for caller in callers(grant)]
    stuck = [caller for caller, answer in answers if answer is False]
    if stuck:
        related = (
            *resources("Held by", grant.holders),
            *resources("A restore role that it should be able to pass:", estate.efs_restore_roles),
        )
        fail = replace(_fail(stuck), focus=granted_at(grant.policies), related=related)
        if fail.severity is not None:
            return fail
        return replace(fail, changes=allow_pass_role(grant.address, grant.policies, estate.efs_restore_roles))
    for _, answer in answers:
        settled(answer)
    return Pass()


def _fail(stuck: list[Caller]) -> Fail:
    names = [caller.name for caller in stuck]
    served_nobody = all(caller.service_only for caller in stuck)
    who = ", which only AWS Backup can assume," if served_nobody else ""
    return Fail(
        f"{', '.join(names)}{who} may call {START_RESTORE} but has no iam:PassRole: the restore will be refused",
        fix="Grant it to the people who restore, with iam:PassRole on the restore role "
        "and iam:PassedToService = backup.amazonaws.com.",
        severity=Severity.INFO if served_nobody else None,
        evidence={"callers": names, "missing": "iam:PassRole"},
    )


def _may_pass(caller: Caller) -> Truth:
    if pass_role_statements(caller.policies):
        return True
    unread = caller.open_grant(PASS_ROLE)
    return False if unread is None else unread


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[Grant]:
    return estate.restore_grants


RULE = Rule(
    "RR401",
    "restore-without-pass-role",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=GRANT_TERRAFORM,
    cloudformation=GRANT_CLOUDFORMATION,
    milder=(Severity.INFO,),
)
