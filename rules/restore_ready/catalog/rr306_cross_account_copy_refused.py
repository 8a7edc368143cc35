"""Copies to other accounts can work.

## What it does
Finds backup plans with a copy action to a vault of another account that can't work: the settings of the organization,
where they are in sight, switch such copies off; the destination is the vault `Default`; or the destination is in sight
and its policy does not let the plan's account `backup:CopyIntoBackupVault`. A destination out of sight is not judged.

The account of a plan has to be known: from the provider (`allowed_account_ids`, `assume_role`) or the audit. A template
does not tell where it is deployed. Keys are not judged: EFS can be copied whether customer managed keys or AWS's own
encrypt the vaults.

## Why is this bad?
AWS takes the plan, and every copy job fails. The copy in another account is what is left when an account is lost to an
attacker or an accident.

## Example
```terraform
provider "aws" {
  allowed_account_ids = ["111122223333"]
}

provider "aws" {
  alias               = "safe"
  allowed_account_ids = ["444455556666"]
}

resource "aws_backup_vault" "copies" {
  provider = aws.safe
  name     = "copies"
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    copy_action {
      destination_vault_arn = aws_backup_vault.copies.arn
    }
  }
}
```

Use instead:
```terraform
provider "aws" {
  allowed_account_ids = ["111122223333"]
}

provider "aws" {
  alias               = "safe"
  allowed_account_ids = ["444455556666"]
}

resource "aws_backup_vault" "copies" {
  provider = aws.safe
  name     = "copies"
}

resource "aws_backup_vault_policy" "copies" {
  provider          = aws.safe
  backup_vault_name = aws_backup_vault.copies.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "backup:CopyIntoBackupVault"
      Resource  = "*"
    }]
  })
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    copy_action {
      destination_vault_arn = aws_backup_vault.copies.arn
    }
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateGlobalSettings.html
- https://repost.aws/knowledge-center/backup-cross-account-copy
"""

from collections.abc import Iterable
from typing import TypeVar

from restore_ready.catalog._plans import PLAN_TERRAFORM, judge_each
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Copy,
    Fail,
    Pass,
    Plan,
    PlanRule,
    Requirements,
    Rule,
    Severity,
    Source,
    Unknown,
    Unresolved,
    Verdict,
    gravity,
    settled,
)
from restore_ready.vaults._cross_account import COPY_INTO, crossing

T = TypeVar("T", PlanRule, Copy)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[Plan]:
    """Return the plans with a copy of which it can be told whether it goes to another account, or fails if it does."""
    if estate.source is Source.CLOUDFORMATION:
        return
    for plan in estate.plans:
        copies = (copy for rule in _known(plan.rules) for copy in _known(rule.copies))
        if any(crossing(copy, plan, estate).is_told for copy in copies):
            yield plan


def _known(values: tuple[T, ...] | Unresolved) -> tuple[T, ...]:
    return () if isinstance(values, Unresolved) else values


def judge(plan: Plan, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a plan whose copies to another account can't work.

    Raises:
        Open: if the plan's rules are not known.
    """
    return judge_each(plan, lambda rule: _judge_rule(rule, plan, estate), "copies")


def _judge_rule(rule: PlanRule, plan: Plan, estate: EstateIndex) -> Verdict:
    copies = settled(rule.copies, "its copies are not known")
    return max((_judge_copy(copy, plan, estate) for copy in copies), key=gravity, default=Pass())


def _judge_copy(copy: Copy, plan: Plan, estate: EstateIndex) -> Verdict:
    found = crossing(copy, plan, estate)
    if found.crosses is False:
        return Pass()
    faults = [fault for fault in found.faults if isinstance(fault, str)]
    if isinstance(found.crosses, Unresolved):
        perhaps = f"; if its copy goes to another account, {faults[0]}" if faults else ""
        return Unknown(f"{found.crosses.why}{perhaps}")
    if faults:
        return Fail(
            f"its copy to another account fails: {'; '.join(faults)}",
            fix="Switch copies to other accounts on (isCrossAccountBackupEnabled), and copy to a vault other than "
            f"Default whose policy lets this account {COPY_INTO}.",
            evidence={"reasons": faults},
        )
    return next((Unknown(fault.why) for fault in found.faults if isinstance(fault, Unresolved)), Pass())


RULE = Rule(
    "RR306",
    "cross-account-copy-refused",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=(),
)
