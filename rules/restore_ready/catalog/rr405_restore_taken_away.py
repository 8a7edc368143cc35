"""Nothing takes away from a restore operator what its policies grant.

## What it does
Finds principals that are granted the start of a restore by name (or are called like a restore operator and are granted
it in any way), but are refused it, or the `iam:PassRole` that they hold for it, by another policy: an explicit Deny in
one of their own or their groups' policies, a permissions boundary that denies it or leaves it out, a service control
policy on the account, or the policies of the vaults that backup plans write to, where these deny the principal by name
or by kind. A policy that nobody in sight holds is judged by itself: it may deny what it grants. A call is taken to be
made with multi-factor authentication.

In sources, service control policies on an organizational unit or a root leave it open whether they bind the account;
that is said where they would refuse a restore. Of a live account they are known where the organization was asked
(`audit --org`); a member account can't ask, and is not judged. One that lists what is allowed leaves open what it does
not list. A vault that denies restores to everyone is RR301's.

## Why is this bad?
An Allow is what reviews look for, and in the emergency one Deny overrides it. A boundary that was written for daily
work seldom has `iam:PassRole` in it.

## Example
```terraform
resource "aws_iam_user" "restore" {
  name                 = "restore"
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["backup:*", "elasticfilesystem:*"], Resource = "*" }]
  })
}

resource "aws_iam_user_policy" "restore" {
  user = aws_iam_user.restore.name
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

Use instead:
```terraform
resource "aws_iam_user" "restore" {
  name                 = "restore"
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["backup:*", "elasticfilesystem:*"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
      },
    ]
  })
}

resource "aws_iam_user_policy" "restore" {
  user = aws_iam_user.restore.name
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
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from collections.abc import Iterable

from restore_ready.access._denials import Denial, taken_from
from restore_ready.access._operators import Grantee, grantees
from restore_ready.access._resource_types import GRANT_CLOUDFORMATION, GRANT_TERRAFORM
from restore_ready.access._restore_grants import granted_at
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.catalog._related import statement
from restore_ready.iam import PolicyType
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
)
from restore_ready.vaults._recovery_points import RecoveryPointVaults

_NO_VAULTS = RecoveryPointVaults(())
_FIXES = {
    PolicyType.BOUNDARY: "Allow the action in the permissions boundary.",
    PolicyType.SERVICE_CONTROL: "Exempt the principal in the service control policy, by aws:PrincipalArn.",
    PolicyType.RESOURCE: "Exempt the principal in the vault's access policy, by aws:PrincipalArn.",
}


def judge(grantee: Grantee, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail a restore operator from whom a policy takes away what another grants, or a policy that does so itself."""
    vaults = _NO_VAULTS if grantee.holds_one_policy else estate.open_vaults
    found = list(taken_from(grantee.principal, estate, estate.restore_roles, vaults))
    taken = [denial for denial in found if isinstance(denial, Denial)]
    unknown = [denial.why for denial in found if isinstance(denial, Unresolved)]
    if not taken:
        return Unknown(unknown[0]) if unknown else Pass()
    return Fail(
        f"{grantee.name} {'; '.join(_sentence(denial) for denial in taken)}; the restore will be refused",
        fix=_FIXES.get(taken[0].policy_type, "Take the action out of the Deny, or the principal."),
        evidence={"principal": grantee.principal.label, "taken": [_evidence(denial) for denial in taken]},
        focus=taken[0].focus,
        related=(
            *statement("The start of a restore is granted here", granted_at(grantee.principal.policies)),
            *(cited for denial in taken for cited in statement(_sentence(denial), denial.focus)),
        ),
    )


def _sentence(taken: Denial) -> str:
    where = f" on vault {taken.where}" if taken.where else ""
    return f"is granted {taken.action} in vain:{where} {taken.why}"


def _evidence(taken: Denial) -> dict[str, object]:
    return {
        "action": taken.action,
        "stage": taken.policy_type.value,
        "policy": taken.policy,
        "statement": taken.statement,
    }


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[Grantee]:
    return grantees(estate.restore_grants)


RULE = Rule(
    "RR405",
    "restore-taken-away",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=GRANT_TERRAFORM,
    cloudformation=GRANT_CLOUDFORMATION,
)
