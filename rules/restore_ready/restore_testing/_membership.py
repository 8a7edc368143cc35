"""Whether restore testing selections and plans belong together, and the role that is restored with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._role_permissions import RESTORE_ACTIONS, lacks_at, may_do
from restore_ready.access._statements import trust_focus, trusts_backup
from restore_ready.coverage._service_role import no_role
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Principal,
    Ref,
    RestoreTestPlan,
    RestoreTestSelection,
    Severity,
    Unresolved,
)
from restore_ready.restore_testing._absent import without_role
from restore_ready.restore_testing._selections import (
    EFS,
    SNAPSHOT,
    takes_snapshots,
)
from restore_ready.restore_testing._settings import Fault, Finding

_ARNS: Final = frozenset({"arn", "RestoreTestingPlanArn", "restore_testing_plan_arn"})


def without_selection(plan: RestoreTestPlan, estate: EstateIndex) -> Iterator[Finding]:
    """Yield the fault of a plan that no selection belongs to; a selection elsewhere may."""
    types = [test.resource_type for test in estate.plans_of_restore_tests.selections_of(plan)]
    if types:
        yield from () if EFS in types else islice((kind for kind in types if isinstance(kind, Unresolved)), 1)
        return
    doubts = estate.plans_of_restore_tests.doubts
    hidden = (f"{gap.address} may hold its selection: {gap.why}" for gap in estate.gaps if gap.hides_backups)
    why = next(iter(doubts), None) or next(hidden, None)
    if why is not None:
        yield Unresolved(why)
        return
    yield Fault(
        f"no restore testing selection in {estate.here} belongs to it, so nothing is tested",
        fix="Add a restore testing selection for EFS.",
        severity=Severity.WARNING,
    )


def of_its_plan(test: RestoreTestSelection, estate: EstateIndex) -> Iterator[Finding]:
    """Yield the faults of a selection that lie in how it goes with its plan."""
    plan = estate.plans_of_restore_tests.plan_of(test)
    fix = "Name the restore testing plan that it belongs to."
    if isinstance(plan, Unresolved):
        yield plan
    elif plan is None:
        named = test.plan.target if isinstance(test.plan, Ref) else "what it names as its plan"
        yield Fault(f"{named} is no restore testing plan", fix, field="plan")
    elif isinstance(test.plan, Ref) and test.plan.attribute in _ARNS:
        yield Fault("it names its plan by the ARN, where AWS takes the name", fix, field="plan")
    elif test.resource_type == EFS:
        yield from _of_point_types(plan)


def _of_point_types(plan: RestoreTestPlan) -> Iterator[Finding]:
    taken = takes_snapshots(plan)
    if isinstance(taken, Unresolved):
        yield taken
    elif not taken:
        yield Fault(
            f"{plan.address} takes no recovery points of the type {SNAPSHOT}, the only one that EFS has",
            fix=f"Add {SNAPSHOT} to the plan's types of recovery points.",
            focus=plan.places.of("point_types"),
        )


def of_its_role(test: RestoreTestSelection, estate: EstateIndex) -> Iterator[Finding]:
    """Yield the faults of the role that a selection restores with, where that is in sight."""
    roles = estate.roles_in_sight
    if given := no_role(test.role, roles):
        yield Fault(f"its role is {given}, which is not the ARN of a role", "Give the ARN of a role.", field="role")
        return
    role = estate.all_roles.find(test.role)
    if role is None or role.address not in roles:
        yield from without_role(test, estate)
        return
    trusted = trusts_backup(role)
    if trusted is False:
        yield Fault(
            f"its role {role.address} does not let {BACKUP_SERVICE} assume it: every test fails",
            fix=f"Allow sts:AssumeRole to the service principal {BACKUP_SERVICE} in the role's trust policy.",
            focus=trust_focus(role),
        )
    elif isinstance(trusted, Unresolved):
        yield Unresolved(f"the trust policy of {role.address} could not be judged: {trusted.why}")
    if test.resource_type == EFS:
        yield from _permissions(role, estate)


def _permissions(role: Principal, estate: EstateIndex) -> Iterator[Finding]:
    answers = {action: may_do(role, action, estate) for action in RESTORE_ACTIONS}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        yield Fault(
            f"its role {role.address} lacks {', '.join(missing)}: every test fails",
            fix="Attach the AWS managed policy service-role/AWSBackupServiceRolePolicyForRestores to the role.",
            focus=lacks_at(role, missing[0], RESTORE_ACTIONS, estate),
        )
    for answer in answers.values():
        if isinstance(answer, Unresolved):
            yield Unresolved(f"what {role.address} may do is not known: {answer.why}")
            return
