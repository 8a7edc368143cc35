"""Which rules of a plan run where their start windows meet."""

from __future__ import annotations

import pytest

from restore_ready import Place, Unresolved
from restore_ready.model import Known, PlanRule
from restore_ready.timing._overlaps import RunningRule, without_displaced
from restore_ready.timing._time_zones import Days
from restore_ready.timing._windows import Runs, runs_of

HERE = Place("main.tf", 1, 9)
OPEN = Unresolved("var.x has no value")
DAYS = Days(20454, 1)
"""A day."""


def running(schedule: str, kept: Known[int | None], window: Known[int] = 60) -> RunningRule:
    rule = PlanRule("r", HERE, "efs", window, 600, schedule=schedule, delete_after_days=kept)
    runs = runs_of(schedule, "UTC", DAYS)
    assert isinstance(runs, Runs)
    return RunningRule(rule, runs)


def hours(runs: Runs) -> list[int]:
    return [at // 60 - DAYS.first * 24 for at in runs.at if 0 <= at - DAYS.first * 1440 < 1440]


HOURLY = "cron(0 * * * ? *)"
NOON = "cron(0 12 * * ? *)"


@pytest.mark.parametrize(
    ("kept", "window", "certain", "possible"),
    [
        (7, 180, {12, 13, 14}, {12, 13, 14}),
        (None, 180, {12, 13, 14}, {12, 13, 14}),
        (1, 180, set(), set()),
        (0, 180, set(), set()),
        (OPEN, 180, {12, 13, 14}, set()),
        (7, OPEN, set(range(12, 24)), {12}),
    ],
)
def test_the_rule_kept_longer_displaces_the_other(
    kept: Known[int | None], window: Known[int], certain: set[int], possible: set[int]
) -> None:
    found = without_displaced([running(HOURLY, 1), running(NOON, kept, window)])

    assert set(range(24)) - {*hours(found.certain[0])} == certain
    assert set(range(24)) - {*hours(found.possible[0])} == possible
    assert bool(found.why) == (certain != possible)


def test_a_rule_that_is_displaced_displaces_none() -> None:
    morning, noon, hourly = running("cron(0 9 * * ? *)", 30, 240), running(NOON, 7, 180), running(HOURLY, 1)

    found = without_displaced([hourly, noon, morning])

    assert hours(found.possible[1]) == []
    assert {13, 14} <= {*hours(found.possible[0])}
    assert {13, 14}.isdisjoint(hours(found.certain[0]))
