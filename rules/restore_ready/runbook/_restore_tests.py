"""Which restore tests restore a file system?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, RestoreTestPlan, Unresolved
from restore_ready.restore_testing._selections import RestoreTests


class RestoreTest(Struct, frozen=True):
    """A restore test: its plan's address and schedule, and why it is not certain that it restores the file system."""

    name: str
    schedule: str
    doubt: str


def restore_tests(file_system: FileSystem, estate: EstateIndex) -> Iterator[RestoreTest]:
    """Return the restore tests that restore *file_system*, or may."""
    for tested_by in RestoreTests(estate).of(file_system):
        if tested_by.restored is False:
            continue
        plan = tested_by.plan if isinstance(tested_by.plan, RestoreTestPlan) else None
        schedule = plan.schedule if plan is not None and isinstance(plan.schedule, str) else "on a schedule"
        doubt = tested_by.restored.why if isinstance(tested_by.restored, Unresolved) else ""
        yield RestoreTest(tested_by.test.address if plan is None else plan.address, schedule, doubt)
