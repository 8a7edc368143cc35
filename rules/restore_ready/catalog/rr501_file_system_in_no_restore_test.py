"""Every file system that is backed up is restored by a restore test.

## What it does
Finds backed-up EFS file systems that no restore testing plan of AWS Backup restores: no selection for EFS chooses them,
by ARN or by `*` with tags, or the plan takes its recovery points from other vaults than those of their backups, such as
those of another Region. Where the requirements set `restore.rehearse_every`, it also finds file systems that are tested
less often. File systems that are in no backup are left to RR102; those whose backup plan is in another configuration
are not judged, since their restore tests may be there too.

AWS's policy of the vault of automatic backups denies `backup:StartRestoreJob`, by all that is known to restore tests as
well: what relies on automatic backups alone needs a backup plan with a vault of its own first.

## Why is this bad?
A backup that was never restored is a hope. That the vault denies the restore, that the role lacks a permission, or that
the files are not those that were needed is found out in the emergency. A restore testing plan restores a recovery point
to a new file system on a schedule, tells whether it worked and how long it took, and removes what it restored.

## Example
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_plan" "nightly" {
  name = "nightly"

  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    schedule          = "cron(0 13 * * ? *)"
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
    schedule          = "cron(0 13 * * ? *)"
  }
}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = aws_backup_plan.nightly.id
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}

resource "aws_backup_restore_testing_plan" "monthly" {
  name                = "monthly"
  schedule_expression = "cron(0 16 1 * ? *)"

  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = ["*"]
    recovery_point_types = ["SNAPSHOT"]
  }
}

resource "aws_backup_restore_testing_selection" "data" {
  name                      = "data"
  restore_testing_plan_name = aws_backup_restore_testing_plan.monthly.name
  protected_resource_type   = "EFS"
  protected_resource_arns   = [aws_efs_file_system.data.arn]
  iam_role_arn              = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html
"""

from collections.abc import Iterable, Iterator

from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.coverage._automatic import has_automatic_backups
from restore_ready.coverage._coverage import Covered, coverage, covered_elsewhere, hidden_in
from restore_ready.model import Fail, FileSystem, Requirements, Rule, Severity, Unknown, Unresolved, Verdict
from restore_ready.model._why_open import OTHER_CONFIGURATION, SAID_ELSEWHERE
from restore_ready.restore_testing._cures import cure_of
from restore_ready.restore_testing._frequency import judge_interval
from restore_ready.restore_testing._selections import SNAPSHOT, Tested, chooses, takes_snapshots
from restore_ready.vaults._destinations import destinations


def _subjects(estate: JudgedEstate, requirements: Requirements) -> Iterable[FileSystem]:
    return (file_system for file_system in estate.file_systems if _is_backed_up(file_system, estate, requirements))


def _is_backed_up(file_system: FileSystem, estate: JudgedEstate, requirements: Requirements) -> bool:
    return (
        has_automatic_backups(file_system, estate) is True
        or isinstance(coverage(file_system, estate), Covered)
        or covered_elsewhere(file_system, requirements) is True
    )


def judge(file_system: FileSystem, estate: JudgedEstate, requirements: Requirements) -> Verdict:
    """Fail a file system that no restore test restores, or none often enough."""
    found = estate.tests.of(file_system)
    certain = [tested for tested in found if tested.restored is True]
    doubts = list(_doubts(file_system, found, estate))
    if certain:
        return judge_interval(certain, doubts, requirements)
    return Unknown(doubts[0]) if doubts else _fail(file_system, found, estate)


def _doubts(file_system: FileSystem, found: Iterable[Tested], estate: JudgedEstate) -> Iterator[str]:
    """Yield the reasons why a test may restore *file_system* all the same."""
    for tested in found:
        if isinstance(tested.restored, Unresolved):
            yield f"{tested.test.address}: {tested.restored.why}"
    if gap := hidden_in(file_system, estate):
        yield f"{gap.address} may hold restore tests: {gap.why}"
    for test in estate.tests_elsewhere:
        if chooses(test, file_system) is not False:
            yield OTHER_CONFIGURATION.said(what="it", chooser=test.address, file=test.place.file)
    laid = destinations(file_system, estate)
    if not laid.certain:
        yield f"its restore tests may be where its backup plan is: {_whereabouts(laid.hidden)}"


def _whereabouts(hidden: Unresolved | None) -> str:
    return SAID_ELSEWHERE.words if hidden is None else hidden.why


def _fail(file_system: FileSystem, found: Iterable[Tested], estate: JudgedEstate) -> Fail:
    missed = [tested for tested in found if tested.chosen is True]
    addresses = [tested.test.address for tested in missed]
    why = (
        f"takes no recovery points of the type {SNAPSHOT}"
        if any(takes_snapshots(tested.plan) is False for tested in missed)
        else "finds no recovery point of it in its vaults"
    )
    reason = f": {', '.join(addresses)} would, but its plan {why}" if missed else ""
    return Fail(
        f"no restore test restores it{reason}; whether its backups can be restored will show only when they are needed",
        fix=cure_of(file_system, missed, estate),
        evidence={"selections": addresses},
    )


RULE = Rule(
    "RR501",
    "file-system-in-no-restore-test",
    Severity.INFO,
    _subjects,
    judge,
    since="0.1.0",
    terraform=("aws_efs_file_system", "awscc_efs_file_system"),
    cloudformation=("AWS::EFS::FileSystem",),
    about_coverage=True,
)
