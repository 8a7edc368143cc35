"""Whether a live account that backs up EFS has any role at all that AWS Backup can restore it with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.history._records import usable_points
from restore_ready.index import EstateIndex
from restore_ready.model import Loss, Place, Principal, Truth, Unresolved, all_true, any_true
from restore_ready.vaults._destinations import destinations


class NoRestoreRole(Struct, frozen=True):
    """A live account that backs up EFS and has no role that is meant for restores.

    Attributes:
        address: stands for the account: ``aws:111122223333``.
        can_restore: whether another of its roles serves after all.
        assumable: the names of the roles that AWS Backup can assume.
    """

    address: str
    place: Place
    can_restore: Truth
    assumable: tuple[str, ...] = ()


def no_restore_role(estate: EstateIndex, restore_roles: Sequence[Principal]) -> Iterator[NoRestoreRole]:
    """Yield the account of a live *estate* where EFS is backed up and nothing is in *restore_roles*."""
    if restore_roles or not estate.listings or not _backs_up(estate):
        return
    label = f"aws:{estate.home.arn_account}"
    hidden = estate.sight.hidden_roles
    if hidden is not None:
        yield NoRestoreRole(label, Place(label), hidden)
        return
    trusted = [role for role in estate.roles() if trusts_backup(role) is not False]
    found = any_true(_can_restore(role, estate) for role in trusted)
    yield NoRestoreRole(label, Place(label), found, tuple(role.label for role in trusted))


def _backs_up(estate: EstateIndex) -> bool:
    """Return whether there is a recovery point of some file system of the account, or will be one.

    Those of other accounts' file systems are restored by copying them back first.
    """
    lost = [gone for gone in estate.lost_file_systems if gone.lost is None or gone.lost.loss is not Loss.FOREIGN]
    return any(destinations(file_system, estate).certain for file_system in estate.file_systems) or any(
        usable_points(file_system, estate) for file_system in (*estate.file_systems, *lost)
    )


def _can_restore(role: Principal, estate: EstateIndex) -> Truth:
    answer = all_true([trusts_backup(role), *(may_do(role, action, estate) for action in RESTORE_ACTIONS)])
    return Unresolved(f"whether {role.label} can: {answer.why}") if isinstance(answer, Unresolved) else answer
