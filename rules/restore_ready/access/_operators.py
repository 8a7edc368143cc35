"""Who is meant to start restores: the principals that are granted it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from restore_ready.access._grants import ALONE
from restore_ready.access._restore_grants import Grant
from restore_ready.access._statements import only_for_backup_service
from restore_ready.model import Place, Policy, Principal, PrincipalKind


def operators(grants: Iterable[Grant]) -> Iterator[Principal]:
    """Return the principals that are granted the start of a restore by name, or by any means if they are called so.

    A group acts through its users only, so it is given only where not all its policies are seen with users. AWS's
    policies for service roles make no operator of a role.
    """
    found: dict[str, Principal] = {}
    for grant in grants:
        if not all(map(is_for_service_roles, grant.policies)):
            found.update(
                (principal.address, principal) for principal in grant.holders if not only_for_backup_service(principal)
            )
    return acting(found.values())


class Grantee(Struct, frozen=True):
    """Somebody who is granted the start of a restore, and the resource that a finding about that lands on.

    Attributes:
        principal: the operator; for a policy that nobody in sight holds, whoever would hold it alone.
        name: what it is called in front of people.
    """

    address: str
    place: Place
    principal: Principal
    name: str
    holds_one_policy: bool = False


def grantees(grants: Sequence[Grant]) -> Iterator[Grantee]:
    """Yield the restore operators, and a stand-in for the holder of each policy that nobody in sight holds."""
    for principal in operators(grants):
        name = f'{principal.kind.value} "{principal.label}"'
        yield Grantee(principal.address, principal.place, principal, name)
    for grant in grants:
        if not grant.holders:
            yield Grantee(grant.address, grant.place, _holder_of(grant), ALONE, holds_one_policy=True)


def _holder_of(grant: Grant) -> Principal:
    """Return a group with the policies of *grant*, which stands for any of its users."""
    place = grant.policies[0].aws_place
    arn = f"arn:aws:iam::{place.arn_account}:group/{ALONE}"
    return Principal("", grant.place, PrincipalKind.GROUP, ALONE, arn, grant.policies, aws_place=place)


def acting(principals: Iterable[Principal]) -> Iterator[Principal]:
    """Yield *principals* without the groups whose policies are all seen with users, who act for them."""
    every = tuple(principals)
    users = (user for user in every if user.kind is PrincipalKind.USER)
    with_users = {policy.address for user in users for policy in user.policies}
    for principal in every:
        own = {policy.address for policy in principal.policies}
        if principal.kind is not PrincipalKind.GROUP or not own or not own <= with_users:
            yield principal


def is_for_service_roles(policy: Policy) -> bool:
    """Return whether *policy* is one of those that AWS wrote for the roles that AWS Backup works with."""
    named = isinstance(policy.name, str) and policy.name.startswith("AWSBackupServiceRolePolicy")
    return policy.aws_managed and named
