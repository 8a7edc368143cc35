"""Whoever may start a restore can also find the recovery point, read its metadata and follow the job.

## What it does
Looks at principals that are granted the start of a restore by name (or are called like a restore operator and are
granted it in any way), and finds those that may not do what comes before and after it:

- find the recovery point: `backup:ListRecoveryPointsByBackupVault` or `backup:ListRecoveryPointsByResource`;
- read what the restore has to be told: `backup:GetRecoveryPointRestoreMetadata`;
- follow the job: `backup:DescribeRestoreJob` or `backup:ListRestoreJobs`;
- where all vaults that a file system can be restored from deny them the restore, lift that Deny:
  `backup:PutBackupVaultAccessPolicy` or `backup:DeleteBackupVaultAccessPolicy`, which the vault must not deny in turn.

All that limits the principal counts, as in RR405. Roles that only AWS services can assume are left out: a program may
be told which recovery point to restore.

## Why is this bad?
The call would be allowed, but in the emergency nobody knows its arguments. The console shows an empty list, the ARN of
the recovery point stands nowhere else, and whoever could look it up is asleep.

## Example
```terraform
resource "aws_iam_user" "restore" {
  name = "restore"
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
  name = "restore"
}

resource "aws_iam_user_policy" "restore" {
  user = aws_iam_user.restore.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "backup:DescribeRestoreJob",
          "backup:GetRecoveryPointRestoreMetadata",
          "backup:ListRecoveryPointsByBackupVault",
          "backup:StartRestoreJob",
        ]
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
- https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
"""

from collections.abc import Iterable

from restore_ready.access._decisions import may_do, may_start, refused_at, takes_away, truth_of
from restore_ready.access._operator_needs import Need, needs
from restore_ready.access._operators import operators
from restore_ready.access._resource_types import PRINCIPAL_CLOUDFORMATION, PRINCIPAL_TERRAFORM
from restore_ready.access._restore_grants import granted_at
from restore_ready.access._statements import only_for_services
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.model import Fail, Focus, Pass, Principal, Requirements, Rule, Severity, Verdict, all_true, settled


def judge(principal: Principal, estate: JudgedEstate, _requirements: Requirements) -> Verdict:
    """Fail an operator who may start a restore but lacks what comes before or after it.

    Raises:
        Open: if what it may do is not known.
    """
    found = list(needs(principal, estate, estate.vault_choices))
    lacking = [need for need in found if need.met is False]
    starts = truth_of(may_start(principal, estate).outcome)
    if starts is False or not lacking:
        if starts is not False:
            settled(all_true(need.met for need in found))
            _check_vaults(estate)
        return Pass()
    settled(starts)
    return Fail(
        f'{principal.kind.value} "{principal.label}" may start a restore, but can\'t '
        f"{'; nor '.join(_sentence(need) for need in lacking)}",
        fix="Grant the actions beside backup:StartRestoreJob: AWSBackupOperatorAccess has all but those that change a "
        "vault's policy.",
        evidence={
            "principal": principal.label,
            "missing": [{"what": need.what, "one_of": list(need.actions)} for need in lacking],
        },
        focus=_refused_at(principal, lacking[0], estate) or granted_at(principal.policies),
    )


def _check_vaults(estate: JudgedEstate) -> None:
    """Check that all vaults in use were seen, whose policies an operator may have to change.

    Raises:
        Open: if a live account does not show them.
    """
    if estate.open_vaults.refused is not None:
        settled(estate.open_vaults.refused, "which vaults it restores from is not known")


def _refused_at(principal: Principal, need: Need, estate: JudgedEstate) -> Focus | None:
    """Return where what an operator needs is taken from it, whatever on; ``None`` where it is not granted."""
    decisions = (may_do(principal, action, "*", estate) for action in need.actions)
    places = (refused_at(decision, principal) for decision in decisions if takes_away(decision))
    return next(filter(None, places), None)


def _sentence(need: Need) -> str:
    return f"{need.what} ({' or '.join(need.actions)})"


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[Principal]:
    return (principal for principal in operators(estate.restore_grants) if not only_for_services(principal))


RULE = Rule(
    "RR408",
    "operator-cannot-find-its-way",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=PRINCIPAL_TERRAFORM,
    cloudformation=PRINCIPAL_CLOUDFORMATION,
)
