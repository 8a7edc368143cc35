"""A backup job has time enough to complete.

## What it does
Compares the completion window of every rule of a backup plan with the time that a first backup of the largest file
system it covers takes at AWS's published ceiling of 400 MB/s. Sizes are declared as `backup.sizes` in the requirements,
by patterns of addresses or `Name` tags; in a live account, file systems without backups have the size that AWS meters.
Others are not judged.

## Why is this bad?
A job that has not completed when its window ends expires, and leaves no complete recovery point. The next one picks up
where it stopped, so the first full backup may take many nights, if it ever comes about.

## Example
```requirements
version: 1
backup:
  sizes: {"*data": 6TiB}
```

```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    completion_window = 180
  }
}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = aws_backup_plan.nightly.id
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    completion_window = 600
  }
}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = aws_backup_plan.nightly.id
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}
```

## References
- https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from collections.abc import Iterable

from msgspec import Struct

from restore_ready._words import show_minutes
from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each
from restore_ready.coverage._coverage import covers
from restore_ready.history._sizes import least_minutes, show_bytes, sized_file_systems
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Place,
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
    settled,
)


class Load(Struct, frozen=True):
    """A file system that a plan covers, and its size in bytes; *open_part* says why it may not be covered."""

    file_system: str
    size: int
    open_part: str = ""


class LoadedPlan(Struct, frozen=True):
    """A plan with what it has to back up: the largest file system that it covers, and the largest it may cover."""

    address: str
    place: Place
    plan: Plan
    loads: tuple[Load, ...]


def _subjects(estate: EstateIndex, requirements: Requirements) -> Iterable[LoadedPlan]:
    largest: dict[tuple[str, bool], Load] = {}
    sizes = {file_system.address: size for file_system, size in sized_file_systems(estate, requirements.sizes)}
    for selection in estate.selections if sizes else ():
        if not isinstance(selection.plan, Ref):
            continue
        for file_system in estate.chosen_file_systems.reached_by((selection,)):
            size = sizes.get(file_system.address)
            if size is None:
                continue
            answer = covers(selection, file_system)
            key = (selection.plan.target, isinstance(answer, Unresolved))
            if answer is not False and (key not in largest or largest[key].size < size):
                largest[key] = Load(file_system.address, size, answer.why if isinstance(answer, Unresolved) else "")
    for plan in estate.plans:
        loads = tuple(largest[key] for key in ((plan.address, False), (plan.address, True)) if key in largest)
        if loads:
            yield LoadedPlan(plan.address, plan.place, plan, loads)


def judge(subject: LoadedPlan, _estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a plan whose jobs can't complete within their window even at AWS's ceiling.

    Raises:
        Open: if the plan's rules are not known.
    """
    verdicts = (_judge_load(subject.plan, load) for load in subject.loads)
    return next((verdict for verdict in verdicts if not isinstance(verdict, Pass)), Pass())


def _judge_load(plan: Plan, load: Load) -> Verdict:
    return judge_each(plan, lambda rule: _judge_rule(rule, load), "completion_window")


def _judge_rule(rule: PlanRule, load: Load) -> Verdict:
    needed = least_minutes(load.size)
    window = settled(rule.completion_window, "the completion window is not known")
    if window >= needed:
        return Pass()
    message = (
        f"a job is ended after {show_minutes(window)}, too soon: {show_bytes(load.size)} of {load.file_system} take "
        f"{show_minutes(needed)} and more at AWS's 400 MB/s"
    )
    if load.open_part:
        return Unknown(f"if it covers {load.file_system}, {message}: {load.open_part}")
    return Fail(
        message,
        fix=f"Set the completion window to well over {needed} minutes, or back up parts of the data by themselves.",
        evidence={"minutes": window, "needed": needed, "bytes": load.size, "file_system": load.file_system},
    )


RULE = Rule(
    "RR205",
    "completion-window-too-short",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
