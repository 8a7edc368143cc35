"""Windows and schedules are ones that AWS accepts and that leave the job time to finish.

## What it does
Finds plan rules that AWS Backup refuses: a start window under 60 minutes; a completion window that is not 60 minutes
longer than the start window; a schedule that is `rate(…)`, `at(…)`, a cron expression not in AWS's six fields, or one
that runs more than once an hour. Terraform's provider always sends both windows, 60 and 180 minutes where they are left
out. Elsewhere a window that is left out is not sent, and what AWS compares the other one with is not known.
As a warning, it finds windows that are accepted but can't be meant: those over 43,200 minutes, which is 30 days, the
longest that AWS lets a backup run; most are seconds written for minutes.

## Why is this bad?
Terraform and CloudFormation check none of this before they deploy: the plan fails in the middle of the deployment, and
what it was to replace may be gone.

## Example
```terraform
resource "aws_backup_plan" "nightly" {
  name = "nightly"

  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    schedule          = "rate(1 day)"
    start_window      = 30
    completion_window = 180
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
    schedule          = "cron(0 13 * * ? *)"
    start_window      = 60
    completion_window = 180
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
- https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
- https://github.com/hashicorp/terraform-provider-aws/issues/8794
"""

from collections.abc import Iterator
from typing import Final

from restore_ready._words import show_minutes
from restore_ready.catalog._changes import curable, set_window
from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, plans
from restore_ready.model import (
    Change,
    Estate,
    Fail,
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
    unresolved_reason,
)
from restore_ready.model._why_open import UNDOCUMENTED
from restore_ready.timing._cron import runs_within_an_hour, why_refused

SHORTEST_START: Final = 60
SHORTEST_RUN: Final = 60
LONGEST: Final = 30 * 24 * 60
SECONDS: Final = 60


def judge(plan: Plan, _estate: Estate, _requirements: Requirements) -> Verdict:
    """Fail a plan with a rule that AWS refuses, or whose windows can't be meant.

    Raises:
        Open: if the plan's rules are not known.
    """

    def judge_rule(rule: PlanRule) -> Verdict:
        return curable(_judge_rule(rule), _changes(plan, rule))

    return judge_each(plan, judge_rule)


def _changes(plan: Plan, rule: PlanRule) -> tuple[Change, ...]:
    """Return minutes for seconds, and the shortest start window for one that is too short; no more is certain."""
    if isinstance(rule.start_window, Unresolved) or isinstance(rule.completion_window, Unresolved):
        return ()
    start, completion = _in_minutes(rule.start_window), _in_minutes(rule.completion_window)
    start = max(start, SHORTEST_START)
    if completion < start + SHORTEST_RUN or max(start, completion) > LONGEST:
        return ()
    changed = (
        (Setting.START_WINDOW, rule.start_window, start),
        (Setting.COMPLETION_WINDOW, rule.completion_window, completion),
    )
    return tuple(
        change for setting, old, new in changed if new != old for change in set_window(plan, rule, setting, new)
    )


def _in_minutes(window: int) -> int:
    seconds = window > LONGEST and window % SECONDS == 0
    return window // SECONDS if seconds else window


def _judge_rule(rule: PlanRule) -> Verdict:
    refused = [*_refused_schedule(rule), *_refused_window(rule)]
    doubtful = list(_doubtful(rule))
    if refused or doubtful:
        return Fail(
            ", and ".join([*refused, *doubtful]),
            fix="Set a start window of 60 minutes or more, a completion window at least 60 minutes longer, both in "
            "minutes, and a schedule cron(minutes hours day month weekday year).",
            severity=None if refused else Severity.WARNING,
            evidence={"refused": refused, "doubtful": doubtful},
            focus=rule.places.of(*_wrong(rule)),
        )
    unknown = list(_unknown(rule))
    return Unknown("; ".join(unknown)) if unknown else Pass()


def _wrong(rule: PlanRule) -> Iterator[str]:
    """Yield the fields that may be what is wrong, the likeliest first."""
    if any(_refused_schedule(rule)):
        yield "schedule"
    if not isinstance(rule.start_window, Unresolved) and not SHORTEST_START <= rule.start_window <= LONGEST:
        yield "start_window"
    yield "completion_window"
    yield "start_window"


def _refused_schedule(rule: PlanRule) -> Iterator[str]:
    if not isinstance(rule.schedule, str):
        return
    if refused := why_refused(rule.schedule):
        yield refused
    elif runs_within_an_hour(rule.schedule):
        yield f"AWS Backup refuses its schedule {rule.schedule}: it runs more than once an hour"


def _refused_window(rule: PlanRule) -> Iterator[str]:
    start = rule.start_window
    if not isinstance(start, Unresolved) and start < SHORTEST_START:
        yield f"AWS refuses its start window of {start} min: 60 min is the shortest"
    if _is_short(rule) and _both_sent(rule):
        yield f"AWS refuses {_both_windows(rule)}: it must be {SHORTEST_RUN} min longer"


def _is_short(rule: PlanRule) -> bool:
    """Return whether the completion window certainly is not an hour longer than the start window."""
    start, completion = rule.start_window, rule.completion_window
    if isinstance(start, Unresolved) or isinstance(completion, Unresolved) or start > LONGEST:
        return False
    return completion < start + SHORTEST_RUN


def _both_sent(rule: PlanRule) -> bool:
    return rule.defaults_sent is True or (rule.start_window_stated and rule.completion_window_stated)


def _both_windows(rule: PlanRule) -> str:
    windows = [
        f"{name} window of {show_minutes(window)}{'' if stated else ', the default'}"
        for name, window, stated in (
            ("completion", rule.completion_window, rule.completion_window_stated),
            ("start", rule.start_window, rule.start_window_stated),
        )
        if isinstance(window, int)
    ]
    return f"its {' beside its '.join(windows)}"


def _doubtful(rule: PlanRule) -> Iterator[str]:
    for name, window in (("start", rule.start_window), ("completion", rule.completion_window)):
        if not isinstance(window, Unresolved) and window > LONGEST:
            yield f"its {name} window is {show_minutes(window)}, which reads like seconds written for minutes"


def _unknown(rule: PlanRule) -> Iterator[str]:
    if rule.schedule is not None and (why := unresolved_reason(rule.schedule)):
        yield f"the schedule is not known: {why}"
    for name, window in (("start", rule.start_window), ("completion", rule.completion_window)):
        if isinstance(window, Unresolved):
            yield f"the {name} window is not known: {window.why}"
    if _is_short(rule) and not _both_sent(rule):
        yield f"whether AWS takes {_both_windows(rule)}, {UNDOCUMENTED.words} for a window that is left out"


RULE = Rule(
    "RR204",
    "windows-or-schedule-refused",
    Severity.ERROR,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
    milder=(Severity.WARNING,),
)
