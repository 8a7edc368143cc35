"""Who may lift a vault's Deny of restores: whoever may overwrite or delete the vault's access policy.

The policy itself may forbid that too (https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._constants import START_RESTORE
from restore_ready.access._operator_needs import LIFT, may_on_vault
from restore_ready.access._operators import acting
from restore_ready.access._statements import only_for_backup_service, statements
from restore_ready.iam import covers_action
from restore_ready.index import EstateIndex
from restore_ready.model import Policy, PolicyDocument, Principal, Truth, Unresolved, VaultPolicy
from restore_ready.vaults._lookup import denied_to_everyone
from restore_ready.vaults._recovery_points import RecoveryPointVault
from restore_ready.who_can_restore._words import knows_everybody

_SERVICE_LINKED: Final = ":role/aws-service-role/"


class Lifter(Struct, frozen=True):
    """A principal that may lift a vault's Deny.

    Attributes:
        actions: those of `LIFT` that it may do, all of them certain or none.
        certain: whether that is certain; else it depends on what is not known.
    """

    principal: Principal
    actions: tuple[str, ...]
    certain: bool


class DenyingVault(Struct, frozen=True):
    """A vault that denies restores.

    Attributes:
        for_everyone: whether it denies them to everyone.
        lifters: who in sight may lift the Deny, those first of whom that is certain; ``None`` where it was not asked.
        complete: whether it was asked of everybody there is.
    """

    vault: RecoveryPointVault
    for_everyone: Truth
    lifters: tuple[Lifter, ...] | None = None
    complete: bool = False


class Lifters:
    """Finds who may lift the Deny of the vaults of an estate."""

    def __init__(self, estate: EstateIndex) -> None:
        """Look among the principals of *estate*."""
        self._estate = estate

    @cached_property
    def _people(self) -> tuple[Principal, ...]:
        return tuple(principal for principal in acting(self._estate.principals) if not _is_for_services(principal))

    @cached_property
    def _granted(self) -> tuple[Principal, ...]:
        """Those whose own policies may grant it: few of many do, and asking takes time."""
        return tuple(filter(_is_granted, self._people))

    def of(self, denying: DenyingVault) -> DenyingVault:
        """Return *denying* with who may lift its Deny."""
        found = tuple(self._of_vault(denying.vault))
        sure = tuple(lifter for lifter in found if lifter.certain)
        unsure = tuple(lifter for lifter in found if not lifter.certain)
        return replace(denying, lifters=(*sure, *unsure), complete=knows_everybody(self._estate))

    def _of_vault(self, vault: RecoveryPointVault) -> Iterator[Lifter]:
        everybody = any(_may_let(policy) for policy in vault.policies)
        for principal in self._people if everybody else self._granted:
            answers = {action: may_on_vault(principal, action, vault, self._estate) for action in LIFT}
            sure = tuple(action for action, answer in answers.items() if answer is True)
            unsure = tuple(action for action, answer in answers.items() if isinstance(answer, Unresolved))
            if sure or unsure:
                yield Lifter(principal, sure or unsure, bool(sure))


def denies_everyone_restores(vault: RecoveryPointVault) -> Truth:
    """Return whether the policies of *vault* in sight deny restores to everyone."""
    return denied_to_everyone(vault.policies, START_RESTORE)


def _is_for_services(principal: Principal) -> bool:
    is_linked = isinstance(principal.arn, str) and _SERVICE_LINKED in principal.arn
    return is_linked or only_for_backup_service(principal)


def _is_granted(principal: Principal) -> bool:
    """Return whether a statement of the principal's own may grant it."""
    if any(_is_open(policy) for policy in principal.policies):
        return True
    allowing = (statement for statement in statements(principal.policies) if statement.effect != "Deny")
    return any(covers_action(statement, action) is not False for statement in allowing for action in LIFT)


def _is_open(policy: Policy) -> bool:
    return not isinstance(policy.document, PolicyDocument) or any(
        isinstance(entry, Unresolved) for entry in policy.document.statements
    )


def _may_let(policy: VaultPolicy) -> bool:
    """Return whether a vault's policy may let somebody change it whose own policies don't."""
    if not isinstance(policy.document, PolicyDocument):
        return True
    entries = policy.document.statements
    return any(
        isinstance(entry, Unresolved)
        or (entry.effect != "Deny" and any(covers_action(entry, action) is not False for action in LIFT))
        for entry in entries
    )
