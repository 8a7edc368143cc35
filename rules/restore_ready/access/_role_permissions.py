"""What a role must be allowed for AWS Backup to restore EFS with it.

The four actions are the minimum AWS names; the managed policy ForRestores grants them on every file system
(https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.access._decisions import truth_of
from restore_ready.access._statements import statements, unread_part
from restore_ready.iam import Request, decide
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AwsPlace,
    Estate,
    FileSystem,
    Principal,
    Ref,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    any_true,
)

RESTORE_ACTIONS: Final = (
    "elasticfilesystem:Restore",
    "elasticfilesystem:CreateFileSystem",
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DeleteFileSystem",
)
_NEW: Final = Unresolved("a restore may create a new file system, whose id is not known yet")

_MOST_PLACES: Final = 10
"""Regions and accounts of file systems that a role is asked about."""


def may_do(role: Principal, action: str, estate: EstateIndex) -> Truth:
    """Return whether *role* may do *action* on any file system, or at least on one of *estate*."""
    places = estate.places_of_file_systems[:_MOST_PLACES]
    wanted: list[tuple[Str, str]] = [(_any_file_system(place), "") for place in places]
    wanted += [(file_system.arn, file_system.address) for file_system in _named(role, estate)]
    requests = (Request(action, arn, resource_address=address) for arn, address in wanted)
    return any_true(truth_of(decide(role.policies, request, unread=role.unread)) for request in requests)


def _any_file_system(place: AwsPlace) -> Str:
    return Text((place.arn("elasticfilesystem", "file-system/"), _NEW))


def _named(role: Principal, estate: Estate) -> Iterator[FileSystem]:
    """Return the file systems of *estate* that the role's policies refer to."""
    resources = [
        statement.resources for statement in statements(role.policies) if isinstance(statement.resources, tuple)
    ]
    targets = {entry.target for entries in resources for entry in entries if isinstance(entry, Ref)}
    return (
        (file_system for file_system in estate.file_systems if file_system.address in targets) if targets else iter(())
    )


def restores_efs(role: Principal, estate: Estate) -> bool:
    """Return whether a restore role is one for EFS: it speaks of EFS, can't be read, or stands beside a file system."""
    if role.unread or unread_part(role.policies) is not None:
        return True
    if any(_speaks_of_efs(statement) for statement in statements(role.policies)):
        return True
    return bool(estate.file_systems) and not _restores_another_service(role)


def _speaks_of_efs(statement: Statement) -> bool:
    if isinstance(statement.actions, Unresolved):
        return True
    return any(
        not isinstance(action, str) or action.lower().startswith("elasticfilesystem:") for action in statement.actions
    )


def _restores_another_service(role: Principal) -> bool:
    names = [policy.name for policy in role.policies if policy.aws_managed]
    return any(isinstance(name, str) and name.endswith("Restore") for name in names)
