"""Which restore testing plan a selection belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.model import (
    Ref,
    RestoreTestPlan,
    RestoreTestSelection,
    Str,
    Unresolved,
    is_external,
    same_place,
    unresolved_reason,
)
from restore_ready.model._why_open import NOT_IN_SIGHT


class RestoreTestPlans:
    """Restore testing plans by address and by name, and selections by plan.

    Attributes:
        doubts: says of each selection whose plan is not in sight that it may belong to any plan; those that give the
            name of another plan excepted.
    """

    def __init__(self, plans: Iterable[RestoreTestPlan], tests: Iterable[RestoreTestSelection]) -> None:
        """Sort *plans*, and *tests* by plan."""
        self._by_address: dict[str, RestoreTestPlan] = {}
        self._by_name: dict[Str, list[RestoreTestPlan]] = {}
        for plan in plans:
            self._by_address[plan.address] = plan
            self._by_name.setdefault(plan.name, []).append(plan)
        self._tests: dict[str, list[RestoreTestSelection]] = {}
        doubts: list[str] = []
        for test in tests:
            belongs_to = self.plan_of(test)
            if isinstance(belongs_to, RestoreTestPlan):
                self._tests.setdefault(belongs_to.address, []).append(test)
            elif isinstance(belongs_to, Unresolved) and not isinstance(test.plan, str):
                doubts.append(f"{test.address} may belong to it: {belongs_to.why}")
        self.doubts = tuple(doubts)

    def plan_of(self, test: RestoreTestSelection) -> RestoreTestPlan | Unresolved | None:
        """Return a selection's plan, or why it is not in sight; ``None`` where it certainly names something else."""
        value = test.plan
        if value is None:
            return Unresolved("which restore testing plan it belongs to is not known")
        if isinstance(value, Ref):
            found = self._by_address.get(value.target)
            if found is None and is_external(value):
                return Unresolved(NOT_IN_SIGHT.said(what=f"its plan {value.target}"))
            return found
        every = self._by_name.get(value, ())
        named = [plan for plan in every if same_place(plan.aws_place, test.aws_place) is not False]
        if isinstance(value, Unresolved) or not named:
            return Unresolved(unresolved_reason(value) or NOT_IN_SIGHT.said(what=f"its plan {value}"))
        return named[0] if len(named) == 1 else Unresolved(f"several restore testing plans are called {value!r}")

    def selections_of(self, plan: RestoreTestPlan) -> tuple[RestoreTestSelection, ...]:
        """Return the selections that certainly belong to *plan*."""
        return tuple(self._tests.get(plan.address, ()))
