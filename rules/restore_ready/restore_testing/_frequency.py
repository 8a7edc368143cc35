"""How often restore tests restore a file system, against what is required."""

from __future__ import annotations

from collections.abc import Sequence

from restore_ready._words import show_minutes
from restore_ready.model import Fail, Pass, Requirements, RestoreTestPlan, Unknown, Unresolved, Verdict
from restore_ready.restore_testing._selections import Tested
from restore_ready.timing._interval import TWO_YEARS, is_dense, widest_gap
from restore_ready.timing._time_zones import DAY
from restore_ready.timing._windows import Runs, days_ahead, runs_of


def judge_interval(tests: Sequence[Tested], doubts: Sequence[str], requirements: Requirements) -> Verdict:
    """Return whether the tests of a file system are as often as required.

    Args:
        tests: those that certainly restore it.
        doubts: reasons why there may be more.
        requirements: of which `Requirements.rehearse_every` counts.
    """
    required = requirements.rehearse_every
    if required is None:
        return Pass()
    days = days_ahead(requirements, TWO_YEARS)
    plans = {tested.plan.address: tested.plan for tested in tests if isinstance(tested.plan, RestoreTestPlan)}
    found = [runs_of(plan.schedule, plan.time_zone, days) for plan in plans.values()]
    runs = tuple(series for series in found if isinstance(series, Runs))
    if is_dense(runs, days, required * DAY):
        return Pass()
    unknown = [doubt.why for doubt in found if isinstance(doubt, Unresolved)]
    if unknown or doubts:
        return Unknown([*unknown, *doubts][0])
    gap = widest_gap(runs, days)
    return Fail(
        f"restore tests restore it every {show_minutes(gap // DAY * DAY)}, every {required} days are required",
        fix="Run its restore testing plan more often: see the schedule of the plan.",
        evidence={"minutes": gap, "required_days": required, "plans": list(plans)},
    )
