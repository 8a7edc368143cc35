"""What holds of the roles that a restore may run with, whoever passes them, each asked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from restore_ready.access._default_role import default_roles
from restore_ready.access._pass_role_reach import pass_role_statements
from restore_ready.access._statements import called, trusts_backup
from restore_ready.index import EstateIndex, RoleIndex
from restore_ready.model import FileSystem, Principal, Requirements, Truth, Unresolved
from restore_ready.vaults._recovery_points import RecoveryPointVault
from restore_ready.who_can_restore._steps import (
    Step,
    StepResult,
    key_step,
    permissions_at,
    permissions_step,
    trust_step,
)
from restore_ready.who_can_restore._words import knows_everybody, no_restore_role


class Roles:
    """The roles that may serve for a restore, with what holds of each whoever passes it."""

    def __init__(self, restore_roles: Sequence[Principal], estate: EstateIndex, requirements: Requirements) -> None:
        """Take the restore roles, and beside them what else may serve.

        Of an account whose IAM was listed whole, that is every role that AWS Backup can assume; a source may leave out
        the default service role, which a PassRole then names.
        """
        further = _assumed_by_backup(estate) if knows_everybody(estate) else default_roles(estate)
        found = tuple({role.address: role for role in (*restore_roles, *further)}.values())
        self.answers = {role.address: (trust_step(role), permissions_step(role, estate)) for role in found}
        self._names = requirements.roles
        self._index = RoleIndex(sorted(found, key=self._rank, reverse=True))
        self.none = _none_there(estate)

    def _rank(self, role: Principal) -> tuple[int, ...]:
        return (*(rank(step.holds) for step in self.answers[role.address]), bool(called(role, self._names)))

    def is_of_use(self, role: Principal) -> bool:
        """Return whether *role* may serve at all, by its trust and what it may do."""
        return all(step.holds is not False for step in self.answers[role.address])

    def for_caller(self, principal: Principal) -> Sequence[Principal]:
        """Return the roles that *principal* may be able to pass, the best first; at least one if there is any."""
        passing = pass_role_statements(principal.policies)
        reached = {role.address for statement in passing for role in self._index.candidates(statement)}
        return [role for role in self._index.roles if role.address in reached] or self._index.roles[:1]


def _assumed_by_backup(estate: EstateIndex) -> Iterator[Principal]:
    return (role for role in estate.roles() if trusts_backup(role) is not False)


def _none_there(estate: EstateIndex) -> tuple[StepResult, ...]:
    """Return what holds of a role where there is none."""
    why = no_restore_role(estate)
    return of_role(False if knows_everybody(estate) else Unresolved(why), why)


def of_role(holds: Truth, why: str) -> tuple[StepResult, ...]:
    """Return the same answer for each link that is about the role."""
    return tuple(StepResult(step, holds, why) for step in (Step.TRUST, Step.PERMISSIONS, Step.KEY))


def rank(answer: Truth) -> int:
    """Return how good an answer is: 2 for yes, 1 for open, 0 for no."""
    return 2 if answer is True else 0 if answer is False else 1


class AtFileSystem:
    """What roles may do at one file system and with the keys behind it and its vaults; asked once for each."""

    def __init__(self, file_system: FileSystem, estate: EstateIndex) -> None:
        """Ask about *file_system*, one of *estate*."""
        self._file_system = file_system
        self._estate = estate
        self._by_key: dict[tuple[str, str], StepResult] = {}
        self._permissions: dict[str, StepResult] = {}

    def permissions(self, role: Principal, anywhere: StepResult) -> StepResult:
        """Return what *role* may do at the file system, by what it may do *anywhere*."""
        if role.address not in self._permissions:
            found = permissions_at(role, anywhere, self._file_system, self._estate)
            self._permissions[role.address] = found
        return self._permissions[role.address]

    def key(self, role: Principal, holding: RecoveryPointVault | None) -> StepResult:
        """Return whether *role* may use the keys of the file system and of the vault."""
        known = (role.address, "" if holding is None else holding.key)
        if known not in self._by_key:
            self._by_key[known] = key_step(role, holding, self._file_system, self._estate)
        return self._by_key[known]
