"""Backup plans and copies go to a vault that takes them.

## What it does
Finds backup plans whose target vault, or the destination of a copy, is `aws/efs/automatic-backup-vault`. The plans
of a backup policy of AWS Organizations count too.

## Why is this bad?
AWS keeps that vault for the automatic EFS backups. Jobs and copies that any other plan sends there fail with
"insufficient privileges", and what does lie in it can't be restored until its access policy is edited.

## Example
```terraform
resource "aws_backup_plan" "daily" {
  name = "daily"

  rule {
    rule_name         = "daily"
    target_vault_name = "aws/efs/automatic-backup-vault"
  }
}
```

Use instead:
```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_plan" "daily" {
  name = "daily"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.efs.name
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/working-with-supported-services.html
- https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html
"""

from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, plans
from restore_ready.coverage._automatic import VAULT
from restore_ready.iam import matches
from restore_ready.model import (
    Estate,
    Fail,
    Pass,
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Rule,
    Severity,
    Str,
    Truth,
    Unknown,
    Unresolved,
    Verdict,
    any_true,
    unresolved_reason,
)


def judge(plan: Plan, estate: Estate, _requirements: Requirements) -> Verdict:
    """Fail a plan that sends recovery points to the automatic vault.

    Raises:
        Open: if the plan's rules are not known.
    """
    own = {vault.address for vault in estate.vaults}
    return judge_each(plan, lambda rule: _judge_rule(rule, own))


def _judge_rule(rule: PlanRule, own: set[str]) -> Verdict:
    target = _is_automatic_vault(rule.efs_vault, own)
    copied = _copies_there(rule, own)
    if target is True or copied is True:
        what = "its target vault" if target is True else "the destination of a copy"
        return Fail(
            f"{what} is {VAULT}, which refuses everything but automatic backups",
            fix="Name a backup vault of your own.",
            evidence={"vault": VAULT},
        )
    undecided = next((answer for answer in (target, copied) if isinstance(answer, Unresolved)), None)
    return Pass() if undecided is None else Unknown(f"the vault is not known: {undecided.why}")


def _copies_there(rule: PlanRule, own: set[str]) -> Truth:
    if isinstance(rule.copies, Unresolved):
        return rule.copies
    return any_true(_is_automatic_vault(copy.destination, own) for copy in rule.copies)


def _is_automatic_vault(vault: Str, own: set[str]) -> Truth:
    """Return whether a vault's name or ARN is the automatic one; one of the vaults at the addresses *own* never is."""
    if isinstance(vault, Ref):
        return False if vault.target in own else Unresolved(unresolved_reason(vault))
    return any_true([matches(VAULT, vault), matches(f"arn:*:backup-vault:{VAULT}", vault)])


RULE = Rule(
    "RR303",
    "plan-targets-automatic-vault",
    Severity.ERROR,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
