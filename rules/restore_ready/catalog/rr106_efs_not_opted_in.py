"""AWS Backup is opted in to EFS where plans rely on it.

## What it does
Finds Region settings that opt EFS out while a backup selection chooses EFS by tag, by `*` or by the whole service
(`arn:aws:elasticfilesystem:*`). AWS Backup skips services that are opted out, unless a selection names the file system
itself or its type of resource (`arn:aws:elasticfilesystem:*:*:file-system/*`). The settings count in their own Region.
There are none in CloudFormation.

## Why is this bad?
The plan and its selection look right, no job fails, and no recovery point ever comes about.

## Example
```terraform
resource "aws_backup_region_settings" "here" {
  resource_type_opt_in_preference = {
    "EBS" = true
    "EFS" = false
  }
}

resource "aws_backup_selection" "efs" {
  name         = "efs"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = ["arn:aws:elasticfilesystem:*"]
}
```

Use instead:
```terraform
resource "aws_backup_region_settings" "here" {
  resource_type_opt_in_preference = {
    "EBS" = true
    "EFS" = true
  }
}

resource "aws_backup_selection" "efs" {
  name         = "efs"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = ["arn:aws:elasticfilesystem:*"]
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/service-opt-in.html
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from restore_ready.catalog._changes import set_value
from restore_ready.coverage._refusals import refusals
from restore_ready.coverage._service_role import chooses_efs
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    RegionSettings,
    Requirements,
    Rule,
    Selection,
    Setting,
    Severity,
    Truth,
    Unknown,
    Unresolved,
    Verdict,
    all_true,
    doubt,
    same_place,
    settled,
    show,
)

_RESOURCE: Final = 5
"""Where the resource stands in an ARN."""


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[RegionSettings]:
    return (settings for settings in estate.region_settings if settings.efs is not None)


def judge(settings: RegionSettings, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail settings that keep selections from backing EFS up.

    Raises:
        Open: if something may rely on the settings, and they are not known.
    """
    selections = () if settings.efs is True else estate.selections
    answers = {selection.address: _relies(selection, settings, estate) for selection in selections}
    relying = [address for address, answer in answers.items() if answer is True]
    perhaps = [answer.why for answer in answers.values() if isinstance(answer, Unresolved)]
    if settings.efs is not True and estate.hiding is not None:
        perhaps.append(f"{estate.hiding.address} may hold selections that rely on it: {estate.hiding.why}")
    if not relying and not perhaps:
        return Pass()
    settled(settings.efs)
    if not relying:
        return Unknown(f"EFS is opted out; {perhaps[0]}")
    return Fail(
        f"EFS is opted out of AWS Backup: it skips what {', '.join(relying)} chooses of EFS by tag or service",
        fix='Set "EFS" to true, or name the file systems themselves or their type in the selection.',
        evidence={"selections": relying},
        changes=set_value(settings, Setting.EFS_OPT_IN, value=True),
        focus=settings.places.of("efs"),
    )


def _relies(selection: Selection, settings: RegionSettings, estate: EstateIndex) -> Truth:
    """Return whether *selection* exists beside *settings* and stands under them: they count in their Region."""
    near = same_place(selection.aws_place, settings.aws_place)
    answer = False if near is False else all_true([_needs_opt_in(selection, estate), near])
    why = doubt(selection, settings.maybe) if answer is True else ""
    return Unresolved(why) if why else answer


def _needs_opt_in(selection: Selection, estate: EstateIndex) -> Truth:
    """Return whether *selection* chooses EFS by tag, ``*`` or service.

    File systems that it names by their type or one by one need no opt-in, and what AWS refuses chooses nothing.
    """
    if any(refusals(selection)):
        return False
    if isinstance(selection.resources, Unresolved) or selection.resources == ():
        return chooses_efs(selection, estate)
    patterns = tuple(resource for resource in selection.resources if _is_wide(show(resource)))
    if not patterns and selection.tags == ():
        return False
    return chooses_efs(replace(selection, resources=patterns), estate)


def _is_wide(pattern: str) -> bool:
    """Return whether a wildcard stands for more than one type of resource: it does not go on to ``file-system``."""
    resource = pattern.split(":", _RESOURCE)[_RESOURCE:]
    return bool(set("*?") & set(pattern)) and not (resource and resource[0].startswith("file-system"))


RULE = Rule(
    "RR106",
    "efs-not-opted-in",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=("aws_backup_region_settings",),
    cloudformation=(),
)
