"""Who is asked about: whoever is meant to restore, and whoever may start a restore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from restore_ready.access._decisions import may_start
from restore_ready.access._operators import acting, is_for_service_roles, operators
from restore_ready.access._restore_grants import Grant
from restore_ready.access._statements import called, only_for_backup_service, unread_part
from restore_ready.iam import Denied
from restore_ready.index import EstateIndex
from restore_ready.model import Principal, Requirements, Truth, Unresolved
from restore_ready.who_can_restore._vault_grants import VaultGrants
from restore_ready.who_can_restore._words import knows_everybody


def in_question(
    estate: EstateIndex, requirements: Requirements, grants: Iterable[Grant], roles: Iterable[Principal]
) -> Iterator[Principal]:
    """Return whoever is meant to restore, or could: operators, those called so, and all who may start a restore."""
    meant = {operator.address for operator in operators(grants)}
    tools = {role.address for role in roles}
    meant |= {principal.address for principal in estate.principals if _called_operator(principal, requirements)} - tools
    by_vaults = VaultGrants(estate)
    return acting(
        principal
        for principal in estate.principals
        if principal.address in meant or _may_start(principal, estate, by_vaults)
    )


def _called_operator(principal: Principal, requirements: Requirements) -> bool:
    if only_for_backup_service(principal):
        return False
    return bool(called(principal, requirements.operators)) and not called(principal, requirements.mover)


def _may_start(principal: Principal, estate: EstateIndex, by_vaults: VaultGrants) -> bool:
    """Return whether a principal is granted the start of a restore, or may be, by what is in sight."""
    if only_for_backup_service(principal):
        return False
    own = tuple(policy for policy in principal.policies if not is_for_service_roles(policy))
    outcome = may_start(replace(principal, policies=own, unread=()), estate).outcome
    if not isinstance(outcome, Denied) or outcome.by is not None:
        return True
    return by_vaults.may_let_in(principal)


def others(estate: EstateIndex, found: Iterable[Principal]) -> Truth:
    """Return whether somebody else than *found* may start a restore.

    False where everybody is known, and may not; open in a source, which people elsewhere may act on, and where policies
    could not be read.
    """
    if not knows_everybody(estate):
        why = f": {estate.hidden_people}" if estate.hidden_people else ""
        return Unresolved(f"nobody who may start a restore is in sight{why}")
    asked = {principal.address for principal in found}
    for principal in estate.principals:
        if principal.address in asked or only_for_backup_service(principal):
            continue
        unread = principal.unread[0] if principal.unread else unread_part(principal.policies)
        if unread is not None:
            return Unresolved(f"what {principal.kind.value} {principal.label} may do is not known: {unread.why}")
    return False
