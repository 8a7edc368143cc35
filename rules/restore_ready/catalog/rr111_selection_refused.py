"""AWS accepts every backup selection, and what it names can be selected.

## What it does
Finds backup selections that AWS refuses: with neither resources nor tags, for conditions alone choose nothing; with a
condition key that does not begin with `aws:ResourceTag/`; with a tag test of another type than `STRINGEQUALS`; with
more than 30 wildcards among the resources, or among what is left out. Finds ids, names and DNS names where ARNs belong,
which select nothing. As a warning, it finds several `condition` blocks with the same operator: Terraform's provider
sends only one of them. Whether the role can back up is for RR107.

## Why is this bad?
A selection that AWS refuses stops the deployment, and nothing is backed up until somebody finds out why. One that
names an id is there, looks right and backs up nothing.

## Example
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [aws_efs_file_system.data.id]
}
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
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ConditionParameter.html
- https://github.com/hashicorp/terraform-provider-aws/issues/24235
- https://github.com/hashicorp/terraform-provider-aws/issues/38114
"""

from collections.abc import Iterable, Iterator

from restore_ready.coverage._refusals import misfits, open_parts, refusals
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Selection,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[Selection]:
    return estate.selections


def judge(selection: Selection, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a selection that AWS refuses, or of which a part selects nothing."""
    refused = [*refusals(selection), *_misfits(selection, estate)]
    crowded = () if isinstance(selection.crowded, Unresolved) else selection.crowded
    lost = [_lost(operator) for operator in crowded]
    if refused or lost:
        return Fail(
            ", and ".join([*refused, *lost]),
            fix="Name resources by their ARNs or choose them by tags (ListOfTags, selection_tag), begin the key of "
            "every condition with aws:ResourceTag/, and write the tests of one operator into one condition block.",
            severity=None if refused else Severity.WARNING,
            evidence={"refused": refused, "lost": list(crowded)},
            focus=selection.places.of(*_wrong(selection)),
        )
    unknown = list(dict.fromkeys(open_parts(selection)))
    return Unknown("; ".join(unknown)) if unknown else Pass()


def _wrong(selection: Selection) -> Iterator[str]:
    """Yield the fields that may be what is wrong, the likeliest first."""
    conditions = () if isinstance(selection.conditions, Unresolved) else selection.conditions
    tags = () if isinstance(selection.tags, Unresolved) else selection.tags
    if selection.crowded != () or any(condition.prefixed is False for condition in conditions):
        yield "conditions"
    if any(tag.operator != "equals" for tag in tags):
        yield "tags"
    yield from ("resources", "not_resources", "conditions")


def _misfits(selection: Selection, estate: EstateIndex) -> Iterator[str]:
    if found := list(dict.fromkeys(misfits(selection, estate))):
        said = "which is not an ARN and selects" if len(found) == 1 else "which are not ARNs and select"
        yield f"it names {', '.join(found)}, {said} nothing"


def _lost(operator: str) -> str:
    return f"several of its condition blocks have {operator}: Terraform's provider sends only one of them"


RULE = Rule(
    "RR111",
    "selection-refused",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(
        "aws_backup_selection",
        "aws_organizations_policy",
        "awscc_backup_backup_selection",
        "awscc_organizations_policy",
    ),
    cloudformation=("AWS::Backup::BackupSelection", "AWS::Organizations::Policy"),
    milder=(Severity.WARNING,),
)
