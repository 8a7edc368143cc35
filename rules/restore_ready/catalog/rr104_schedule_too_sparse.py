"""Backups run as often as is required.

## What it does
Evaluates the schedules of a backup plan over two years, each in its time zone and with the changes of its clocks, and
compares the longest time between two backups with the longest allowed: 24 hours, or `backup.every` of the
requirements. All rules of a plan count together, but where the start windows of two rules meet, AWS runs only the one
that is kept longer. A plan that is too sparse alone passes if everything it covers is backed up often enough by the
other plans of the same configuration, or by automatic backups, together with it. A rule without a schedule runs daily
at 05:00 UTC, which is AWS's default. It is advice only where nobody wrote `backup.every` and no EFS is in sight.

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
from restore_ready.coverage._service_role import chooses_efs
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Focus,
    Pass,
    Plan,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
    settled,
)
from restore_ready.timing._interval import TWO_YEARS, Neighbours, Timetable, is_dense, timetable, widest_gap
from restore_ready.timing._time_zones import Days
from restore_ready.timing._windows import Runs, days_ahead, runs_of


def judge(plan: Plan, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a plan whose backups are too far apart.

    Raises:
        Open: if whether plans beside it fill the gaps is not known.
    """
    days = days_ahead(requirements, TWO_YEARS)
    own = timetable(plan, days)
    every = requirements.objective
    if is_dense(own.runs, days, every):
        return Pass()
    if own.unknown:
        return Unknown("; ".join(dict.fromkeys(own.unknown)))
    if settled(Neighbours(plan, estate, requirements).fill_the_gaps()):
        return Pass()
    if own.doubt and is_dense(own.possible, days, every):
        return Unknown(own.doubt)
    gap = widest_gap(own.possible, days)
    ran = any(run.at for run in own.possible)
    said = f"backups are up to {show_minutes(gap)} apart" if ran else "it backs up nothing within two years"
    return Fail(
        f"{said}{_displaced(plan, own, days)}; one is required every {show_minutes(every)}",
        fix="Schedule a rule that runs more often, or cover the same resources by a plan that does.",
        severity=Severity.INFO if requirements.every is None and not _efs_in_sight(plan, estate) else None,
        evidence={"gap": gap if ran else None, "every": every},
        focus=_first_schedule(plan),
    )


def _first_schedule(plan: Plan) -> Focus | None:
    rules = () if isinstance(plan.rules, Unresolved) else plan.rules
    return next((found for rule in rules if (found := rule.places.of("schedule")) is not None), None)


def _displaced(plan: Plan, own: Timetable, days: Days) -> str:
    """Return that some runs do not count, where they are displaced by those of rules that are kept longer."""
    rules = () if isinstance(plan.rules, Unresolved) else plan.rules
    scheduled = sum(
        len(runs.at) for rule in rules if isinstance(runs := runs_of(rule.schedule, rule.time_zone, days), Runs)
    )
    left = sum(len(runs.at) for runs in own.possible)
    return " (of rules whose start windows meet, AWS runs the one kept longer)" if left < scheduled else ""


def _efs_in_sight(plan: Plan, estate: EstateIndex) -> bool:
    """Return whether a file system is declared beside *plan*, or the plan's selections name EFS."""
    selections = estate.selections_by_plan.get(plan.address, ())
    return bool(estate.file_systems) or any(chooses_efs(selection, estate) is True for selection in selections)


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
    milder=(Severity.INFO,),
)
