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

from restore_ready.coverage._refusals import Refusal, misfits, open_parts, refusals
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
    misfit = misfits(selection, estate)
    refused = [*refusals(selection), *([] if misfit is None else [misfit])]
    wrong = [*refused, *_lost(selection)]
    if wrong:
        return Fail(
            ", and ".join(refusal.why for refusal in wrong),
            fix="Name resources by their ARNs or choose them by tags (ListOfTags, selection_tag), begin the key of "
            "every condition with aws:ResourceTag/, and write the tests of one operator into one condition block.",
            severity=None if refused else Severity.WARNING,
            evidence={"wrong": [refusal.why for refusal in wrong]},
            focus=selection.places.of(*(refusal.field for refusal in wrong)),
        )
    unknown = list(dict.fromkeys(open_parts(selection)))
    return Unknown("; ".join(unknown)) if unknown else Pass()


def _lost(selection: Selection) -> Iterator[Refusal]:
    for operator in () if isinstance(selection.crowded, Unresolved) else selection.crowded:
        said = f"several of its condition blocks have {operator}: Terraform's provider sends only one of them"
        yield Refusal("conditions", said)


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
