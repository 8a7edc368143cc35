"""Backup plans and copies go to a vault that takes them.

## What it does
Finds backup plans whose target vault, or the destination of a copy, is `aws/efs/automatic-backup-vault`. The plans
of a backup policy of AWS Organizations count too.

In a live account it also finds plans whose vault, or the destination of a copy in the same account, does not exist in
the Region it is looked for in: the account lists its vaults whole. A backup policy of AWS Organizations names vaults
that every account has to have; its plans stand among the account's own. Vaults in other accounts are not judged, and
the vault `Default` is not known to be missing: AWS Backup's console makes it when it is first used.

## Why is this bad?
AWS keeps that vault for the automatic EFS backups. Jobs and copies that any other plan sends there fail with
"insufficient privileges", and what does lie in it can't be restored until its access policy is edited.

A plan keeps the name of a vault that was deleted, or that was never made in this account, and every job fails.

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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup.html
"""

from collections.abc import Collection, Iterable, Iterator

from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, plans
from restore_ready.coverage._automatic import VAULT
from restore_ready.coverage._service_role import spares_efs
from restore_ready.iam import matches
from restore_ready.index import EstateIndex, Missing
from restore_ready.model import (
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


def judge(plan: Plan, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a plan that sends recovery points to the automatic vault, or to one that does not exist.

    Raises:
        Open: if the plan's rules are not known.
    """
    own = estate.vaults_by_address.keys()
    has_lists = bool(estate.listings) and not spares_efs(plan, estate)
    return judge_each(plan, lambda rule: _judge_rule(rule, own, _unseen(rule, plan, estate) if has_lists else ()))


def _judge_rule(rule: PlanRule, own: Collection[str], unseen: Iterable[Missing | Unresolved]) -> Verdict:
    target = _is_automatic_vault(rule.efs_vault, own)
    copied = _copies_there(rule, own)
    if target is True or copied is True:
        what = "its target vault" if target is True else "the destination of a copy"
        return Fail(
            f"{what} is {VAULT}, which refuses everything but automatic backups",
            fix="Name a backup vault of your own.",
            evidence={"vault": VAULT},
        )
    doubts = list(unseen)
    missing = [vault for vault in doubts if isinstance(vault, Missing)]
    if missing:
        said = " and ".join(f"the vault {vault.name} {vault.said}" for vault in missing)
        return Fail(
            f"{said}: every job that goes there fails",
            fix="Create the vault, or name one that exists.",
            evidence={"vault": missing[0].name, "missing": [vault.name for vault in missing]},
        )
    undecided = next((answer for answer in (target, copied) if isinstance(answer, Unresolved)), None)
    doubt = next((vault for vault in doubts if isinstance(vault, Unresolved)), None)
    if undecided is None and doubt is not None:
        return Unknown(doubt.why)
    return Pass() if undecided is None else Unknown(f"the vault is not known: {undecided.why}")


def _unseen(rule: PlanRule, plan: Plan, estate: EstateIndex) -> Iterator[Missing | Unresolved]:
    """Yield the vaults of a rule that a live account does not have, and why others may be missing."""
    copies = () if isinstance(rule.copies, Unresolved) else rule.copies
    named = (rule.efs_vault, *(copy.destination for copy in copies))
    found = [estate.sight.vault(vault, plan.aws_place) for vault in named]
    return (vault for vault in dict.fromkeys(found) if isinstance(vault, (Missing, Unresolved)))


def _copies_there(rule: PlanRule, own: Collection[str]) -> Truth:
    if isinstance(rule.copies, Unresolved):
        return rule.copies
    return any_true(_is_automatic_vault(copy.destination, own) for copy in rule.copies)


def _is_automatic_vault(vault: Str, own: Collection[str]) -> Truth:
    """Return whether a vault's name or ARN is the automatic one; one of the vaults at the addresses *own* never is."""
    if isinstance(vault, Ref):
        return False if vault.target in own else Unresolved(unresolved_reason(vault))
    return any_true([matches(VAULT, vault), matches(f"arn:*:backup-vault:{VAULT}", vault)])


RULE = Rule(
    "RR303",
    "plan-targets-unusable-vault",
    Severity.ERROR,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
