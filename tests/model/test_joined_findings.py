"""Several findings of one rule at one address become one."""

from __future__ import annotations

import pytest

from restore_ready import Fail, Severity
from restore_ready.model import joined


def test_messages_and_lists_of_evidence_are_put_one_after_the_other() -> None:
    one = Fail("a", fix="mend a", evidence={"rules": [1], "vault": "x"})
    other = Fail("b", fix="mend b", evidence={"rules": [2], "vault": "y"})

    assert joined([one, other]) == Fail("a; b", fix="mend a", evidence={"rules": [1, 2], "vault": "x"})


def test_what_is_said_twice_is_said_once() -> None:
    assert joined([Fail("a"), Fail("a"), Fail("b")]).message == "a; b"


@pytest.mark.parametrize(
    ("severities", "result"),
    [
        ([Severity.INFO], Severity.INFO),
        ([Severity.INFO, Severity.WARNING], Severity.WARNING),
        ([Severity.INFO, None], None),
        ([None, Severity.INFO], None),
    ],
)
def test_the_gravest_severity_counts_and_that_of_the_rule_is_the_gravest(
    severities: list[Severity | None], result: Severity | None
) -> None:
    assert joined([Fail(f"m{number}", severity=one) for number, one in enumerate(severities)]).severity is result
