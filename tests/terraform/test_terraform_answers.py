"""Expressions and typed variables, evaluated as Terraform evaluates them."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pytest
from tests.terraform import make_cases
from tests.terraform._terraform_cases import DATA, answer, cases, verdict

LEAST_CASES = 5000
LEAST_IDENTICAL = 0.98
HARMLESS = {"identical", "near", "unknown"}
"""Verdicts that say nothing wrong: ``near`` is equal to 14 digits, ``unknown`` says that we don't know."""


def test_answers_are_terraforms_or_listed_with_a_reason() -> None:
    listed = json.loads((DATA / "others.json").read_text(encoding="utf-8"))
    reasons = {code: reason for reason, codes in listed.items() for code in codes}
    verdicts = Counter()
    other: dict[str, str] = {}
    for about, code, theirs in cases():
        found = verdict(theirs, answer(about, code))
        verdicts[found] += 1
        if found != "identical":
            other[code] = found
    assert verdicts.total() >= LEAST_CASES
    assert verdicts["identical"] / verdicts.total() >= LEAST_IDENTICAL, verdicts
    assert other.keys() == reasons.keys()
    assert "different" not in verdicts
    assert {found for code, found in other.items() if "newer" not in reasons[code]} <= HARMLESS


@pytest.mark.slow
def test_stored_answers_are_still_terraforms() -> None:
    if shutil.which("terraform") is None:
        pytest.skip("no terraform on the PATH: its answers could not be asked for again")
    stored = cases()
    answers = make_cases.ask([(about, code) for about, code, _ in stored])
    assert [case for case, found in zip(stored, answers, strict=True) if case[2] != found] == []
