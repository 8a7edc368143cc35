"""Who may restore what lies in some vaults, all that a restore meets taken together, as rules put it into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from restore_ready.access._decisions import may_pass, may_start, truth_of, vault_lets
from restore_ready.access._operators import operators
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.kms._keys import may_use_key
from restore_ready.model import Principal, Truth, Unresolved, all_true, any_true
from restore_ready.vaults._recovery_points import RecoveryPointVault

_MOST_ROLES = 10
_MOST_NAMES = 3


class Restorers(Struct, frozen=True):
    """The restore operators that may restore, by name.

    Attributes:
        unsure: those of whom that is open.
        hidden: why there may be others; empty where there are none.
    """

    sure: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    hidden: str = ""

    def told(self) -> str:
        """Return who may restore, for people: ``restore-op can restore them``."""
        if self.sure:
            more = f" and {len(self.sure) - _MOST_NAMES} more" if len(self.sure) > _MOST_NAMES else ""
            return f"{', '.join(self.sure[:_MOST_NAMES])}{more} can restore them"
        if self.unsure:
            return f"perhaps {', '.join(self.unsure[:_MOST_NAMES])} can restore them"
        if self.hidden:
            return f"who can restore them is not known ({self.hidden})"
        return "nobody in sight who is meant to restore can restore them"


def restorers(vaults: Iterable[RecoveryPointVault], estate: JudgedEstate) -> Restorers:
    """Return who of the restore operators may restore from one of *vaults*."""
    holding = tuple(vaults)
    answers = [(who.label, _may(who, holding, estate)) for who in operators(estate.restore_grants)]
    return Restorers(
        tuple(name for name, answer in answers if answer is True),
        tuple(name for name, answer in answers if isinstance(answer, Unresolved)),
        estate.hidden_people,
    )


def _may(principal: Principal, vaults: tuple[RecoveryPointVault, ...], estate: JudgedEstate) -> Truth:
    start = truth_of(may_start(principal, estate).outcome)
    return False if start is False else all_true((start, any_true(_from(principal, vaults, estate))))


def _from(principal: Principal, vaults: tuple[RecoveryPointVault, ...], estate: JudgedEstate) -> Iterator[Truth]:
    roles = [role for role in estate.roles_to_restore_with if trusts_backup(role) is not False]
    for vault in vaults:
        lets = all_true(truth_of(vault_lets(principal, policy).outcome) for policy in vault.policies)
        for role in roles[:_MOST_ROLES] if lets is not False else ():
            key = None if vault.vault is None else vault.vault.key
            yield all_true(
                (
                    lets,
                    vault.in_sight,
                    trusts_backup(role),
                    truth_of(may_pass(principal, role.arn, estate, role.address).outcome),
                    all_true(may_do(role, action, estate) for action in RESTORE_ACTIONS),
                    may_use_key(role, key, estate.home, estate).answer,
                )
            )
