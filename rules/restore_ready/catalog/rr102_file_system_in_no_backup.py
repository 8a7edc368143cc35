"""Every file system is backed up.

## What it does
Finds EFS file systems without automatic backups that no backup selection covers, by ARN, wildcard, tag or condition,
after what the selection leaves out, and that no entry of `backup.external_selections` in the requirements covers. It is
advice only where nothing in the same configuration speaks of backups, since the plan may live elsewhere, and not judged
where a tag such as `Backup = "daily"` points at such a plan, or where something that is not in sight is handed the file
system: a module that can't be read, a nested stack, a macro, a stack of which the template is not here.

A plan backs up what is in its own Region and account. Where a plan elsewhere would choose the file system, the message
says where both are; where that is not known, because a provider's Region is not, the file system is not judged.

## Why is this bad?
There is no recovery point of this file system, and so nothing to restore.

## Example
```terraform
resource "aws_efs_file_system" "data" {}
```

Use instead:
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.arn]
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html
- https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html
"""

from collections.abc import Iterable

from restore_ready.coverage._automatic import has_automatic_backups
from restore_ready.coverage._coverage import Covered, chosen_from_afar, coverage, covered_elsewhere, pointer_tags
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    Requirements,
    Rule,
    Selection,
    Severity,
    Unknown,
    Verdict,
    settled,
)
from restore_ready.model._why_open import TAGGED


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    return estate.file_systems


def judge(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a file system that nothing backs up.

    Raises:
        Open: if what may back it up is not known.
    """
    automatic = has_automatic_backups(file_system, estate)
    found = coverage(file_system, estate)
    elsewhere = covered_elsewhere(file_system, requirements)
    if automatic is True or isinstance(found, Covered) or elsewhere is True:
        return Pass()
    for answer in (automatic, found, elsewhere):
        settled(answer)
    if not estate.selections and (tag := next(pointer_tags(file_system), None)):
        return Unknown(f"{TAGGED.said(what=tag)}; no selection is in sight")
    afar = chosen_from_afar(file_system, estate)
    return _fail(estate) if afar is None else _elsewhere(file_system, afar)


def _elsewhere(file_system: FileSystem, selection: Selection) -> Fail:
    plan_in, lies_in = selection.aws_place.differs(file_system.aws_place)
    return Fail(
        f"its plan is in {plan_in}, it is in {lies_in}: {selection.address} chooses it in vain",
        fix="Back it up by a plan in its own Region and account.",
        evidence={"selection": selection.address, "plan_in": plan_in, "file_system_in": lies_in},
    )


def _fail(estate: EstateIndex) -> Fail:
    if (
        estate.plans
        or estate.selections
        or estate.vaults
        or any(setting.stated for setting in estate.automatic_backups)
    ):
        return Fail(
            "no backup selection covers it and automatic backups are off: there is nothing to restore",
            fix="Add its ARN, or a tag it carries, to a selection of a backup plan.",
        )
    return Fail(
        f"nothing in {estate.here} backs it up",
        fix="Add it to a backup plan. If the plan that covers it lives elsewhere, scan the two together, or name what "
        "it covers under backup.external_selections in restore-ready.yaml.",
        severity=Severity.INFO,
    )


RULE = Rule(
    "RR102",
    "file-system-in-no-backup",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=("aws_efs_file_system", "awscc_efs_file_system"),
    cloudformation=("AWS::EFS::FileSystem",),
    about_coverage=True,
    milder=(Severity.INFO,),
)
