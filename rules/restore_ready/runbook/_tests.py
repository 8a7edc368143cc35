"""The restore tests that cover a file system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from restore_ready._coverage import covers
from restore_ready._model import Estate, FileSystem, RestoreTestPlan, RestoreTestSelection, Selection
from restore_ready._values import Ref, Unresolved


@dataclass(frozen=True, slots=True)
class Test:
    """A restore test: its plan's name and schedule, and why it is not certain that it covers the file system."""

    name: str
    schedule: str
    doubt: str


def restore_tests(file_system: FileSystem, estate: Estate) -> Iterator[Test]:
    """Give the restore tests that cover *file_system*, or may."""
    for test in estate.restore_tests:
        if isinstance(test.resource_type, str) and test.resource_type != "EFS":
            continue
        choice = Selection(
            test.address, test.place, "", test.role, resources=test.resources, conditions=test.conditions
        )
        answer = covers(choice, file_system)
        if answer is not False:
            plan = _plan(test, estate)
            schedule = plan.schedule if plan is not None and isinstance(plan.schedule, str) else "on a schedule"
            doubt = answer.why if isinstance(answer, Unresolved) else ""
            yield Test(test.address if plan is None else plan.address, schedule, doubt)


def _plan(test: RestoreTestSelection, estate: Estate) -> RestoreTestPlan | None:
    for plan in estate.restore_test_plans:
        named = isinstance(test.plan, str) and test.plan == plan.name
        if named or (isinstance(test.plan, Ref) and test.plan.target == plan.address):
            return plan
    return None
