"""Backups are kept as long as required, and no longer.

## What it does
Compares the retention of every rule of a backup plan with `backup.keep_at_least` and `backup.keep_at_most` of the
requirements. A rule keeps a backup long enough if the recovery point or one of its copies is kept that long; it keeps
one too long if any of them is. No retention means that recovery points are kept for ever.
Without either requirement, nothing is judged.

## Why is this bad?
Damage that is noticed after the last good recovery point was deleted can't be undone, and retention is what auditors
ask for first. Recovery points kept longer than allowed cost money and may break the law.

## Example
```requirements
version: 1
backup:
  keep_at_least: 35d
```

```terraform
resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    lifecycle {
      delete_after = 14
    }
  }
}
```

Use instead:
```terraform
resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    lifecycle {
      delete_after = 35
    }
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.catalog._changes import curable, set_window
from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, plans
from restore_ready.model import (
    Estate,
    Fail,
    Known,
    Pass,
    Plan,
    PlanRule,
    Requirements,
    Rule,
    Setting,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
)


def _subjects(estate: Estate, requirements: Requirements) -> Iterable[Plan]:
    unlimited = requirements.keep_at_least is None and requirements.keep_at_most is None
    return () if unlimited else plans(estate, requirements)


def judge(plan: Plan, _estate: Estate, requirements: Requirements) -> Verdict:
    """Fail a plan with a rule whose backups are kept too short or too long.

    Raises:
        Open: if the plan's rules are not known.
    """

    def judge_rule(rule: PlanRule) -> Verdict:
        verdict = _judge_rule(rule, requirements)
        if not isinstance(verdict, Fail) or rule.copies != ():
            return verdict
        wanted = verdict.evidence.get("keep_at_least", verdict.evidence.get("keep_at_most"))
        days = wanted if isinstance(wanted, int) else 0
        return curable(verdict, set_window(plan, rule, Setting.DELETE_AFTER, days))

    return judge_each(plan, judge_rule, "delete_after_days")


def _judge_rule(rule: PlanRule, requirements: Requirements) -> Verdict:
    kept = _kept(rule)
    verdicts = (_judge_least(kept, requirements.keep_at_least), _judge_most(kept, requirements.keep_at_most))
    for kind in (Fail, Unknown):
        if (found := next((verdict for verdict in verdicts if isinstance(verdict, kind)), None)) is not None:
            return found
    return Pass()


def _kept(rule: PlanRule) -> list[Known[int | None]]:
    """Return for how many days the recovery points of *rule* and their copies are kept."""
    own = rule.delete_after_days
    if isinstance(rule.copies, Unresolved):
        return [own, rule.copies]
    return [own, *(own if copy.delete_after_days is None else copy.delete_after_days for copy in rule.copies)]


def _judge_least(kept: list[Known[int | None]], least: int | None) -> Verdict:
    if least is None or None in kept:
        return Pass()
    longest = max((days for days in kept if isinstance(days, int)), default=0)
    if longest >= least:
        return Pass()
    if (unknown := _open(kept)) is not None:
        return unknown
    return Fail(
        f"its backups are kept {longest} days; at least {least} are required",
        fix=f"Delete recovery points, or those of a copy, after {least} days or more.",
        evidence={"days": longest, "keep_at_least": least},
    )


def _judge_most(kept: list[Known[int | None]], most: int | None) -> Verdict:
    if most is None:
        return Pass()
    longest = max((days for days in kept if isinstance(days, int)), default=0)
    if None not in kept and longest <= most:
        return _open(kept) or Pass()
    return Fail(
        f"its backups are kept {'for ever' if None in kept else f'{longest} days'}; at most {most} days are allowed",
        fix=f"Delete recovery points and their copies after at most {most} days.",
        evidence={"days": None if None in kept else longest, "keep_at_most": most},
    )


def _open(kept: list[Known[int | None]]) -> Unknown | None:
    why = next((days.why for days in kept if isinstance(days, Unresolved)), None)
    return None if why is None else Unknown(f"the retention is not known: {why}")


RULE = Rule(
    "RR103",
    "retention-off-requirement",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
