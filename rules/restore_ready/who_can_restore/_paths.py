"""Who can restore a file system: for each principal, the chain from the call to the key, and what breaks it first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._decisions import may_pass, may_start, takes_away
from restore_ready.access._default_role import default_roles
from restore_ready.access._operators import acting, is_for_service_roles, operators
from restore_ready.access._pass_role_names import unpassed
from restore_ready.access._pass_role_reach import pass_role_statements
from restore_ready.access._restore_grants import Grant, restore_grants
from restore_ready.access._restore_roles import restore_roles
from restore_ready.access._statements import called, only_for_backup_service
from restore_ready.coverage._coverage import coverage
from restore_ready.iam import Denied, PolicyType
from restore_ready.index import EstateIndex, RoleIndex
from restore_ready.model import (
    THIS_ACCOUNT,
    Estate,
    FileSystem,
    Principal,
    Requirements,
    Text,
    Truth,
    Unresolved,
    all_true,
)
from restore_ready.vaults._recovery_points import RecoveryPointVault, RecoveryPointVaults, recovery_point_vaults
from restore_ready.who_can_restore._steps import (
    Cited,
    Step,
    StepResult,
    key_step,
    of_decision,
    permissions_at,
    permissions_step,
    trust_step,
    vault_step,
)

_MOST_ROLES: Final = 50
"""Roles tried for one principal, those most likely to serve first."""

_HOLDS: Final = 2
_NO_ROLE: Final = Unresolved("no restore role is in this configuration")
_ANY_ROLE: Final = Text((f"arn:aws:iam::{THIS_ACCOUNT}:role/", _NO_ROLE))


class Chain(Struct, frozen=True):
    """What one principal needs to restore one file system, with the vault and the role that serve it best.

    Attributes:
        vault: the name of the vault it would restore from; empty where none is known.
        role: the restore role it would pass; ``None`` where none is in sight.
        links: one answer for each link, in order.
        suggestion: a name under which the role could be passed, where only its name is in the way.
    """

    principal: Principal
    vault: str
    role: Principal | None
    steps: tuple[StepResult, ...]
    suggestion: str = ""

    @property
    def can_restore(self) -> Truth:
        """Whether every link holds."""
        return all_true(step.holds for step in self.steps)

    @property
    def first_block(self) -> StepResult | None:
        """The first link that does not hold for certain: a blocked one if there is any, else an open one."""
        blocked = (step for step in self.steps if step.holds is False)
        return next(blocked, next((step for step in self.steps if step.holds is not True), None))


class FileSystemChains(Struct, frozen=True):
    """Who can restore one file system.

    Attributes:
        vaults: those that hold its recovery points.
        hidden: why there may be other vaults; empty where there are none.
        chains: one for each principal in question.
    """

    file_system: FileSystem
    vaults: tuple[RecoveryPointVault, ...]
    hidden: str
    chains: tuple[Chain, ...]

    @property
    def somebody_can(self) -> Truth:
        """Whether somebody can restore it; open where that is open for all, or nobody is in sight."""
        if any(chain.can_restore is True for chain in self.chains):
            return True
        if any(chain.can_restore is not False for chain in self.chains):
            return Unresolved("it is open for everybody in sight")
        return False if self.chains else Unresolved("nobody who may start a restore is in sight")


def chains(records: Estate, requirements: Requirements) -> Iterator[FileSystemChains]:
    """Yield who can restore each file system of an estate, those that recovery points alone tell of among them."""
    estate = EstateIndex.of(records)
    grants = tuple(restore_grants(estate, requirements))
    found_roles = restore_roles(estate, requirements, grants)
    roles = _Roles((*found_roles, *default_roles(estate)), estate, requirements)
    principals = _in_question(estate, requirements, grants, found_roles)
    callers = [_Caller(principal, estate, roles) for principal in principals]
    for file_system in (*estate.file_systems, *estate.lost_file_systems):
        point_vaults = recovery_point_vaults(file_system, estate, requirements)
        at = _AtFileSystem(file_system, estate)
        found = tuple(caller.best(file_system, point_vaults, at) for caller in callers)
        hidden = "" if point_vaults.hidden is None else point_vaults.hidden.why
        yield FileSystemChains(file_system, point_vaults.certain, hidden, found)


def _in_question(
    estate: EstateIndex, requirements: Requirements, grants: Iterable[Grant], roles: Iterable[Principal]
) -> Iterator[Principal]:
    """Return whoever is meant to restore, or could: operators, those called so, and all who may start a restore."""
    meant = {operator.address for operator in operators(grants)}
    tools = {role.address for role in roles}
    meant |= {principal.address for principal in estate.principals if _called_operator(principal, requirements)} - tools
    return acting(
        principal for principal in estate.principals if principal.address in meant or _may_start(principal, estate)
    )


def _called_operator(principal: Principal, requirements: Requirements) -> bool:
    if only_for_backup_service(principal):
        return False
    return bool(called(principal, requirements.operators)) and not called(principal, requirements.mover)


def _may_start(principal: Principal, estate: EstateIndex) -> bool:
    """Return whether a principal is granted the start of a restore, or may be, by what is in sight."""
    if only_for_backup_service(principal):
        return False
    own = tuple(policy for policy in principal.policies if not is_for_service_roles(policy))
    outcome = may_start(replace(principal, policies=own, unread=()), estate).outcome
    return not isinstance(outcome, Denied) or outcome.by is not None


class _Roles:
    """The restore roles of an estate, with what holds of each whoever passes it."""

    def __init__(self, found: Sequence[Principal], estate: EstateIndex, requirements: Requirements) -> None:
        self.answers = {role.address: (trust_step(role), permissions_step(role, estate)) for role in found}
        self._names = requirements.roles
        self._index = RoleIndex(sorted(found, key=self._rank, reverse=True))

    def _rank(self, role: Principal) -> tuple[int, ...]:
        return (*(_rank(step.holds) for step in self.answers[role.address]), bool(called(role, self._names)))

    def for_caller(self, principal: Principal) -> Sequence[Principal]:
        """Return the roles that *principal* may be able to pass, the best first; at least one if there is any."""
        passing = pass_role_statements(principal.policies)
        reached = {role.address for statement in passing for role in self._index.candidates(statement)}
        return [role for role in self._index.roles if role.address in reached] or self._index.roles[:1]


class _AtFileSystem:
    """What roles may do at one file system and with the keys behind it and its vaults; asked once for each."""

    def __init__(self, file_system: FileSystem, estate: EstateIndex) -> None:
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


class _Caller:
    """A principal, with what holds of it for every file system."""

    def __init__(self, principal: Principal, estate: EstateIndex, roles: _Roles) -> None:
        self._principal = principal
        self._estate = estate
        self._roles = roles
        self._start = of_decision(Step.START, may_start(principal, estate))
        self._passed = tuple(self._pass_roles())
        self._vaults: dict[str, StepResult] = {}

    def best(self, file_system: FileSystem, point_vaults: RecoveryPointVaults, at: _AtFileSystem) -> Chain:
        """Return the chain by the vault and role that get furthest."""
        found: list[Chain] = []
        for chain in self._chains(file_system, point_vaults, at):
            if chain.can_restore is True:
                return chain
            found.append(chain)
        return max(found, key=_reach)

    def _chains(self, file_system: FileSystem, point_vaults: RecoveryPointVaults, at: _AtFileSystem) -> Iterator[Chain]:
        for holding, vault in self._vault_answers(file_system, point_vaults):
            name = "" if holding is None else holding.name
            for passed in self._passed:
                steps = (self._start, vault, passed.answer, *self._role_answers(passed.role, holding, at))
                yield Chain(self._principal, name, passed.role, steps, passed.suggestion)

    def _vault_answers(
        self, file_system: FileSystem, point_vaults: RecoveryPointVaults
    ) -> Iterator[tuple[RecoveryPointVault | None, StepResult]]:
        for holding in point_vaults.certain:
            if holding.key not in self._vaults:
                self._vaults[holding.key] = vault_step(self._principal, holding)
            yield holding, self._vaults[holding.key]
        if point_vaults.hidden is not None or not point_vaults.certain:
            why = _uncovered(file_system, self._estate) if point_vaults.hidden is None else point_vaults.hidden
            yield None, StepResult(Step.VAULT, why, why.why)

    def _role_answers(
        self, role: Principal | None, holding: RecoveryPointVault | None, at: _AtFileSystem
    ) -> tuple[StepResult, ...]:
        if role is None:
            return tuple(StepResult(step, _NO_ROLE, _NO_ROLE.why) for step in (Step.TRUST, Step.PERMISSIONS, Step.KEY))
        trust, permissions = self._roles.answers[role.address]
        return (trust, at.permissions(role, permissions), at.key(role, holding))

    def _pass_roles(self) -> Iterator[_Passed]:
        roles = self._roles.for_caller(self._principal)
        for role in roles[:_MOST_ROLES]:
            yield self._pass_role(role)
        if len(roles) > _MOST_ROLES:
            why = Unresolved(f"only {_MOST_ROLES} of {len(roles)} restore roles were tried")
            yield _Passed(None, StepResult(Step.PASS_ROLE, why, why.why))
        if not roles:
            yield _Passed(None, of_decision(Step.PASS_ROLE, may_pass(self._principal, _ANY_ROLE, self._estate)))

    def _pass_role(self, role: Principal) -> _Passed:
        decision = may_pass(self._principal, role.arn, self._estate, role.address)
        answer = of_decision(Step.PASS_ROLE, decision)
        if answer.holds is not False or takes_away(decision):
            return _Passed(role, answer)
        found = unpassed(self._principal, role)
        by = None if found.policy is None else Cited(found.policy.address, found.statement, PolicyType.IDENTITY.value)
        return _Passed(role, StepResult(Step.PASS_ROLE, holds=False, why=found.why, by=by), found.suggestion)


class _Passed(Struct, frozen=True):
    """Whether a role can be passed; no role stands for those that are not in sight."""

    role: Principal | None
    answer: StepResult
    suggestion: str = ""


def _uncovered(file_system: FileSystem, estate: EstateIndex) -> Unresolved:
    found = coverage(file_system, estate)
    why = found.why if isinstance(found, Unresolved) else "no backup of it is in sight"
    return Unresolved(f"where its recovery points lie is not known: {why}")


def _rank(answer: Truth) -> int:
    return 2 if answer is True else 0 if answer is False else 1


def _reach(chain: Chain) -> tuple[int, ...]:
    """Return the rank of a chain: how it ends, how far it gets, and how much of it holds."""
    ranks = [_rank(step.holds) for step in chain.steps]
    whole = [at for at, rank in enumerate(ranks) if rank < _HOLDS]
    blocked = [at for at, rank in enumerate(ranks) if rank == 0]
    return (min(ranks), (blocked or whole or [len(ranks)])[0], sum(ranks))
