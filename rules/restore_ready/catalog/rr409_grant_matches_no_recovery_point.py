"""What grants the start of a restore takes in recovery points.

## What it does
Finds policies that grant `backup:StartRestoreJob` where no recovery point of EFS can be: on the ARN of a backup vault,
a file system or something else that is no recovery point, or on recovery points of another Region or account only.
Vaults, plans, file systems and the destinations of copies tell in which Regions recovery points lie; without any, it is
the Region of the provider. What a live account has in Regions that were not audited is left open. A grant passes if
everybody who holds it may start restores by another policy, and so does one on recovery points of other services.

## Why is this bad?
AWS asks for the right to start a restore on the recovery point, and on nothing else. Granted on the vault it reads as
if it were limited with care, and never applies: every restore is refused with AccessDenied.

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
        Resource = "arn:aws:backup:eu-west-1:111122223333:backup-vault:efs"
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
        Resource = "arn:aws:backup:eu-west-1:111122223333:recovery-point:*"
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
- https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
"""

from collections.abc import Iterable, Iterator

from restore_ready.access._constants import START_RESTORE
from restore_ready.access._grants import Caller, callers
from restore_ready.access._recovery_point_grants import can_match, granted_on
from restore_ready.access._resource_types import GRANT_CLOUDFORMATION, GRANT_TERRAFORM
from restore_ready.access._restore_grants import Grant
from restore_ready.access._statements import written
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Statement,
    Str,
    Truth,
    Unresolved,
    Verdict,
    settled,
    show,
)


def judge(grant: Grant, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a grant of restores to somebody who may start none by any policy.

    Raises:
        Open: if what it is granted on, or on what else, is not known.
    """
    granted = granted_on(grant.policies)
    own = can_match(granted, estate)
    if own is True:
        return Pass()
    answers = [(caller, _may_start_some(caller, estate)) for caller in callers(grant) if not caller.service_only]
    stuck = [caller.name for caller, answer in answers if answer is False]
    if own is False and stuck:
        listed = dict.fromkeys(show(entry) for statement in granted for entry in _resources(statement))
        resources = ", ".join(listed)
        return Fail(
            f"{', '.join(stuck)} may call {START_RESTORE} on no recovery point here, only on what none can match: "
            f"{resources}; the restore will be refused",
            fix=f"Grant {START_RESTORE} on arn:aws:backup:REGION:ACCOUNT:recovery-point:* of where the vaults are.",
            evidence={"callers": stuck, "resources": list(listed)},
            focus=written(grant.policies, granted.__contains__, "resources"),
        )
    for _, answer in answers:
        settled(answer)
    return Pass()


def _resources(statement: Statement) -> Iterator[Str]:
    yield from statement.resources if isinstance(statement.resources, tuple) else ()


def _may_start_some(caller: Caller, estate: JudgedEstate) -> Truth:
    answer = can_match(granted_on(caller.policies), estate)
    unread = caller.open_grant(START_RESTORE)
    return unread if answer is False and isinstance(unread, Unresolved) else answer


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[Grant]:
    return estate.restore_grants


RULE = Rule(
    "RR409",
    "grant-matches-no-recovery-point",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=GRANT_TERRAFORM,
    cloudformation=GRANT_CLOUDFORMATION,
)
