"""What has to write restored files does not write to a replica, which is read-only.

## What it does
Finds what is aimed at a file system that another one is replicated into. What moves restored files (Lambda functions,
ECS tasks and DataSync tasks called as `restore.mover` in the requirements says, or named for it) has to write there,
and can't as long as the replication exists: an error. A restore testing selection that names the replica is a warning.
AWS Backup restores its recovery points to a new file system, but a restore that is needed could not go into the replica
itself; what a test should prove is that the source's backups restore.

A file system is known as a replica by a replication configuration in sight, in a live account by its protection
`REPLICATING`. Selections by `*` or tags are not judged.

## Why is this bad?
A replica follows its source within minutes, in what was deleted or damaged too, and only EFS may write to it. On the
night of the incident the restore into it is refused, and the mover's first write ends with "read-only file system".

## Example
```terraform
resource "aws_efs_file_system" "files" {}

resource "aws_efs_file_system" "replica" {
  protection {
    replication_overwrite = "DISABLED"
  }
}

resource "aws_efs_replication_configuration" "files" {
  source_file_system_id = aws_efs_file_system.files.id
  destination {
    file_system_id = aws_efs_file_system.replica.id
    region         = "eu-west-1"
  }
}

resource "aws_efs_access_point" "mover" {
  file_system_id = aws_efs_file_system.replica.id
}

resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  role          = "arn:aws:iam::111122223333:role/mover"
  timeout       = 900
  file_system_config {
    arn              = aws_efs_access_point.mover.arn
    local_mount_path = "/mnt/files"
  }
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "files" {}

resource "aws_efs_file_system" "replica" {
  protection {
    replication_overwrite = "DISABLED"
  }
}

resource "aws_efs_replication_configuration" "files" {
  source_file_system_id = aws_efs_file_system.files.id
  destination {
    file_system_id = aws_efs_file_system.replica.id
    region         = "eu-west-1"
  }
}

resource "aws_efs_access_point" "mover" {
  file_system_id = aws_efs_file_system.files.id
}

resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  role          = "arn:aws:iam::111122223333:role/mover"
  timeout       = 900
  file_system_config {
    arn              = aws_efs_access_point.mover.arn
    local_mount_path = "/mnt/files"
  }
}
```

## References
- https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
- https://docs.aws.amazon.com/efs/latest/ug/replicate-existing-destination.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
"""

from collections.abc import Iterable, Iterator

from restore_ready.file_moves._movers import MOVER_CLOUDFORMATION, MOVER_TERRAFORM, movers
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Mount,
    Mover,
    Pass,
    Requirements,
    RestoreTestSelection,
    Rule,
    Severity,
    Str,
    Truth,
    Unknown,
    Unresolved,
    Verdict,
    negate,
    show,
)
from restore_ready.restore_testing._selections import may_be_efs


def _subjects(estate: EstateIndex, requirements: Requirements) -> Iterable[Mover | RestoreTestSelection]:
    if estate.replications or any(file_system.replicating for file_system in estate.file_systems):
        yield from (mover for mover in movers(estate, requirements) if mover.mounts != ())
        yield from filter(may_be_efs, estate.restore_tests)


def judge(subject: Mover | RestoreTestSelection, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail what is to write to a replica, and what tests its backups."""
    left_open: list[Unresolved] = []
    for aim, writes in _aims(subject, estate):
        by = aim if isinstance(aim, Unresolved) else estate.replicas.into(aim)
        if isinstance(by, str) and by and writes is True:
            return _fail(subject, show(aim), by)
        if isinstance(by, Unresolved) or by:
            left_open += [answer for answer in (by, writes) if isinstance(answer, Unresolved)]
    return Unknown(left_open[0].why) if left_open else Pass()


def _aims(subject: Mover | RestoreTestSelection, estate: EstateIndex) -> Iterator[tuple[Str, Truth]]:
    """Yield the file systems that *subject* writes to or tests, as the source names them, and whether it does."""
    given = subject.resources if isinstance(subject, RestoreTestSelection) else subject.mounts
    for aim in (given,) if isinstance(given, Unresolved) else given:
        if not isinstance(aim, Mount):
            yield aim, True
        elif aim.read_only is not True:
            yield estate.mount_index.leads_to(aim), negate(aim.read_only)


def _fail(subject: Mover | RestoreTestSelection, replica: str, by: str) -> Fail:
    evidence = {"replica": replica, "replicated_by": by}
    if isinstance(subject, RestoreTestSelection):
        return Fail(
            f"it tests a read-only replica: {by} replicates into {replica}. Nothing can be restored into it "
            "meanwhile, and its files are the source's, deletions and damage included",
            fix="Test the backups of the file system that is replicated.",
            severity=Severity.WARNING,
            evidence=evidence,
        )
    return Fail(
        f"it writes to a read-only replica: {by} replicates into {replica}, as long as the replication exists",
        fix="Mount the file system that is replicated, or delete the replication before files are moved in the "
        "replica, and say so in the runbook.",
        evidence=evidence,
    )


RULE = Rule(
    "RR506",
    "write-to-replica",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(
        *MOVER_TERRAFORM,
        "aws_backup_restore_testing_selection",
        "awscc_backup_restore_testing_selection",
    ),
    cloudformation=(*MOVER_CLOUDFORMATION, "AWS::Backup::RestoreTestingSelection"),
    milder=(Severity.WARNING,),
)
