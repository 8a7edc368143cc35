"""Who is judged for a grant of restores, and the resources that such findings land on."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.access._restore_grants import Grant
from restore_ready.access._statements import only_for_backup_service, open_grant
from restore_ready.index import RoleIndex, account_of_role
from restore_ready.model import THIS_ACCOUNT, Place, PlaceName, Policy, Principal, PrincipalKind, Unresolved

ALONE: Final = "whoever holds this policy alone"
"""Whom a policy is judged for that nobody in sight holds."""


class Caller(Struct, frozen=True):
    """Somebody who would start a restore under a grant: a principal, or whoever holds just the policy.

    Attributes:
        service_only: whether only AWS Backup can act as the principal, so that nobody calls an API with it.
        boundary: the principal's permissions boundary, if it has one.
        account: the account that the principal is of.
    """

    name: str
    policies: tuple[Policy, ...]
    unread: tuple[Unresolved, ...] = ()
    service_only: bool = False
    boundary: Policy | Unresolved | None = None
    account: PlaceName = THIS_ACCOUNT

    def open_grant(self, action: str) -> Unresolved | None:
        """Return why the policies may allow *action* where that is not known; ``None`` if all of them could be read."""
        return self.unread[0] if self.unread else open_grant(self.policies, action)


class PassedGrant(Struct, frozen=True):
    """A grant of restores to callers who have ``iam:PassRole``, beside the restore roles it should reach."""

    address: str
    place: Place
    callers: tuple[Caller, ...]
    restore_roles: RoleIndex


def callers(grant: Grant) -> tuple[Caller, ...]:
    """Return who to judge for *grant*.

    A group acts only through its users, so it is judged by itself only where none of them is in sight.
    """
    acting = [principal for principal in grant.holders if principal.kind is not PrincipalKind.GROUP]
    groups = [group for group in grant.holders if group.kind is PrincipalKind.GROUP and not _has_user(group, acting)]
    judged = tuple(
        Caller(
            _name(caller),
            caller.policies,
            caller.unread,
            only_for_backup_service(caller),
            caller.boundary,
            account_of_role(caller),
        )
        for caller in (*acting, *groups)
    )
    alone = Caller(ALONE, grant.policies, account=grant.policies[0].aws_place.account)
    return judged or (alone,)


def _has_user(group: Principal, acting: list[Principal]) -> bool:
    own = {policy.address for policy in group.policies}
    return any(
        principal.kind is PrincipalKind.USER and own <= {policy.address for policy in principal.policies}
        for principal in acting
    )


def _name(principal: Principal) -> str:
    return f'{principal.kind.value} "{principal.label}"'
