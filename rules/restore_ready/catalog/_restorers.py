"""Who may restore what lies in some vaults, all that a restore meets taken together, as rules put it into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from restore_ready.access._decisions import may_pass, may_start, truth_of, vault_lets
from restore_ready.access._operators import operators
from restore_ready.access._restore_grants import Grant
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.index import EstateIndex
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

    def told(self, them: str) -> str:
        """Return who may restore *them*, for people: ``restore-op can restore them``."""
        if self.sure:
            more = f" and {len(self.sure) - _MOST_NAMES} more" if len(self.sure) > _MOST_NAMES else ""
            return f"{', '.join(self.sure[:_MOST_NAMES])}{more} can restore {them}"
        if self.unsure:
            return f"perhaps {', '.join(self.unsure[:_MOST_NAMES])} can restore {them}"
        if self.hidden:
            return f"who can restore {them} is not known ({self.hidden})"
        return f"nobody in sight who is meant to restore can restore {them}"


class RestorersByVault:
    """Who of the restore operators of an estate may restore from some vaults; each question is answered once."""

    def __init__(self, estate: EstateIndex, grants: Iterable[Grant], roles: Sequence[Principal]) -> None:
        """Take the policies that grant the start of a restore, and the roles to restore with."""
        self._estate = estate
        self._operators = tuple(operators(grants))
        trusting = ((role, trusts_backup(role)) for role in roles)
        found = [(role, trusts) for role, trusts in trusting if trusts is not False]
        self._roles, self._unasked = found[:_MOST_ROLES], len(found) - _MOST_ROLES
        self._known: dict[tuple[str, ...], Restorers] = {}
        self._serving: dict[tuple[str, str], Truth] = {}

    def of(self, vaults: Sequence[RecoveryPointVault]) -> Restorers:
        """Return who may restore from one of *vaults*."""
        key = tuple(vault.key for vault in vaults)
        if key not in self._known:
            answers = [(who.label, self._may(who, vaults)) for who in self._operators]
            self._known[key] = Restorers(
                tuple(name for name, answer in answers if answer is True),
                tuple(name for name, answer in answers if isinstance(answer, Unresolved)),
                self._estate.hidden_people,
            )
        return self._known[key]

    def _may(self, principal: Principal, vaults: Sequence[RecoveryPointVault]) -> Truth:
        start = truth_of(may_start(principal, self._estate).outcome)
        return False if start is False else all_true((start, any_true(self._from(principal, vaults))))

    def _from(self, principal: Principal, vaults: Iterable[RecoveryPointVault]) -> Iterator[Truth]:
        for vault in vaults:
            lets = all_true(truth_of(vault_lets(principal, policy).outcome) for policy in vault.policies)
            for role, trusts in self._roles if lets is not False else ():
                passed = truth_of(may_pass(principal, role.arn, self._estate, role.address).outcome)
                yield all_true((lets, vault.in_sight, trusts, passed, self._serves(role, vault)))
            if lets is not False and self._unasked > 0:
                yield Unresolved(f"{self._unasked} more roles were not asked about")

    def _serves(self, role: Principal, vault: RecoveryPointVault) -> Truth:
        """Return whether *role* may restore, and use the key of *vault*, whoever passes it."""
        known = (role.address, vault.key)
        if known not in self._serving:
            key = None if vault.vault is None else vault.vault.key
            permitted = all_true(may_do(role, action, self._estate) for action in RESTORE_ACTIONS)
            usable = may_use_key(role, key, self._estate.home, self._estate).answer
            self._serving[known] = all_true((permitted, usable))
        return self._serving[known]
