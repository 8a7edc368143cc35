"""Who can restore a file system, and the role that the restore runs with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from restore_ready.access._restore_roles import restore_roles
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.model import Estate, FileSystem, Principal, Requirements, Truth, Unresolved, all_true
from restore_ready.who_can_restore._paths import Chain, chains
from restore_ready.who_can_restore._steps import Step, StepResult

_OPEN: Final = "not known"


class Person(Struct, frozen=True):
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


def chains_of(file_system: FileSystem, estate: Estate, requirements: Requirements) -> tuple[Chain, ...]:
    """Return what each principal in question needs to restore *file_system*."""
    found = (one for one in chains(estate, requirements) if one.file_system.address == file_system.address)
    return next((one.chains for one in found), ())


def people(found: Iterable[Chain]) -> tuple[Person, ...]:
    """Return who can restore, and what stops the others."""
    return tuple(_person(one) for one in found)


def _person(chain: Chain) -> Person:
    others = [one for one in chain.steps if one.step is not Step.VAULT]
    doubtful = [one for one in others if one.holds is not True]
    blocked = [one for one in doubtful if one.holds is False] or doubtful
    return Person(
        f"{chain.principal.kind.value} {chain.principal.label}",
        _can(chain, all_true(one.holds for one in others)),
        "" if chain.role is None else chain.role.label,
        "; ".join(_why(one) for one in blocked),
        chain.suggestion,
    )


def _can(chain: Chain, beside_vault: Truth) -> str:
    if beside_vault is True:
        return "yes" if chain.can_restore is True else "after step 2"
    return _OPEN if isinstance(beside_vault, Unresolved) else "**no**"


def _why(answer: StepResult) -> str:
    by = "" if answer.by is None else f" (statement {answer.by.sid} of {answer.by.policy})"
    return f"{answer.step.value}: {answer.why or 'it does not hold'}{by}"


def best_role(found: Iterable[Chain], estate: Estate, requirements: Requirements) -> Principal | None:
    """Return the role that most gets people through, else the restore role that is most certain to work."""
    passed = [one.role for one in found if one.role is not None and _can(one, _beside_vault(one)) != "**no**"]
    candidates = passed or restore_roles(estate, requirements)
    return max(candidates, key=lambda role: _certainty(_works(role, estate)), default=None)


def _beside_vault(chain: Chain) -> Truth:
    return all_true(one.holds for one in chain.steps if one.step is not Step.VAULT)


def _works(role: Principal, estate: Estate) -> Truth:
    return all_true([trusts_backup(role), *(may_do(role, action, estate) for action in RESTORE_ACTIONS)])


def _certainty(answer: Truth) -> int:
    return 1 if isinstance(answer, Unresolved) else 2 * answer
