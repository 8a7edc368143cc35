"""The roles that backup selections name, and whether such a selection chooses EFS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct

from restore_ready.coverage._arn_values import no_arn
from restore_ready.coverage._coverage import chooses_widely, covers
from restore_ready.coverage._plans_and_file_systems import choosable
from restore_ready.iam import matches
from restore_ready.index import EstateIndex, Missing, account_of_role, arn_account
from restore_ready.model import (
    AwsPlace,
    FileSystem,
    Focus,
    Place,
    Plan,
    Principal,
    Ref,
    Selection,
    Str,
    Truth,
    Unresolved,
    any_true,
    is_external,
    same_name,
    show,
    unresolved_reason,
)

_SERVICE: Final = 2
"""Where the service stands in an ARN."""

_REGION, _RESOURCE = 3, 5
"""Where the Region stands in an ARN, and what follows the account."""

_SERVICE_LINKED: Final = "*:role/aws-service-role/*"
_SERVICE_LINKED_TYPE: Final = "aws_iam_service_linked_role"

_AUTOMATIC: Final = "aws:elasticfilesystem:default-backup"
"""The tag by which AWS's own selection of automatic backups chooses, which only AWS sets."""

_MOST_FILE_SYSTEMS: Final = 20
"""File systems that one role is asked about: more would take time that grows with the square of the estate."""


class BackupRole(Struct, frozen=True):
    """A role of the estate that selections back up with.

    Attributes:
        selections: their addresses.
        chooses_efs: whether one of them chooses a file system.
        by_tags: whether one of them chooses by tags.
        file_systems: some that they certainly choose.
    """

    address: str
    place: Place
    role: Principal
    selections: tuple[str, ...]
    chooses_efs: Truth
    by_tags: Truth = False
    file_systems: tuple[FileSystem, ...] = ()


class NoRole(Struct, frozen=True):
    """A selection that names something else than a role's ARN, written as it stands there."""

    address: str
    place: Place
    given: str
    focus: Focus | None = None


class ForeignRole(Struct, frozen=True):
    """A selection whose role certainly is of another account than its plan, both accounts by their ids."""

    address: str
    place: Place
    role_of: str
    plan_of: str
    focus: Focus | None = None


class ServiceLinkedRole(Struct, frozen=True):
    """A selection that names a service-linked role, which can't back up what a selection chooses."""

    address: str
    place: Place
    given: str
    focus: Focus | None = None


class UnseenRole(Struct, frozen=True):
    """A selection of a live account whose role does not exist there, or of which AWS did not tell.

    Attributes:
        given: the role's ARN.
        role: that it does not exist, or why that is not known.
    """

    address: str
    place: Place
    given: str
    role: Missing | Unresolved
    focus: Focus | None = None


OfNoUse: TypeAlias = NoRole | ForeignRole | ServiceLinkedRole | UnseenRole


def backup_roles(estate: EstateIndex) -> Iterator[BackupRole | OfNoUse]:
    """Yield the roles in sight that back up EFS, perhaps, and the selections of EFS that name no role of use."""
    roles = estate.roles_in_sight
    found: dict[str, list[tuple[Selection, Truth]]] = {}
    for selection in estate.selections:
        answer = chooses_efs(selection, estate)
        if answer is False:
            continue
        fault = _of_no_use(selection, estate)
        if fault is not None:
            yield fault
        elif (role := estate.all_roles.find(selection.role)) is not None:
            found.setdefault(role.address, []).append((selection, answer))
    for address, uses in found.items():
        if address in roles:
            yield _backup_role(roles[address], uses, estate)


def _backup_role(role: Principal, uses: Iterable[tuple[Selection, Truth]], estate: EstateIndex) -> BackupRole:
    selections = tuple(selection for selection, _ in uses)
    return BackupRole(
        role.address,
        role.place,
        role,
        tuple(selection.address for selection in selections),
        any_true(answer for _, answer in uses),
        any_true(_chooses_by_tags(selection) for selection in selections),
        tuple(islice(_chosen(selections, estate), _MOST_FILE_SYSTEMS)),
    )


def _chosen(selections: Iterable[Selection], estate: EstateIndex) -> Iterator[FileSystem]:
    """Yield the file systems that one of *selections* certainly chooses."""
    seen: set[str] = set()
    for selection in selections:
        for file_system in choosable((selection,), estate):
            if file_system.address not in seen and covers(selection, file_system) is True:
                seen.add(file_system.address)
                yield file_system


def _chooses_by_tags(selection: Selection) -> Truth:
    return selection.tags if isinstance(selection.tags, Unresolved) else bool(selection.tags)


def _service_linked(selection: Selection) -> str:
    """Return the service-linked role that *selection* names; empty for others, and for AWS's own selection."""
    role, tags = selection.role, selection.tags
    if isinstance(tags, tuple) and tags and all(tag.key == _AUTOMATIC for tag in tags):
        return ""
    by_type = isinstance(role, Ref) and _SERVICE_LINKED_TYPE in role.target.split(".")
    by_arn = not isinstance(role, (Ref, Unresolved)) and matches(_SERVICE_LINKED, role) is True
    return show(role) if by_type or by_arn else ""


def _of_no_use(selection: Selection, estate: EstateIndex) -> OfNoUse | None:
    focus = selection.places.of("role")
    if given := no_role(selection.role, estate.roles_in_sight):
        return NoRole(selection.address, selection.place, given, focus)
    if given := _service_linked(selection):
        return ServiceLinkedRole(selection.address, selection.place, given, focus)
    return _foreign(selection, estate) or _unseen(selection, estate)


def _unseen(selection: Selection, estate: EstateIndex) -> UnseenRole | None:
    found = estate.sight.role(selection.role, selection.aws_place.account)
    if isinstance(found, (Missing, Unresolved)):
        focus = selection.places.of("role")
        return UnseenRole(selection.address, selection.place, show(selection.role), found, focus)
    return None


def _foreign(selection: Selection, estate: EstateIndex) -> ForeignRole | None:
    """Return *selection* if its role is of another account; that of an Organizations policy is of each account."""
    role = estate.roles_in_sight.get(selection.role.target) if isinstance(selection.role, Ref) else None
    account = arn_account(selection.role) if role is None else account_of_role(role)
    own = selection.aws_place.account
    if selection.organization or account is None or same_name(account, own) is not False:
        return None
    focus = selection.places.of("role")
    return ForeignRole(selection.address, selection.place, str(account), str(own), focus)


def _last(arn: str) -> str:
    """Return the part of a role's ARN that tells it from the other roles of its account: ``role/path/name``."""
    return arn.split(":", 5)[-1]


def no_role(value: Str, roles: Mapping[str, Principal]) -> str:
    """Return what stands where a role's ARN should, if it certainly is none; else an empty string."""
    if isinstance(value, str) and value.startswith("arn:"):
        return "" if _last(value).startswith("role/") else f'"{value}"'
    return no_arn(value, is_role=True, known=isinstance(value, Ref) and value.target in roles)


def chooses_efs(selection: Selection, estate: EstateIndex) -> Truth:
    """Return whether *selection* chooses EFS: by an ARN or wildcard of the service, or a file system of *estate*."""
    if isinstance(selection.resources, Unresolved):
        return selection.resources
    named = any_true(_is_efs(resource, selection.aws_place, estate) for resource in selection.resources)
    by_arn_alone = selection.tags == () and bool(selection.resources)
    if named is True or (by_arn_alone and named is False):
        return named
    if any(covers(selection, found) is True for found in estate.tagged_file_systems.chosen_by(selection)):
        return True
    if by_arn_alone and isinstance(named, Unresolved) and not chooses_widely(selection):
        return named
    return Unresolved(f"{selection.address} chooses by tag or wildcard, and no file system that it chooses is in sight")


def spares_efs(plan: Plan, estate: EstateIndex) -> bool:
    """Return whether *plan* certainly backs up no EFS: it has selections, and all of them choose other services."""
    selections = estate.selections_by_plan
    found = selections.get(plan.address, ())
    return "" not in selections and bool(found) and all(chooses_efs(selection, estate) is False for selection in found)


def _is_efs(resource: Str, at: AwsPlace, estate: EstateIndex) -> Truth:
    """Return whether a resource that a selection in the place *at* names is of EFS, and not certainly elsewhere."""
    if isinstance(resource, Ref):
        if resource.target in estate.file_systems_by_address:
            return True
        return Unresolved(unresolved_reason(resource)) if is_external(resource) else False
    fields = show(resource).split(":", 3)
    if len(fields) <= _SERVICE or set("*?$") & set(fields[_SERVICE]):
        return Unresolved(unresolved_reason(resource) or f"{resource} may mean any service")
    return fields[_SERVICE] == "elasticfilesystem" and not _is_elsewhere(show(resource), at)


def _is_elsewhere(arn: str, at: AwsPlace) -> bool:
    fields = arn.split(":")[_REGION:_RESOURCE]
    written = zip(fields, (at.region, at.account), strict=False)
    return any(same_name(field, own) is False for field, own in written if field and not set("*?$") & set(field))
