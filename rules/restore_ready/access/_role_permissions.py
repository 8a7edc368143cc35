"""What a role may do as AWS Backup acts with it: by its own policies, what limits it, and the file systems' policies.

The four actions are the minimum AWS names for restores; the managed policy ForRestores grants them on every file
system (https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html). A permissions boundary and
service control policies limit service roles as they limit anybody else (IAM User Guide, "Policy evaluation logic").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from msgspec.structs import replace

from restore_ready.access._constants import BACK_UP, RESTORE
from restore_ready.access._decisions import refused_at, ruled, takes_away, truth_of
from restore_ready.access._statements import allows, statements, unread_part, written
from restore_ready.coverage._coverage import full_arn
from restore_ready.iam import NOT_SENT_DIRECTLY, Request, arn_fields, covers_action
from restore_ready.index import EstateIndex, asked_once
from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    AwsPlace,
    Estate,
    FileSystem,
    FileSystemPolicy,
    Focus,
    Loss,
    Policy,
    PolicyDocument,
    Principal,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    any_true,
)

CREATE: Final = "elasticfilesystem:CreateFileSystem"

RESTORE_ACTIONS: Final = (
    RESTORE,
    CREATE,
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DeleteFileSystem",
)

FIND_BY_TAG: Final = "tag:GetResources"
"""What the role of a selection by tags needs beside, to find what carries them; the managed policy ForBackup has it."""

_NEW: Final = Unresolved("a restore may create a new file system, whose id is not known yet")
_BY_FILE_SYSTEM: Final = frozenset({BACK_UP, RESTORE})
"""Actions that the policy of the file system at hand may grant."""

_MOST_PLACES: Final = 10
"""Regions and accounts of file systems that a role is asked about."""

_AS_ROLE: Final[dict[str, tuple[Str, ...]]] = {
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),
    "aws:viaawsservice": ("false",),
}
"""What is known of a call that AWS Backup makes with the credentials of a role of the account."""

_REGION, _ACCOUNT = 3, 4
"""Where the Region and the account stand in an ARN."""


@asked_once
def may_do(role: Principal, action: str, estate: EstateIndex) -> Truth:
    """Return whether *role* may do *action* on any file system, or at least on one of *estate*."""
    places = estate.places_of_file_systems[:_MOST_PLACES]
    if action == CREATE:
        return any_true(_may_create(role, place, estate) for place in places)
    wanted = [_on_any(action, place) for place in places]
    wanted += [request_of(action, file_system) for file_system in _named(role, estate)]
    answers = (_truth(role, request, estate) for request in wanted)
    by_policies = (_granted_at(role, action, file_system, estate) for file_system in estate.file_systems)
    return any_true(chain(answers, by_policies if action in _BY_FILE_SYSTEM else ()))


def may_do_on(role: Principal, action: str, file_system: FileSystem, estate: EstateIndex) -> Truth:
    """Return whether *role* may do *action* on *file_system*; what that one's policy denies is left aside."""
    if _truth(role, _on_any(action, file_system.aws_place), estate) is True:
        return True
    own = _truth(role, request_of(action, file_system), estate)
    return any_true([own, _granted_at(role, action, file_system, estate)])


def lacks_at(role: Principal, action: str, beside: Iterable[str], estate: EstateIndex) -> Focus | None:
    """Return where *role* is refused *action*, or has it on too little, or others *beside* which it belongs."""
    places = estate.places_of_file_systems
    decision = ruled(role, _request(action, "*") if not places else _on_any(action, places[0]), estate)
    if takes_away(decision):
        return refused_at(decision, role)
    too_little = written(role.policies, lambda granted: allows(granted, action) and not granted.conditions, "resources")
    return too_little or written(role.policies, lambda granted: any(allows(granted, known) for known in beside))


def may_find_by_tag(role: Principal, estate: Estate) -> Truth:
    """Return whether *role* may find out what carries a tag."""
    return _truth(role, _request(FIND_BY_TAG, "*"), estate)


def _may_create(role: Principal, place: AwsPlace, estate: Estate) -> Truth:
    """Return whether *role* may create a file system in a place, which has no ARN yet.

    The action has no resource type, so a grant on file systems with certain ids is none (Service Authorization
    Reference, "Amazon Elastic File System"). AWS's own policy grants it on ``file-system/*``.
    """
    every, some = (
        _truth(role, _request(CREATE, place.arn("elasticfilesystem", f"file-system/{name}")), estate)
        for name in ("*", "fs-0")
    )
    if every is not False or some is False:
        return every
    return Unresolved(f"{CREATE} is granted on a pattern of file systems, and AWS compares it with none")


def _granted_at(role: Principal, action: str, file_system: FileSystem, estate: EstateIndex) -> Truth:
    """Return whether the policy of *file_system* makes it allowed there."""
    policies = estate.policies_of_file_systems.of(file_system)
    granting = (policy for policy in policies if _may_grant(policy, action))
    request = request_of(action, file_system)
    return any_true(_truth(role, request, estate, as_resource_policy(policy)) for policy in granting)


def as_resource_policy(policy: FileSystemPolicy) -> Policy | Unresolved:
    """Return the policy of a file system as `evaluate` takes it."""
    if isinstance(policy.document, Unresolved):
        return Unresolved(f"the file system policy {policy.address} is not known: {policy.document.why}")
    return Policy(policy.address, policy.place, "", policy.document, places=policy.places)


def _may_grant(policy: FileSystemPolicy, action: str) -> bool:
    if not isinstance(policy.document, PolicyDocument):
        return True
    return any(
        isinstance(entry, Unresolved) or (entry.effect != "Deny" and covers_action(entry, action) is not False)
        for entry in policy.document.statements
    )


def _truth(
    role: Principal, request: Request, estate: Estate, resource_policy: Policy | Unresolved | None = None
) -> Truth:
    return truth_of(ruled(role, request, estate, resource_policy).outcome)


def _on_any(action: str, place: AwsPlace) -> Request:
    """Return the request for *action* on whichever file system of a place."""
    return _request(action, Text((place.arn("elasticfilesystem", "file-system/"), _NEW)))


def request_of(action: str, file_system: FileSystem) -> Request:
    """Return the request that AWS Backup makes for *action* on *file_system*, with the tags of that."""
    request = _request(action, full_arn(file_system), file_system.address)
    tags = file_system.tags if isinstance(file_system.tags, Mapping) else {}
    carried = {f"aws:resourcetag/{key.lower()}": (value,) for key, value in tags.items()}
    return replace(request, context={**request.context, **carried})


def _request(action: str, arn: Str, address: str = "") -> Request:
    fields = arn_fields(arn) or []
    region, account = (fields[_REGION], fields[_ACCOUNT]) if fields else (THIS_REGION, THIS_ACCOUNT)
    context = {**_AS_ROLE, "aws:resourceaccount": (account,)}
    if region != THIS_REGION:
        context["aws:requestedregion"] = (region,)
    return Request(action, arn, address, context, NOT_SENT_DIRECTLY)


def _named(role: Principal, estate: EstateIndex) -> Iterator[FileSystem]:
    """Yield the file systems of *estate* that the role's policies name."""
    resources = [
        statement.resources for statement in statements(role.policies) if isinstance(statement.resources, tuple)
    ]
    named = dict.fromkeys(entry for entries in resources for entry in entries)
    found = (estate.mount_index.file_system(entry) for entry in named)
    yield from {file_system.address: file_system for file_system in found if file_system is not None}.values()


def restores_efs(role: Principal, estate: Estate) -> bool:
    """Return whether a restore role is one for EFS: it speaks of EFS, can't be read, or stands beside a file system."""
    if role.unread or unread_part(role.policies) is not None:
        return True
    if any(_speaks_of_efs(statement) for statement in statements(role.policies)):
        return True
    return (bool(estate.file_systems) or _has_lost(estate)) and not _restores_another_service(role)


def _has_lost(estate: Estate) -> bool:
    """Return whether the account has recovery points of file systems of its own that are gone, or out of sight."""
    return any(gone.lost is not None and gone.lost.loss is not Loss.FOREIGN for gone in estate.lost_file_systems)


def _speaks_of_efs(statement: Statement) -> bool:
    if isinstance(statement.actions, Unresolved):
        return True
    return any(
        not isinstance(action, str) or action.lower().startswith("elasticfilesystem:") for action in statement.actions
    )


def _restores_another_service(role: Principal) -> bool:
    names = [policy.name for policy in role.policies if policy.aws_managed]
    return any(isinstance(name, str) and name.endswith("Restore") for name in names)
