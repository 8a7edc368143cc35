"""Whether a mover sees and can change what AWS Backup restored: its way to the files, its user and its permissions.

A client that reaches a mount target has full access as long as the file system has no policy; with one, policy or role
must grant ``ClientMount``, ``ClientWrite`` and, to act as root, ``ClientRootAccess``
(https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html). An access point's user replaces the
client's, and a forced root needs ``ClientRootAccess`` too
(https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from restore_ready.coverage._coverage import full_arn
from restore_ready.file_moves._movers import RESTORED
from restore_ready.file_moves._network import network_of
from restore_ready.iam import Denied, Identity, Request, Undecided, evaluate
from restore_ready.index import EstateIndex
from restore_ready.model import (
    DOCUMENT,
    AccessPoint,
    FileSystem,
    FileSystemPolicy,
    Focus,
    Known,
    Mount,
    Mover,
    MoverKind,
    Places,
    Policy,
    PrincipalKind,
    Str,
    Unresolved,
    leaves_open,
    settled,
    show,
    unresolved_reason,
)
from restore_ready.model._why_open import NOT_IN_SIGHT

_ROOT_USER: Final = 0


class Access(Struct):
    """What is certainly wrong with a mount, and what may be.

    Attributes:
        focus: where the first fault is written.
    """

    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    focus: Focus | None = None

    def add(self, answer: str | Unresolved, focus: Focus | None = None) -> None:
        """Take one answer: a fault with its *focus*, a doubt, or nothing if empty."""
        if isinstance(answer, Unresolved):
            self.doubts.append(answer.why)
        elif answer:
            self.focus = focus if not self.faults else self.focus
            self.faults.append(answer)


def access_of(mover: Mover, mount: Mount, estate: EstateIndex) -> Access:
    """Return what keeps *mover* from moving restored files through *mount*."""
    found = Access()
    mount_index = estate.mount_index
    point = None if mount.access_point is None else mount_index.access_point(mount.access_point)
    if mount.access_point is not None and point is None:
        found.add(_elsewhere("its access point", mount.access_point))
    else:
        shown = Places() if point is None else point.places
        found.add(_view(mover, mount, point), shown.of("root") or mount.places.of("root"))
        found.add(_user(mover, mount, point), shown.of("uid") or mount.places.of("access_point"))
    if mover.kind is not MoverKind.TRANSFER:
        found.add(_writing(mount.read_only))
    leads_to = mount_index.leads_to(mount)
    file_system = mount_index.file_system(leads_to)
    if file_system is None:
        found.add(_elsewhere("the file system it mounts", leads_to))
    else:
        has_targets = bool(estate.mount_targets_of.of(file_system))
        found.add(network_of(mover, file_system, estate), mover.places.of("subnets") if has_targets else None)
        for answer, focus in _permissions(mover, mount, point, file_system, estate):
            found.add(answer, focus)
    return found


def _elsewhere(what: str, value: Str) -> Unresolved:
    why = unresolved_reason(value)
    unseen = NOT_IN_SIGHT.said(what=what if why else f"{what}, {show(value)},")
    return Unresolved(f"{unseen}: {why}" if why else unseen)


@leaves_open
def _writing(read_only: Known[bool]) -> str:
    found = settled(read_only, "whether it mounts the files read-only is not known")
    return "it mounts the files read-only" if found else ""


@leaves_open
def _view(mover: Mover, mount: Mount, point: AccessPoint | None) -> str:
    """Return what hides the root of the file system from it; the destination of a DataSync task need not see it."""
    if mover.kind is MoverKind.TRANSFER and mount.read_only is False:
        return ""
    unknown = "which directory it sees is not known"
    root = settled("/" if point is None else point.root, unknown)
    mounted = settled(mount.root, unknown)
    if point is not None and root.strip("/"):
        return f"its access point {point.address} shows it {root} only"
    into = mounted.strip("/")
    if not into or (mover.kind is MoverKind.TRANSFER and into.startswith(RESTORED)):
        return ""
    return f"it mounts {mounted} only"


@leaves_open
def _user(mover: Mover, mount: Mount, point: AccessPoint | None) -> str | Unresolved:
    uid = settled(_uid(mount, point), "the user that it works as is not known")
    if uid == _ROOT_USER:
        return ""
    if uid is not None:
        return f"it works as user {uid}"
    if mover.kind is MoverKind.FUNCTION:
        where = "" if point is None else f" {point.address}"
        return f"its access point{where} leaves it Lambda's own user, which is not root"
    return Unresolved("the user that it works as is not known: its image sets it, or its access point could")


def _uid(mount: Mount, point: AccessPoint | None) -> Known[int | None]:
    return mount.uid if point is None or point.uid is None else point.uid


def _permissions(
    mover: Mover, mount: Mount, point: AccessPoint | None, file_system: FileSystem, estate: EstateIndex
) -> Iterator[tuple[str | Unresolved, Focus | None]]:
    """Yield what the policy of the file system leaves undone, if it has one, and where that is written."""
    policy = _policy(file_system, estate)
    if policy is None or isinstance(policy, Unresolved):
        yield "" if policy is None else policy, None
        return
    identity = _identity(mover, mount, estate)
    if isinstance(identity, Unresolved):
        yield identity, None
        return
    for action in _needed(mount, point):
        request = _request(action, mount, point, file_system)
        outcome = evaluate(identity, request, resource_policy=policy).outcome
        if isinstance(outcome, Undecided):
            yield Unresolved(f"whether it has {action} is not known: {outcome.why}"), None
        elif isinstance(outcome, Denied):
            said = f"it has no {action} under the policy of {file_system.address}"
            yield said, policy.places.of(DOCUMENT) if outcome.by is None else outcome.by.focus


def _policy(file_system: FileSystem, estate: EstateIndex) -> Policy | Unresolved | None:
    everywhere = estate.policies_of_file_systems
    if everywhere.astray is not None:
        return Unresolved(f"whether {everywhere.astray.address} is the policy of {file_system.address} is not known")
    found = next(iter(everywhere.of(file_system)), None)
    return None if found is None else _as_policy(found)


def _as_policy(found: FileSystemPolicy) -> Policy:
    return Policy(found.address, found.place, "file system policy", found.document, places=found.places)


def _identity(mover: Mover, mount: Mount, estate: EstateIndex) -> Identity | Unresolved:
    if isinstance(mount.with_iam, Unresolved):
        return Unresolved(f"whether it mounts with a role is not known: {mount.with_iam.why}")
    if not mount.with_iam:
        return Identity("anonymous", None)
    if mover.role is None:
        return Unresolved("its role is not given")
    role = estate.all_roles.find(mover.role)
    if role is None:
        unseen = Unresolved(NOT_IN_SIGHT.said(what=f"its role {show(mover.role)}"))
        return Identity(mover.role, PrincipalKind.ROLE, unread=(unseen,))
    return Identity.of(role)


def _needed(mount: Mount, point: AccessPoint | None) -> Iterator[str]:
    yield "elasticfilesystem:ClientMount"
    if mount.read_only is False:
        yield "elasticfilesystem:ClientWrite"
    uid = _uid(mount, point)
    if not isinstance(uid, Unresolved) and uid == _ROOT_USER:
        yield "elasticfilesystem:ClientRootAccess"


def _request(action: str, mount: Mount, point: AccessPoint | None, file_system: FileSystem) -> Request:
    context: dict[str, tuple[Str, ...]] = {"elasticfilesystem:accessedviamounttarget": ("true",)}
    if not isinstance(mount.encrypted, Unresolved):
        context["aws:securetransport"] = ("true" if mount.encrypted else "false",)
    if point is not None:
        context["elasticfilesystem:accesspointarn"] = (point.arn,)
    absent = frozenset({"elasticfilesystem:accesspointarn"}) if mount.access_point is None else frozenset()
    return Request(action, full_arn(file_system), file_system.address, context, absent)
