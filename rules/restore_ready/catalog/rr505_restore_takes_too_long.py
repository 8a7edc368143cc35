"""A restore of the whole file system can meet the time required, at AWS's published ceilings.

## What it does
Compares `restore.within` of the requirements with the least time that a restore of the whole file system takes: its
size at 200 MB/s, which is AWS's published ceiling, and up to four hours more where its backup plan moves recovery
points to cold storage. Sizes are declared as `backup.sizes` in the requirements, by name pattern; in a live account,
the size that AWS meters counts where none is declared. Without `restore.within` nothing is judged; a file system whose
size is not known is judged by cold storage alone.

AWS's other ceiling is 1,500 files a second: 10 million files take 111 minutes, however small they are. Their number is
in no source.

## Why is this bad?
What must be back after four hours is not, and nobody could have made it so that night. Real rates are lower than the
ceilings, and moving the files to where they belong comes on top.

## Example
```requirements
version: 1
backup:
  sizes: {"*data": 2TB}
restore:
  within: 4h
```

```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    lifecycle {
      cold_storage_after = 30
      delete_after       = 365
    }
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
    lifecycle {
      delete_after = 365
    }
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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html
"""

from collections.abc import Iterable
from typing import Final

from restore_ready._words import show_minutes
from restore_ready.history._records import metered_size
from restore_ready.history._restore_time import COLD_MINUTES, least_restore_minutes, show_duration
from restore_ready.history._sizes import show_bytes, size_of
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    Requirements,
    Rule,
    Severity,
    Truth,
    Unresolved,
    Verdict,
    any_true,
    settled,
)
from restore_ready.vaults._destinations import Destination, destinations

_CEILING: Final = "at AWS's 200 MB/s"


def _subjects(estate: EstateIndex, requirements: Requirements) -> Iterable[FileSystem]:
    within = requirements.within
    for file_system in estate.file_systems if within is not None else ():
        sized = _size(file_system, estate, requirements) is not None
        if sized or (within is not None and within < COLD_MINUTES and _goes_cold(file_system, estate) is not False):
            yield file_system


def judge(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a file system that can't be restored in time even at AWS's ceilings.

    Raises:
        Open: if only recovery points in cold storage would be too late, and whether there are any is not known.
    """
    within, size = requirements.within, _size(file_system, estate, requirements)
    least = 0 if size is None else least_restore_minutes(size)
    if within is None or least + COLD_MINUTES <= within:
        return Pass()
    evidence = {"within": within, "least": least, "bytes": size}
    allowed = f"a restore may take {show_minutes(within)}"
    data = "" if size is None else f"{show_bytes(size)} take {show_duration(least)} and more {_CEILING}"
    if least > within:
        return Fail(
            f"{allowed}, but {data}",
            fix="Spread the data over several file systems, restore the most needed directories first by themselves, "
            "or set restore.within to what can be met.",
            evidence=evidence,
        )
    later = f"one from cold storage takes up to {show_minutes(COLD_MINUTES)} more" + (f": {data}" if data else "")
    hidden = destinations(file_system, estate).hidden if data else None
    cold = any_true([_goes_cold(file_system, estate), False if hidden is None else hidden])
    if not settled(cold, f"{allowed}, but {later}"):
        return Pass()
    return Fail(
        f"{allowed}, but its recovery points go to cold storage, and {later}",
        fix="Keep the recovery points that must be back in time in warm storage, or set restore.within to what can be "
        "met.",
        evidence={**evidence, "cold": COLD_MINUTES},
    )


def _size(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> int | None:
    declared = size_of(file_system, requirements.sizes)
    return metered_size(file_system, estate) if declared is None else declared


def _goes_cold(file_system: FileSystem, estate: EstateIndex) -> Truth:
    """Return whether a rule that certainly backs the file system up moves recovery points to cold storage."""
    return any_true(_moves(laid) for laid in destinations(file_system, estate).certain)


def _moves(laid: Destination) -> Truth:
    days = laid.rule.cold_after_days
    return days if isinstance(days, Unresolved) else days is not None


RULE = Rule(
    "RR505",
    "restore-takes-too-long",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=("aws_efs_file_system", "awscc_efs_file_system"),
    cloudformation=("AWS::EFS::FileSystem",),
)
