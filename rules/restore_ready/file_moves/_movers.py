"""What moves restored files to where they belong.

AWS Backup restores EFS into a directory ``aws-backup-restore_…`` at the root of the file system and never over what is
there (https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html). Somebody or something that mounts
the file system has to move the files from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from restore_ready.iam import matches
from restore_ready.index import EstateIndex
from restore_ready.model import Estate, FileSystem, Mover, MoverKind, Requirements, Str, Text, Unresolved

RESTORED: Final = "aws-backup-restore"
"""How the name of the directory begins that AWS Backup restores into."""

MOVER_TERRAFORM: Final = (
    "aws_datasync_task",
    "aws_ecs_task_definition",
    "aws_lambda_function",
    "awscc_datasync_task",
    "awscc_ecs_task_definition",
    "awscc_lambda_function",
)
MOVER_CLOUDFORMATION: Final = (
    "AWS::DataSync::Task",
    "AWS::ECS::TaskDefinition",
    "AWS::Lambda::Function",
    "AWS::Serverless::Function",
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_RESTORES: Final = frozenset({"restore", "restored", "restores", "restoring", "restoration"})
_MOVES: Final = frozenset({"move", "moved", "mover", "movers", "moves", "moving", "mv"})
_FILES: Final = frozenset({"file", "files"})
_FROM_ELSEWHERE: Final = frozenset(
    {"api", "bucket", "database", "db", "glacier", "rds", "s", "snapshot", "sql", "trash"}
)
"""Words that say that files are restored from something else than AWS Backup; of "s3" the s remains."""


def movers_of(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> tuple[Mover, ...]:
    """Return the movers that certainly mount *file_system*."""
    return tuple(
        mover
        for mover in movers(estate, requirements)
        if any(mounted.address == file_system.address for mounted in file_systems_of(mover, estate))
    )


def file_systems_of(mover: Mover, estate: EstateIndex) -> Iterator[FileSystem]:
    """Yield the file systems in sight that *mover* certainly mounts."""
    mount_index = estate.mount_index
    for mount in () if isinstance(mover.mounts, Unresolved) else mover.mounts:
        found = mount_index.file_system(mount_index.leads_to(mount))
        if found is not None:
            yield found


def movers(estate: Estate, requirements: Requirements) -> Iterator[Mover]:
    """Yield what is meant to move restored files.

    That is what is called as ``restore.mover`` says. Of that which mounts nothing, only where there is EFS in the
    estate: elsewhere such a name may mean anything. It is also what mounts a file system and is named for restoring
    and moving or for restoring files, and the DataSync task whose source is the restored directory.
    """
    for mover in estate.movers:
        if is_called(mover, requirements):
            if mover.mounts != () or estate.file_systems or estate.access_points:
                yield mover
        elif _reads_restored(mover) or (_mounts_files(mover) and _is_named_for_it(mover)):
            yield mover


def is_called(mover: Mover, requirements: Requirements) -> bool:
    """Return whether *mover* is called as ``restore.mover`` says; letter case is ignored."""
    return any(
        matches(pattern, name, fold_case=True) is True for pattern in requirements.mover for name in names(mover)
    )


def names(mover: Mover) -> tuple[Str, ...]:
    """Return what *mover* is called: its name, or where that is not fully known, its resource's as well."""
    if isinstance(mover.name, str):
        return (mover.name,)
    own = mover.address
    if own.endswith("]"):
        own = own.rpartition("[")[0]
    return (mover.name, own.rpartition(".")[2])


def _mounts_files(mover: Mover) -> bool:
    """Return whether *mover* certainly mounts a file system; a DataSync task has to read from one."""
    if isinstance(mover.mounts, Unresolved):
        return False
    return any(mover.kind is not MoverKind.TRANSFER or mount.read_only is True for mount in mover.mounts)


def _is_named_for_it(mover: Mover) -> bool:
    words: set[str] = set()
    for name in names(mover):
        parts = name.parts if isinstance(name, Text) else (name,)
        words.update(word.lower() for part in parts if isinstance(part, str) for word in _WORD.findall(part))
    if words.isdisjoint(_RESTORES):
        return False
    return not words.isdisjoint(_MOVES) or (not words.isdisjoint(_FILES) and words.isdisjoint(_FROM_ELSEWHERE))


def _reads_restored(mover: Mover) -> bool:
    """Return whether *mover* is a DataSync task that copies out of the restored directory."""
    if mover.kind is not MoverKind.TRANSFER or not isinstance(mover.mounts, tuple):
        return False
    return any(
        isinstance(mount.root, str) and RESTORED in mount.root for mount in mover.mounts if mount.read_only is True
    )
