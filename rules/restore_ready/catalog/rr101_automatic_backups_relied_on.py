"""Backups follow a plan of your own, not AWS's automatic one.

## What it does
Finds EFS file systems with automatic backups: switched on, or left on, which is AWS's default for One Zone.
Says which of its plan's settings miss the requirements, and whether a backup plan covers the file system as well.
`backup.automatic: allow` in the requirements leaves just the comparison. In a live account these are the settings of
its own `aws/efs/automatic-backup-plan`, which may have been changed; elsewhere, those that AWS sets up.

## Why is this bad?
Automatic backups are not a plan of yours. AWS starts the job any time from 05:00 to 13:00 UTC, gives it seven days and
keeps the recovery point for 35 days. Its vault, `aws/efs/automatic-backup-vault`, denies `backup:StartRestoreJob`
to everyone, administrators included, so that no restore starts until somebody edits the vault's access policy.

AWS Security Hub's control EFS.7 asks for automatic backups to be on, so it fails after the change below: suppress it
for the file system, which a plan of its own covers, as EFS.2 asks.

## Example
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_efs_backup_policy" "data" {
  file_system_id = aws_efs_file_system.data.id

  backup_policy {
    status = "ENABLED"
  }
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_efs_backup_policy" "data" {
  file_system_id = aws_efs_file_system.data.id

  backup_policy {
    status = "DISABLED"
  }
}

resource "aws_backup_vault" "data" {
  name = "data"
}

resource "aws_backup_plan" "data" {
  name = "data"

  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.data.name
    schedule          = "cron(0 13 * * ? *)"
    start_window      = 60
    completion_window = 180
  }
}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = aws_backup_plan.data.id
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}
```

## References
- https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html
- https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
"""

from collections.abc import Iterable, Iterator

from restore_ready.access._constants import START_RESTORE
from restore_ready.catalog._changes import set_value
from restore_ready.coverage._automatic import VAULT, automatic_rules
from restore_ready.coverage._coverage import Covered, coverage
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AutomaticBackups,
    Fail,
    FileSystem,
    Pass,
    Ref,
    Requirements,
    Rule,
    Setting,
    Severity,
    Unresolved,
    Verdict,
    settled,
)
from restore_ready.timing._automatic_plan import missed_requirements
from restore_ready.vaults._lookup import denied_to_everyone
from restore_ready.vaults._recovery_points import automatic_vault


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[AutomaticBackups]:
    return estate.automatic_backups


def judge(automatic: AutomaticBackups, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail automatic backups that are on, with what in them misses the requirements.

    Raises:
        Open: if whether automatic backups are on is not known.
    """
    if automatic.enabled is False:
        return Pass()
    missed = missed_requirements(automatic_rules(estate), requirements)
    unread = _unread(estate)
    if requirements.automatic_allowed and unread is None and not missed:
        return Pass()
    settled(automatic.enabled, "whether automatic backups are on is not known")
    if requirements.automatic_allowed:
        settled(unread, "whether their plan meets the requirements is not known")
    said = "automatic backups are on" if automatic.stated else "automatic backups are on by default (One Zone)"
    plan = _own_plan(automatic, estate)
    beside = f". {plan} covers the file system as well" if plan else ""
    wrong = "; ".join([*missed, *_denial(automatic, estate)])
    return Fail(
        f"{said}, and {_whose(estate)}{': ' * bool(wrong)}{wrong}{beside}",
        fix="Back it up by a plan of your own into a vault of your own, and set the automatic backups to DISABLED.",
        evidence={**_windows(estate), "vault": VAULT, "covered_by": plan or None},
        changes=set_value(automatic, Setting.AUTOMATIC_BACKUPS, "DISABLED") if plan else (),
        focus=automatic.places.of("enabled"),
    )


def _unread(estate: EstateIndex) -> Unresolved | None:
    """Return why the account's own automatic plan is not known; ``None`` where it is, and where AWS's stands for it."""
    rules = None if estate.automatic_plan is None else estate.automatic_plan.rules
    return rules if isinstance(rules, Unresolved) else None


def _whose(estate: EstateIndex) -> str:
    if estate.automatic_plan is None:
        return "AWS sets up their plan"
    unread = _unread(estate)
    return (
        "their plan misses what is required"
        if unread is None
        else f"their plan is not known ({unread.why}); as AWS sets it up"
    )


def _windows(estate: EstateIndex) -> dict[str, object]:
    rules = automatic_rules(estate)
    first = rules[0] if rules else None
    windows = (None, None) if first is None else (first.start_window, first.completion_window)
    shown = (None if isinstance(window, Unresolved) else window for window in windows)
    return dict(zip(("start_window", "completion_window"), shown, strict=True))


def _denial(automatic: AutomaticBackups, estate: EstateIndex) -> Iterator[str]:
    """Yield that the vault denies restores, unless a live account shows that this was lifted."""
    answer = denied_to_everyone(automatic_vault(estate, automatic.aws_place).policies, START_RESTORE)
    if answer is True:
        yield f"the vault {VAULT} denies {START_RESTORE} even to administrators"
    elif isinstance(answer, Unresolved):
        yield f"whether the vault {VAULT} denies {START_RESTORE} is not known"


def _own_plan(automatic: AutomaticBackups, estate: EstateIndex) -> str:
    file_system = _file_system(automatic, estate)
    found = None if file_system is None else coverage(file_system, estate)
    return found.by.address if isinstance(found, Covered) else ""


def _file_system(automatic: AutomaticBackups, estate: EstateIndex) -> FileSystem | None:
    target = automatic.file_system.target if isinstance(automatic.file_system, Ref) else automatic.address
    return estate.file_systems_by_address.get(target)


RULE = Rule(
    "RR101",
    "automatic-backups-relied-on",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=("aws_efs_backup_policy", "aws_efs_file_system", "awscc_efs_file_system"),
    cloudformation=("AWS::EFS::FileSystem",),
    about_coverage=True,
)
