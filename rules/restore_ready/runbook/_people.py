"""Who may start a restore, and the role that it runs with."""

from __future__ import annotations

from dataclasses import dataclass

from restore_ready._model import Estate, Principal
from restore_ready._requirements import Requirements
from restore_ready._restore import (
    START_RESTORE,
    only_for_backup_service,
    pass_role_request,
    restore_roles,
    trusts_backup,
)
from restore_ready._restore_permissions import RESTORE_ACTIONS, may_do
from restore_ready._values import Truth, Unresolved, all_true
from restore_ready.iam import EVERY_RECOVERY_POINT, Allowed, Decision, Denied, Identity, Request, evaluate


@dataclass(frozen=True, slots=True)
class Person:
    """A role, user, group or permission set that may start a restore, or is meant to.

    Attributes:
        starts: ``yes``, ``no`` or ``not known``; likewise *passes*.
        blocked: what stands in the way.
    """

    name: str
    starts: str
    passes: str
    blocked: str


def best_role(estate: Estate, requirements: Requirements) -> Principal | None:
    """Return the restore role that is most certain to work; ``None`` where the source has none."""
    roles = restore_roles(estate, requirements)
    return max(roles, key=lambda role: _certainty(_works(role, estate)), default=None)


def _works(role: Principal, estate: Estate) -> Truth:
    return all_true([trusts_backup(role), *(may_do(role, action, estate) for action in RESTORE_ACTIONS)])


def _certainty(answer: Truth) -> int:
    return 1 if isinstance(answer, Unresolved) else 2 * answer


def people(role: Principal | None, estate: Estate) -> tuple[Person, ...]:
    """Return who may start a restore with *role*, or would but for something."""
    found = []
    for one in estate.principals:
        if only_for_backup_service(one):
            continue
        start = evaluate(Identity.of(one), Request(START_RESTORE, EVERY_RECOVERY_POINT)).decision
        if isinstance(start, Denied) and start.by is None:
            continue
        passes = evaluate(Identity.of(one), pass_role_request(role)).decision
        blocked = "; ".join(filter(None, (_why("start a restore", start), _why("pass the role", passes))))
        found.append(Person(f"{one.kind.value} {one.label}", _answer(start), _answer(passes), blocked))
    return tuple(found)


def _answer(decision: Decision) -> str:
    if isinstance(decision, Allowed):
        return "yes"
    return "**no**" if isinstance(decision, Denied) else "not known"


def _why(what: str, decision: Decision) -> str:
    return "" if isinstance(decision, Allowed) else f"{what}: {decision.why}"
