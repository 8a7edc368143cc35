"""What moves restored files sees them and may change them.

## What it does
Looks at what is meant to move restored files: Lambda functions, ECS tasks and DataSync tasks called as `restore.mover`
in the requirements says, or that mount a file system and are named for moving restored files. AWS Backup puts these
into a directory `aws-backup-restore_…` at the root of the file system, with the owners they had. The mover has to mount
that root for writing, as user 0: an access point rooted elsewhere hides the directory, another user can't move what
belongs to others. There must be a mount target in each Availability Zone it runs in. Under a file system policy it has
to have `elasticfilesystem:ClientMount`, `ClientWrite` and `ClientRootAccess`; without one everybody who reaches a mount
target has. DataSync needs to see the directory at its source only. It is not judged where access point, file system or
role are out of sight.

## Why is this bad?
The restore completes, the files are there, and nothing can bring them to where the application looks for them. The
access points that applications use show their own directory as their own user, which is what a mover must not have.

AWS Security Hub's control EFS.3 fails an access point whose root is `/`: suppress it for the mover's. EFS.4 wants every
access point to enforce a user, which user 0 meets.

## Example
```terraform
resource "aws_efs_file_system" "files" {}

resource "aws_efs_mount_target" "files" {
  file_system_id = aws_efs_file_system.files.id
  subnet_id      = "subnet-0a1b2c3d"
}

resource "aws_efs_access_point" "app" {
  file_system_id = aws_efs_file_system.files.id
  root_directory {
    path = "/app"
  }
  posix_user {
    uid = 1000
    gid = 1000
  }
}

resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  role          = "arn:aws:iam::111122223333:role/mover"
  timeout       = 900
  file_system_config {
    arn              = aws_efs_access_point.app.arn
    local_mount_path = "/mnt/files"
  }
  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d"]
    security_group_ids = ["sg-0a1b2c3d"]
  }
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "files" {}

resource "aws_efs_mount_target" "files" {
  file_system_id = aws_efs_file_system.files.id
  subnet_id      = "subnet-0a1b2c3d"
}

resource "aws_efs_access_point" "mover" {
  file_system_id = aws_efs_file_system.files.id
  root_directory {
    path = "/"
  }
  posix_user {
    uid = 0
    gid = 0
  }
}

resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  role          = "arn:aws:iam::111122223333:role/mover"
  timeout       = 900
  file_system_config {
    arn              = aws_efs_access_point.mover.arn
    local_mount_path = "/mnt/files"
  }
  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d"]
    security_group_ids = ["sg-0a1b2c3d"]
  }
}
```

## References
- https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html
- https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html
- https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
"""

from collections.abc import Sequence

from restore_ready.file_moves._movers import MOVER_CLOUDFORMATION, MOVER_TERRAFORM, movers
from restore_ready.file_moves._permissions import Access, access_of
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Mover,
    MoverKind,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    settled,
)


def judge(mover: Mover, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a mover that can't see or can't change restored files.

    Raises:
        Open: if what the mover mounts is not known.
    """
    mounts = settled(mover.mounts, "what it mounts is not known")
    if not mounts:
        return _judge_idle(estate)
    found = [access_of(mover, mount, estate) for mount in mounts]
    if mover.kind is MoverKind.TRANSFER:
        return _verdict(_both(mover, found))
    return _verdict(min(found, key=lambda access: (bool(access.faults), bool(access.doubts))))


def _judge_idle(estate: EstateIndex) -> Verdict:
    task = estate.first_task
    if task is not None:
        return Unknown(f"it mounts no file system, and may start {task.address}, which does")
    return Fail(
        "it is meant to move restored files, but mounts no file system",
        fix="Mount the file system through an access point rooted at / that forces user 0, or take this function out "
        "of restore.mover if it only starts what moves the files.",
        evidence={"faults": ["mounts no file system"]},
    )


def _both(mover: Mover, found: Sequence[Access]) -> Access:
    """Return what is said of source and destination together, each reason once."""
    faults = [reason for access in found for reason in access.faults]
    doubts = [reason for access in found for reason in access.doubts]
    if isinstance(mover.mounts, tuple) and not any(mount.read_only is True for mount in mover.mounts):
        doubts.append("its source is not in sight")
    focus = next((access.focus for access in found if access.faults), None)
    return Access(list(dict.fromkeys(faults)), doubts, focus)


def _verdict(access: Access) -> Verdict:
    if access.faults:
        faults = "; ".join(access.faults)
        return Fail(
            f"it can't move what is restored into aws-backup-restore_… at the file system's root: {faults}",
            fix="Mount the root of the file system for writing as user 0, from a subnet beside a mount target, and "
            "grant ClientMount, ClientWrite and ClientRootAccess if the file system has a policy.",
            evidence={"faults": access.faults},
            focus=access.focus,
        )
    return Unknown(access.doubts[0]) if access.doubts else Pass()


RULE = Rule(
    "RR503",
    "mover-cannot-reach-files",
    Severity.WARNING,
    movers,
    judge,
    since="0.1.0",
    terraform=MOVER_TERRAFORM,
    cloudformation=MOVER_CLOUDFORMATION,
)
