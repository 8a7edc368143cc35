"""What is granted to a restore operator and taken away again: by a Deny, a boundary, the organization or a vault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._constants import PASS_ROLE, START_RESTORE
from restore_ready.access._decisions import deciding, may_pass, may_start, refused_at, takes_away, vault_lets
from restore_ready.access._pass_role_reach import pass_role_statements, reaches, serves_backup
from restore_ready.access._statements import statements, unread_part
from restore_ready.iam import Allowed, Decision, Denied, PolicyType, Undecided, covers_action
from restore_ready.index import EstateIndex, RoleIndex
from restore_ready.model import (
    THIS_ACCOUNT,
    Estate,
    Focus,
    Policy,
    Principal,
    Requirements,
    Statement,
    Str,
    Text,
    Unresolved,
)
from restore_ready.vaults._lookup import denied_to_everyone
from restore_ready.vaults._recovery_points import RecoveryPointVault, RecoveryPointVaults, vaults_in_use

_SOME_ROLE: Final = Text((f"arn:aws:iam::{THIS_ACCOUNT}:role/", Unresolved("which role restores is not in sight")))
_DEFAULT_ROLE: Final = "service-role/AWSBackupDefaultServiceRole"
_RESOURCE: Final = 5
_OPEN: Final = Unresolved(f"whether {PASS_ROLE} is taken away is not known: which role restores is not in sight")
_MOST_ROLES: Final = 50
_MOST_VAULTS: Final = 50
"""Roles and vaults that one principal is asked about; one that serves is enough."""

_Request: TypeAlias = tuple[Str, str, bool]
"""A role to be passed: its ARN, its address in the estate, and whether it stands for others like it."""


class Denial(Struct, frozen=True):
    """An action that is granted and refused all the same.

    Attributes:
        where: the vault whose policy refuses it; empty for all others.
        why: names the policy and statement that refuse it.
        focus: where these are written.
    """

    action: str
    policy_type: PolicyType
    policy: str
    statement: str
    why: str
    where: str = ""
    focus: Focus | None = None


def taken_from(
    principal: Principal, estate: EstateIndex, roles: Sequence[Principal], vaults: RecoveryPointVaults
) -> Iterator[Denial | Unresolved]:
    """Yield what is taken from a restore operator for certain, and why more may be.

    Args:
        principal: the operator.
        estate: whose service control policies may bind it.
        roles: the restore roles, as of `restore_roles`.
        vaults: those of `vaults_open_to_somebody`.
    """
    start = may_start(principal, estate)
    yield from _denial(START_RESTORE, start, principal)
    yield from _taken_roles(principal, estate, roles)
    if not takes_away(start):
        yield from _taken_by_vaults(principal, vaults)


def _denial(action: str, decision: Decision, principal: Principal, where: str = "") -> Iterator[Denial | Unresolved]:
    outcome = decision.outcome
    if isinstance(outcome, Undecided) and _may_take_away(decision):
        yield Unresolved(f"whether {action} is taken away is not known: {outcome.why}")
    elif isinstance(outcome, Denied) and outcome.by is None and (why := _open_deny(decision)) is not None:
        yield Unresolved(f"whether {action} is taken away is not known: {why.why}")
    elif isinstance(outcome, Denied) and takes_away(decision):
        cause = deciding(decision)
        policy, statement = (cause.policy_address, cause.statement) if cause else ("", "")
        at = refused_at(decision, principal)
        yield Denial(action, decision.policy_type, policy, statement, outcome.why, where, at)


def _may_take_away(decision: Decision) -> bool:
    """Return whether more is open than what identity policies allow, which takes nothing away."""
    still_open = (traced for traced in decision.trace if isinstance(traced.applies, Unresolved))
    return decision.policy_type is not PolicyType.IDENTITY or any(traced.effect != "Allow" for traced in still_open)


def _open_deny(decision: Decision) -> Unresolved | None:
    """Return why a statement may deny what nothing allows."""
    denies = (traced.applies for traced in decision.trace if traced.effect != "Allow")
    return next((applies for applies in denies if isinstance(applies, Unresolved)), None)


def _taken_roles(principal: Principal, estate: Estate, roles: Sequence[Principal]) -> Iterator[Denial | Unresolved]:
    """Yield what refuses iam:PassRole on all roles that identity policies reach; one that may be passed is enough."""
    usable = [
        statement for statement in pass_role_statements(principal.policies) if serves_backup(statement) is not False
    ]
    if not usable:
        return
    requests = _reached(usable, roles) if roles else _named_roles(usable)
    every = may_pass(principal, _SOME_ROLE, estate)
    if requests and _is_refused_always(every, principal):
        yield from _denial(PASS_ROLE, every, principal)
        return
    refused: list[Denial | Unresolved] = []
    for arn, address, stands_for_others in requests[:_MOST_ROLES]:
        decision = may_pass(principal, arn, estate, address)
        if isinstance(decision.outcome, Allowed):
            return
        refused += [_OPEN] if stands_for_others and takes_away(decision) else _denial(PASS_ROLE, decision, principal)
    if len(requests) > _MOST_ROLES:
        refused.append(Unresolved(f"whether {PASS_ROLE} is taken away was looked at for {_MOST_ROLES} roles only"))
    doubts = [denial for denial in refused if isinstance(denial, Unresolved)]
    yield from (doubts or refused)[:1]


def _is_refused_always(decision: Decision, principal: Principal) -> bool:
    """Return whether passing a role is refused whichever it is, as *decision* says of one that is not known."""
    outcome = decision.outcome
    if not isinstance(outcome, Denied):
        return False
    if outcome.by is not None:
        return True
    boundary = principal.boundary
    if decision.policy_type is not PolicyType.BOUNDARY or not isinstance(boundary, Policy):
        return False
    return unread_part([boundary]) is None and not any(
        statement.effect == "Allow" and covers_action(statement, PASS_ROLE) is not False
        for statement in statements([boundary])
    )


def _reached(passing: Sequence[Statement], roles: Sequence[Principal]) -> list[_Request]:
    """Return restore roles that are reached, one more than is looked at where there are so many."""
    index = RoleIndex(roles)
    found = (role for statement in passing for role in index.candidates(statement) if reaches(statement, role) is True)
    return list(dict.fromkeys((role.arn, role.address, False) for role in islice(found, _MOST_ROLES + 1)))


def _named_roles(passing: Sequence[Statement]) -> list[_Request]:
    """Return the roles that the statements name, and one for each pattern with wildcards."""
    entries = [entry for statement in passing for entry in _named(statement)]
    return [(_example(entry), "", _is_pattern(entry)) for entry in dict.fromkeys(entries)]


def _is_pattern(entry: Str) -> bool:
    return isinstance(entry, str) and bool(set("*?") & set(entry))


def _named(statement: Statement) -> Iterable[Str]:
    if statement.not_resources or isinstance(statement.resources, Unresolved):
        return ("*",)
    return statement.resources


def _example(entry: Str) -> Str:
    """Return the ARN of a role that an entry of a PassRole statement takes in: one for all, where it has wildcards."""
    if not isinstance(entry, str) or not _is_pattern(entry):
        return entry
    fields = entry.split(":", _RESOURCE)
    name = fields[_RESOURCE].removeprefix("role/") if len(fields) > _RESOURCE else "*"
    plain = _DEFAULT_ROLE if name == "*" else name.replace("*", "AWSBackup").replace("?", "x")
    return f"arn:aws:iam::{THIS_ACCOUNT}:role/{plain}"


def _taken_by_vaults(principal: Principal, vaults: RecoveryPointVaults) -> Iterator[Denial | Unresolved]:
    """Yield what refuses restores from every vault that plans here write to; one that lets the principal is enough.

    Those that let nobody restore are another rule's.
    """
    found: list[Denial | Unresolved] = []
    out_of_sight: list[Denial | Unresolved] = []
    out_of_sight += [] if vaults.hidden is None else [vaults.hidden]
    if len(vaults.certain) > _MOST_VAULTS:
        out_of_sight.append(Unresolved(f"only {_MOST_VAULTS} of {len(vaults.certain)} vaults were looked at"))
    for holding in vaults.certain[:_MOST_VAULTS]:
        refusals = _refusals(principal, holding)
        if not refusals and holding.in_sight is True:
            return
        out_of_sight += [holding.in_sight] if isinstance(holding.in_sight, Unresolved) and not refusals else []
        found += refusals[:1]
    doubts = [denial for denial in found if isinstance(denial, Unresolved)]
    refused = [] if vaults.refused is None else [vaults.refused]
    yield from (doubts or out_of_sight or found)[:1] if found else refused


def vaults_open_to_somebody(estate: EstateIndex, requirements: Requirements) -> RecoveryPointVaults:
    """Return the vaults that backup plans write to, without those that certainly deny restores to everyone."""
    found = vaults_in_use(estate, requirements)
    still_open = (vault for vault in found.certain if denied_to_everyone(vault.policies, START_RESTORE) is not True)
    return replace(found, certain=tuple(still_open))


def _refusals(principal: Principal, holding: RecoveryPointVault) -> list[Denial | Unresolved]:
    """Return how the vault's policies refuse the principal, certain refusals first."""
    decisions = (vault_lets(principal, policy) for policy in holding.policies)
    found = [taken for decision in decisions for taken in _denial(START_RESTORE, decision, principal, holding.name)]
    return sorted(found, key=lambda denial: isinstance(denial, Unresolved))
