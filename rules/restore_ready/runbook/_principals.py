"""Who can restore a file system, and with which role does the restore run?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from restore_ready.access._restore_grants import restore_grants
from restore_ready.access._restore_roles import restore_roles
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.index import EstateIndex
from restore_ready.model import Principal, Requirements, Truth, Unresolved, all_true
from restore_ready.reports._locations import shown
from restore_ready.who_can_restore._chain import Chain
from restore_ready.who_can_restore._steps import Cited, Step, StepResult

_OPEN: Final = "not known"
_NO: Final = "**no**"


class PrincipalRow(Struct, frozen=True):
    """A role, user, group or permission set that may start a restore, or is meant to.

    Attributes:
        can: ``yes``, ``after step 2``, ``**no**`` or ``not known``.
        role: the name of the role that it would pass; empty where none is in sight.
        blocked: what stands in the way beside the vault's Deny, which step 2 lifts.
        suggestion: a name under which the role could be passed.
    """

    name: str
    can: str
    role: str
    blocked: str
    suggestion: str


def principal_rows(found: Iterable[Chain]) -> tuple[PrincipalRow, ...]:
    """Return who can restore, and what stops the others."""
    return tuple(map(_row, found))


def gets_through(chain: Chain) -> bool:
    """Return whether the principal can restore, once vaults are open, or may be able to."""
    return _can(chain) != _NO


def _row(chain: Chain) -> PrincipalRow:
    others = [result for result in chain.steps if result.step is not Step.VAULT]
    doubtful = [result for result in others if result.holds is not True]
    blocked = [result for result in doubtful if result.holds is False] or doubtful
    return PrincipalRow(
        f"{chain.principal.kind.value} {chain.principal.label}",
        _can(chain),
        "" if chain.role is None else chain.role.label,
        "; ".join(map(_why, blocked)),
        chain.suggestion,
    )


def _can(chain: Chain) -> str:
    beside_vault = all_true(result.holds for result in chain.steps if result.step is not Step.VAULT)
    if beside_vault is True:
        return "yes" if chain.can_restore is True else "after step 2"
    return _OPEN if isinstance(beside_vault, Unresolved) else _NO


def _why(result: StepResult) -> str:
    return f"{result.step.value}: {result.why or 'it does not hold'}{_cited(result.by)}"


def _cited(by: Cited | None) -> str:
    if by is None:
        return ""
    at = "" if by.focus is None else f", {shown(by.focus.place)}"
    return f" (statement {by.sid} of {by.policy}{at})"


def best_role(found: Iterable[Chain], estate: EstateIndex, requirements: Requirements) -> Principal | None:
    """Return the role that most gets people through, else the restore role that is most certain to work."""
    passed = [chain.role for chain in found if chain.role is not None and gets_through(chain)]
    candidates = passed or restore_roles(estate, requirements, restore_grants(estate, requirements))
    return max(candidates, key=lambda role: _certainty(_works(role, estate)), default=None)


def _works(role: Principal, estate: EstateIndex) -> Truth:
    return all_true([trusts_backup(role), *(may_do(role, action, estate) for action in RESTORE_ACTIONS)])


def _certainty(answer: Truth) -> int:
    return 1 if isinstance(answer, Unresolved) else 2 * answer
