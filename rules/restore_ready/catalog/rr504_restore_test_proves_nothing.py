"""Every restore test is one that AWS accepts and that can prove something.

## What it does
Finds restore testing plans that AWS Backup refuses: a name with hyphens, a schedule that is not `cron(…)`, a start
window outside 1 to 168 hours, a selection window outside 1 to 365 days, no vault, or vaults by name. Selections with
condition keys that do not begin with `aws:ResourceTag/`, with conditions beside ARNs, or in Terraform beside `"*"`: AWS
takes these together, the provider only one of them.

In a live account also a role that does not exist there, or vaults none of which does.

It finds tests that prove nothing: all vaults excluded, a vault whose policy denies the restore to them, a schedule that
never comes round or finds no recovery point in its window, a selection without a plan, for the wrong type of recovery
points, or with a role that can't restore. As a warning, it finds plans without a selection, and those that run less
often than the recovery points of what they test expire.

## Why is this bad?
What is refused stops the deployment half way. A test that never restores anything is worse than none: everybody counts
on it. And where recovery points expire between two tests, a failed test leaves none that is known to be good.

AWS Backup starts tests as its service-linked role AWSServiceRoleForBackupRestoreTesting. A vault policy that denies
`backup:StartRestoreJob` to everyone, or to everyone but the restore operators, denies it to that role too.

## Example
```terraform
resource "aws_backup_restore_testing_plan" "monthly" {
  name                = "monthly-restore-test"
  schedule_expression = "rate(30 days)"

  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = ["*"]
    recovery_point_types = ["SNAPSHOT"]
  }
}
```

Use instead:
```terraform
resource "aws_backup_restore_testing_plan" "monthly" {
  name                = "monthly_restore_test"
  schedule_expression = "cron(0 16 1 * ? *)"

  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = ["*"]
    recovery_point_types = ["SNAPSHOT"]
  }
}

resource "aws_backup_restore_testing_selection" "efs" {
  name                      = "efs"
  restore_testing_plan_name = aws_backup_restore_testing_plan.monthly.name
  protected_resource_type   = "EFS"
  protected_resource_arns   = ["*"]
  iam_role_arn              = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles-AWSServiceRoleForBackupRestoreTesting.html
"""

from collections.abc import Iterable, Iterator, Sequence

from restore_ready.catalog._changes import curable, set_value
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.model import (
    Change,
    Fail,
    FileSystem,
    ListedKind,
    Pass,
    Requirements,
    RestoreTestPlan,
    RestoreTestSelection,
    Rule,
    Setting,
    Severity,
    Source,
    Unknown,
    Unresolved,
    Verdict,
    joined,
)
from restore_ready.restore_testing._absent import without_vaults
from restore_ready.restore_testing._membership import of_its_plan, of_its_role, without_selection
from restore_ready.restore_testing._selections import may_be_efs
from restore_ready.restore_testing._settings import Fault, Finding, plan_settings, selection_settings
from restore_ready.restore_testing._timing import finds_nothing, too_seldom
from restore_ready.restore_testing._vault_access import denied_by_vault


def _subjects(estate: JudgedEstate, _requirements: Requirements) -> Iterable[RestoreTestPlan | RestoreTestSelection]:
    for plan in estate.restore_test_plans:
        selections = estate.plans_of_restore_tests.selections_of(plan)
        if not selections or any(map(may_be_efs, selections)):
            yield plan
    yield from filter(may_be_efs, estate.restore_tests)


def judge(subject: RestoreTestPlan | RestoreTestSelection, estate: JudgedEstate, requirements: Requirements) -> Verdict:
    """Fail a restore test that AWS refuses or that can't prove anything."""
    if isinstance(subject, RestoreTestPlan):
        found = list(_of_plan(subject, estate, requirements))
    else:
        found = [*_own(subject, estate), *of_its_plan(subject, estate), *of_its_role(subject, estate)]
    faults = [fault for fault in found if isinstance(fault, Fault)]
    if faults:
        fail = joined(
            Fail(
                fault.said,
                fault.fix,
                fault.severity,
                {"faults": [fault.said]},
                focus=fault.focus or subject.places.of(fault.field),
            )
            for fault in faults
        )
        return curable(fail, _without_hyphens(subject))
    unknown = dict.fromkeys(doubt.why for doubt in found if isinstance(doubt, Unresolved))
    return Unknown("; ".join(unknown)) if unknown else Pass()


def _own(test: RestoreTestSelection, estate: JudgedEstate) -> Iterator[Finding]:
    return selection_settings(test, accepted=estate.source is Source.ACCOUNT)


def _without_hyphens(subject: RestoreTestPlan | RestoreTestSelection) -> tuple[Change, ...]:
    """Return it a name that AWS takes, if hyphens are what speaks against the one it has."""
    if not isinstance(subject.name, str) or "-" not in subject.name:
        return ()
    return set_value(subject, Setting.NAME, subject.name.replace("-", "_"))


def _of_plan(plan: RestoreTestPlan, estate: JudgedEstate, requirements: Requirements) -> Iterator[Finding]:
    yield from plan_settings(plan, requirements)
    yield from without_vaults(plan, estate)
    yield from without_selection(plan, estate)
    yield from _of_restored(plan, estate.tests.restored_by(plan), estate, requirements)
    for file_system, why in estate.tests.perhaps_restored_by(plan):
        if any(True for _ in _of_restored(plan, [file_system], estate, requirements)):
            yield why
            break
    hidden = estate.not_listed(ListedKind.FILE_SYSTEM, ListedKind.PLAN, ListedKind.VAULT)
    if hidden is not None:
        yield Unresolved(f"what it restores is not known: {hidden.why}")


def _of_restored(
    plan: RestoreTestPlan, restored: Sequence[FileSystem], estate: JudgedEstate, requirements: Requirements
) -> Iterator[Finding]:
    """Yield the faults of a plan that lie in how it goes with the backups of what it restores."""
    yield from too_seldom(plan, restored, estate, requirements)
    yield from finds_nothing(plan, restored, estate, requirements)
    yield from denied_by_vault(plan, restored, estate)


RULE = Rule(
    "RR504",
    "restore-test-proves-nothing",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(
        "aws_backup_restore_testing_plan",
        "aws_backup_restore_testing_selection",
        "awscc_backup_restore_testing_plan",
        "awscc_backup_restore_testing_selection",
    ),
    cloudformation=("AWS::Backup::RestoreTestingPlan", "AWS::Backup::RestoreTestingSelection"),
    milder=(Severity.WARNING,),
)
