"""Policies, evaluated as an independent IAM simulator evaluates them, or otherwise with a reason."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pytest
from tests.iam.differential import make_cases
from tests.iam.differential._iam_cases import OTHERS, answer, cases
from tests.iam.differential._reasons import REASONS, suspects, why_open

LEAST_CASES = 2000
LEAST_IDENTICAL = 0.93
LEAST_OF_EACH = 400


@pytest.mark.thorough
def test_answers_are_the_simulators_or_listed_with_a_reason() -> None:
    listed = json.loads(OTHERS.read_text(encoding="utf-8"))
    reasons = {name: reason for reason, names in listed.items() for name in names}
    other: dict[str, list[str]] = {}
    for name, case, theirs in cases():
        ours = answer(case, theirs)
        if ours != theirs:
            other[name] = [why_open(ours)] if ours.startswith("unknown") else suspects(case)
    assert other.keys() == reasons.keys()
    assert listed.keys() == REASONS
    assert {name for name, possible in other.items() if reasons[name] not in possible} == set()
    assert 1 - len(other) / len(cases()) >= LEAST_IDENTICAL


def test_cases_are_many_and_come_out_each_way() -> None:
    answers = Counter(theirs for _, _, theirs in cases())
    assert answers.total() >= LEAST_CASES
    assert answers.keys() == {"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"}
    assert min(answers.values()) >= LEAST_OF_EACH


@pytest.mark.slow
def test_stored_answers_are_still_the_simulators() -> None:
    if shutil.which("node") is None or not make_cases.INSTALLED.is_dir():
        pytest.skip("no node on the PATH, or no `make simulator`: the IAM simulator could not be asked again")
    stored = cases()
    answers = make_cases.ask([case for _, case, _ in stored])
    assert [name for (name, _, theirs), found in zip(stored, answers, strict=True) if theirs != found] == []


@pytest.mark.slow
def test_stored_cases_are_what_the_maker_makes() -> None:
    assert [case for _, case, _ in cases()] == make_cases.Maker().cases()
