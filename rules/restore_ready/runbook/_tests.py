"""The restore tests that restore a file system."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from restore_ready.model import Estate, FileSystem, RestoreTestPlan, Unresolved
from restore_ready.restore_testing._selections import tested


class Test(Struct, frozen=True):
    """A restore test: its plan's address and schedule, and why it is not certain that it restores the file system."""

    name: str
    schedule: str
    doubt: str


def restore_tests(file_system: FileSystem, estate: Estate) -> Iterator[Test]:
    """Give the restore tests that restore *file_system*, or may."""
    for one in tested(file_system, estate):
        if one.restored is False:
            continue
        plan = one.plan if isinstance(one.plan, RestoreTestPlan) else None
        schedule = plan.schedule if plan is not None and isinstance(plan.schedule, str) else "on a schedule"
        doubt = one.restored.why if isinstance(one.restored, Unresolved) else ""
        yield Test(one.test.address if plan is None else plan.address, schedule, doubt)
