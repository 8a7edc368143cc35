"""What is not known proves nothing: where a source says less, verdicts become Unknown, never better or worse."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.account import facts, refused
from tests.fuzz.changes import may_be_open, opened
from tests.fuzz.judged import Verdicts, account_verdicts, examples, verdicts
from tests.fuzz.languages import LANGUAGES
from tests.fuzz.stacks import REQUIREMENTS, Stack, stacks

from restore_ready import Requirements


@st.composite
def opened_stacks(draw: st.DrawFn) -> tuple[Stack, Stack]:
    """Return a stack, and the same with a value of it that is not known."""
    stack = draw(stacks.filter(may_be_open))
    path = draw(st.sampled_from(may_be_open(stack)))
    return stack, opened(stack, path, draw(st.integers(0, 2)))


def better_or_worse(known: Verdicts, unknown: Verdicts) -> Verdicts:
    """Return the verdicts of *unknown* that something known was to prove.

    Whether a grant of restores is one must be known for it to be judged: what is judged no longer is no verdict.
    """
    return {
        key: f"{known[key]}, and then {verdict}"
        for key, verdict in unknown.items()
        if key in known and verdict not in {known[key], "Unknown"}
    }


@examples(12)
@given(opened_stacks(), st.sampled_from(sorted(LANGUAGES)), st.sampled_from(REQUIREMENTS))
def test_a_value_that_is_not_known_changes_no_verdict_but_to_unknown(
    stacks_: tuple[Stack, Stack], name: str, requirements: Requirements
) -> None:
    known, unknown = (verdicts(name, LANGUAGES[name](stack), requirements) for stack in stacks_)

    assert better_or_worse(known, unknown) == {}


@examples(12)
@given(stacks, st.data(), st.sampled_from(REQUIREMENTS))
def test_a_call_that_an_account_denies_changes_no_verdict_but_to_unknown(
    stack: Stack, data: st.DataObject, requirements: Requirements
) -> None:
    told = facts(stack)
    denied = refused(told, data.draw(st.integers(0, len(told) - 1)))
    known, unknown = (account_verdicts(some, requirements) for some in (told, denied))

    assert better_or_worse(known, unknown) == {}
