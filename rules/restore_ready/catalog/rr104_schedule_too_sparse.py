"""Backups run as often as is required.

## What it does
Evaluates the schedules of a backup plan over two years, each in its time zone and with the changes of its clocks, and
compares the longest time between two backups with the longest allowed: 24 hours, or `backup.every` of the
requirements. All rules of a plan count together. A plan that is too sparse alone passes if everything it
covers is backed up often enough by the other plans of the same configuration, or by automatic backups, together with
it. A rule without a schedule runs daily at 05:00 UTC, which is AWS's default.

## Why is this bad?
What was written since the last backup is lost. A plan for working days loses a weekend's work, and a weekly one up to
seven days.

## Example
```terraform
resource "aws_backup_plan" "weekly" {
  name = "weekly"

  rule {
    rule_name         = "weekly"
    target_vault_name = "efs"
    schedule          = "cron(0 13 ? * SUN *)"
    start_window      = 60
    completion_window = 180
  }
}
```

Use instead:
```terraform
resource "aws_backup_plan" "weekly" {
  name = "weekly"

  rule {
    rule_name         = "weekly"
    target_vault_name = "efs"
    schedule          = "cron(0 13 ? * SUN *)"
    start_window      = 60
    completion_window = 180
  }

  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    schedule          = "cron(0 13 ? * MON-SAT *)"
    start_window      = 60
    completion_window = 180
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
- https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

from restore_ready._words import show_minutes
from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, plans
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Plan,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    settled,
)
from restore_ready.timing._interval import TWO_YEARS, Neighbours, is_dense, timetable, widest_gap
from restore_ready.timing._windows import days_ahead


def judge(plan: Plan, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a plan whose backups are too far apart.

    Raises:
        Open: if whether plans beside it fill the gaps is not known.
    """
    days = days_ahead(requirements, TWO_YEARS)
    own = timetable(plan, days)
    every = requirements.every
    if is_dense(own.runs, days, every):
        return Pass()
    if own.unknown:
        return Unknown("; ".join(dict.fromkeys(own.unknown)))
    if settled(Neighbours(plan, estate, requirements).fill_the_gaps()):
        return Pass()
    gap = widest_gap(own.runs, days)
    ran = any(run.at for run in own.runs)
    said = f"backups are up to {show_minutes(gap)} apart" if ran else "it backs up nothing within two years"
    return Fail(
        f"{said}; one is required every {show_minutes(every)}",
        fix="Schedule a rule that runs more often, or cover the same resources by a plan that does.",
        evidence={"gap": gap if ran else None, "every": every},
    )


RULE = Rule(
    "RR104",
    "schedule-too-sparse",
    Severity.WARNING,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
    about_coverage=True,
)
