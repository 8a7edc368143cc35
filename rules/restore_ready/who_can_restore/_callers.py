"""What one principal needs to restore a file system: its chain by the vault and role with which it gets furthest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._decisions import may_pass, may_start, takes_away
from restore_ready.access._operator_needs import needs
from restore_ready.access._pass_role_names import unpassed
from restore_ready.access._pass_role_reach import pass_role_statements
from restore_ready.coverage._coverage import coverage
from restore_ready.iam import PolicyType
from restore_ready.index import EstateIndex
from restore_ready.model import THIS_ACCOUNT, FileSystem, Principal, Text, Unresolved
from restore_ready.vaults._recovery_points import RecoveryPointVault, RecoveryPointVaults
from restore_ready.who_can_restore._chain import Chain
from restore_ready.who_can_restore._points import PointsOnRecord
from restore_ready.who_can_restore._role_answers import AtFileSystem, Roles, of_role, rank
from restore_ready.who_can_restore._steps import Cited, Step, StepResult, of_decision, point_step, vault_step
from restore_ready.who_can_restore._vault_grants import granted_by_vault
from restore_ready.who_can_restore._words import knows_everybody

_MOST_ROLES: Final = 50
"""Roles tried for one principal, those most likely to serve first."""

_HOLDS: Final = 2
_A_ROLE: Final = ":role/"
_ANY_ROLE: Final = Text((f"arn:aws:iam::{THIS_ACCOUNT}:role/", Unresolved("which role it would pass is not known")))


class Caller:
    """A principal, with what holds of it for every file system."""

    def __init__(self, principal: Principal, estate: EstateIndex, roles: Roles, *, detailed: bool) -> None:
        """Ask about *principal*, which may pass one of *roles*; if *detailed*, also what it lacks beside."""
        self._detailed = detailed
        self._principal = principal
        self._estate = estate
        self._roles = roles
        self._start = of_decision(Step.START, may_start(principal, estate))
        self._passed = tuple(self._pass_roles())
        self._vaults: dict[str, StepResult] = {}
        self._needs: dict[str, tuple[str, ...]] = {}

    def is_denied(self, vault: RecoveryPointVault) -> bool:
        """Return whether the policy of a vault that `best` was asked with certainly keeps the principal out."""
        return vault.key in self._vaults and self._vaults[vault.key].holds is False

    def best(
        self,
        file_system: FileSystem,
        point_vaults: RecoveryPointVaults,
        at: AtFileSystem,
        points: PointsOnRecord | None,
    ) -> Chain:
        """Return the chain by the vault and role that get furthest."""
        found: list[Chain] = []
        for chain in self._chains(file_system, point_vaults, at, points):
            if chain.can_restore is True:
                return replace(chain, lacks=self._lacks(chain.vault, point_vaults)) if self._detailed else chain
            found.append(chain)
        return max(found, key=_reach)

    def _lacks(self, vault: str, point_vaults: RecoveryPointVaults) -> tuple[str, ...]:
        """Return what somebody else has to do for the principal in a restore from *vault*."""
        chosen = tuple(holding for holding in point_vaults.certain if holding.name == vault)
        if vault not in self._needs:
            wanted = needs(self._principal, self._estate, (chosen,))
            self._needs[vault] = tuple(need.what for need in wanted if need.met is False)
        return self._needs[vault]

    def _chains(
        self,
        file_system: FileSystem,
        point_vaults: RecoveryPointVaults,
        at: AtFileSystem,
        points: PointsOnRecord | None,
    ) -> Iterator[Chain]:
        for holding, vault in self._vault_answers(file_system, point_vaults):
            name = "" if holding is None else holding.name
            before = () if points is None else (point_step(points, holding),)
            for passed in self._passed:
                links = (self._start_from(holding), vault, passed.answer)
                steps = (*before, *links, *self._role_answers(passed, holding, at))
                yield Chain(self._principal, name, passed.role, steps, passed.suggestion)

    def _start_from(self, holding: RecoveryPointVault | None) -> StepResult:
        """Return whether the principal may start a restore, a vault's policy that may let it in considered."""
        if self._start.holds is not False or holding is None:
            return self._start
        why = granted_by_vault(self._principal, holding.policies, self._estate)
        return StepResult(Step.START, Unresolved(why), why) if why else self._start

    def _vault_answers(
        self, file_system: FileSystem, point_vaults: RecoveryPointVaults
    ) -> Iterator[tuple[RecoveryPointVault | None, StepResult]]:
        for holding in point_vaults.certain:
            if holding.key not in self._vaults:
                self._vaults[holding.key] = vault_step(self._principal, holding, self._estate)
            yield holding, self._vaults[holding.key]
        if point_vaults.hidden is not None or not point_vaults.certain:
            why = _uncovered(file_system, self._estate) if point_vaults.hidden is None else point_vaults.hidden
            yield None, StepResult(Step.VAULT, why, why.why)

    def _role_answers(
        self, passed: _Passed, holding: RecoveryPointVault | None, at: AtFileSystem
    ) -> tuple[StepResult, ...]:
        role = passed.role
        if role is None:
            return of_role(passed.answer.holds, passed.answer.why) if passed.untried else self._roles.none
        trust, permissions = self._roles.answers[role.address]
        return (trust, at.permissions(role, permissions), at.key(role, holding))

    def _pass_roles(self) -> Iterator[_Passed]:
        roles = self._roles.for_caller(self._principal)
        for role in roles[:_MOST_ROLES]:
            yield self._pass_role(role)
        if any(map(self._roles.is_of_use, roles[_MOST_ROLES:])):
            why = Unresolved(f"only {_MOST_ROLES} of {len(roles)} restore roles were tried")
            yield _Passed(None, StepResult(Step.PASS_ROLE, why, why.why), untried=True)
        if not roles:
            answer = of_decision(Step.PASS_ROLE, may_pass(self._principal, _ANY_ROLE, self._estate))
            yield _Passed(None, self._naming_missing(answer))

    def _naming_missing(self, answer: StepResult) -> StepResult:
        """Return *answer* with the roles that the principal may pass by their full ARN, but that are not there."""
        missing = tuple(_missing_roles(self._principal, self._estate))
        if not missing or answer.holds is True:
            return answer
        return replace(answer, why=f"{answer.why}; no such role in this account: {', '.join(missing)}")

    def _pass_role(self, role: Principal) -> _Passed:
        decision = may_pass(self._principal, role.arn, self._estate, role.address)
        answer = of_decision(Step.PASS_ROLE, decision)
        if answer.holds is not False or takes_away(decision):
            return _Passed(role, answer)
        found = unpassed(self._principal, role)
        policy, kind = found.policy, PolicyType.IDENTITY.value
        by = None if policy is None else Cited(policy.address, found.statement, kind, found.focus)
        answer = StepResult(Step.PASS_ROLE, holds=False, why=found.why, by=by)
        return _Passed(role, self._naming_missing(answer), found.suggestion)


class _Passed(Struct, frozen=True):
    """Whether a role can be passed; no role stands for those that are not in sight or, if *untried*, not looked at."""

    role: Principal | None
    answer: StepResult
    suggestion: str = ""
    untried: bool = False


def _missing_roles(principal: Principal, estate: EstateIndex) -> Iterator[str]:
    """Yield the roles that PassRole statements name in full and that an account certainly does not have."""
    if not knows_everybody(estate):
        return
    for statement in pass_role_statements(principal.policies):
        entries = statement.resources if isinstance(statement.resources, tuple) else ()
        for entry in () if statement.not_resources else entries:
            exact = isinstance(entry, str) and _A_ROLE in entry and not set("*?$") & set(entry)
            if isinstance(entry, str) and exact and estate.all_roles.find(entry) is None:
                yield entry


def _uncovered(file_system: FileSystem, estate: EstateIndex) -> Unresolved:
    found = coverage(file_system, estate)
    why = found.why if isinstance(found, Unresolved) else "no backup of it is in sight"
    return Unresolved(f"where its recovery points lie is not known: {why}")


def _reach(chain: Chain) -> tuple[int, ...]:
    """Return the rank of a chain: how it ends, how far it gets, and how much of it holds."""
    ranks = [rank(step.holds) for step in chain.steps]
    whole = [at for at, found in enumerate(ranks) if found < _HOLDS]
    blocked = [at for at, found in enumerate(ranks) if found == 0]
    return (min(ranks), (blocked or whole or [len(ranks)])[0], sum(ranks))
