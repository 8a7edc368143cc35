"""Policies that grant the start of a restore, and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from restore_ready.access._constants import START_RESTORE
from restore_ready.access._statements import allows, called, only_for_backup_service, statements, written
from restore_ready.iam import covers_action, names_action
from restore_ready.model import (
    Estate,
    Focus,
    Place,
    Policy,
    Principal,
    Requirements,
)


class Grant(Struct, frozen=True):
    """Policies that grant the start of a restore, gathered by the resource that a finding about them lands on.

    Attributes:
        policies: those that grant it.
        holders: the principals that hold one of them; none for a policy that nothing in sight holds.
    """

    address: str
    place: Place
    policies: tuple[Policy, ...]
    holders: tuple[Principal, ...]


def restore_grants(estate: Estate, requirements: Requirements) -> Iterator[Grant]:
    """Yield the policies that grant the start of a restore, one `Grant` for each place a finding can land on."""
    gathered: dict[str, list[tuple[Policy, Principal | None]]] = {}
    for principal in estate.principals:
        service_only = only_for_backup_service(principal)
        declared = not service_only and bool(called(principal, requirements.operators))
        for policy in principal.policies:
            if grants_restore(policy, by_any_means=declared) and not (service_only and policy.aws_managed):
                gathered.setdefault(policy.address, []).append((policy, principal))
    used = {policy.address for principal in estate.principals for policy in _used_by(principal)}
    for policy in estate.policies:
        if policy.address not in used and grants_restore(policy, by_any_means=False):
            gathered.setdefault(policy.address, []).append((policy, None))
    for address, found in gathered.items():
        policies = tuple(policy for policy, _ in found)
        holders = {holder.address: holder for _, holder in found if holder is not None}
        yield Grant(address, policies[0].place, policies, tuple(holders.values()))


def _used_by(principal: Principal) -> Iterator[Policy]:
    """Yield the policies that a principal holds, and the one that bounds it, which grants nothing."""
    yield from principal.policies
    if isinstance(principal.boundary, Policy):
        yield principal.boundary


def granted_at(policies: Iterable[Policy]) -> Focus | None:
    """Return where *policies* grant the start of a restore: where what should stand beside it would stand."""
    return written(policies, lambda statement: allows(statement, START_RESTORE))


def grants_restore(policy: Policy, *, by_any_means: bool) -> bool:
    """Return whether *policy* grants the start of a restore by name or, if *by_any_means*, by ``*`` or NotAction."""
    allowing = [statement for statement in statements([policy]) if statement.effect == "Allow"]
    if by_any_means:
        return any(covers_action(statement, START_RESTORE) is True for statement in allowing)
    return any(names_action(statement, START_RESTORE) is True for statement in allowing)
