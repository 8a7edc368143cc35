"""Every story is evaluated as Terraform planned it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.terraform._plans import Comparison, Difference, compare

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PLANS = [plan for plan in sorted(FIXTURES.rglob("plan.json")) if (plan.parent / "main.tf").exists()]


def _is_read_by_terraform(difference: Difference) -> bool:
    """Tell whether a value is known only to who asks AWS, or builds a policy document: that of a data source."""
    return difference.kind == "less known" and "data." in str(difference.ours)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.parent.relative_to(FIXTURES).as_posix())
def test_a_story_is_as_planned(plan: Path) -> None:
    found = Comparison()
    evaluation = compare(plan.parent, json.loads(plan.read_text()), found)
    assert [str(difference) for difference in found.differences if not _is_read_by_terraform(difference)] == []
    assert evaluation.gaps == ()


def test_what_is_compared_is_not_nothing() -> None:
    found = Comparison()
    for plan in PLANS[:50]:
        compare(plan.parent, json.loads(plan.read_text()), found)
    assert found.equal > 200
