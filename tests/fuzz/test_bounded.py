"""The work grows with what there is to judge, and no faster. It is counted: a busy machine does not matter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.changes import repeated
from tests.fuzz.judged import LONG, examples, scanned
from tests.fuzz.languages import LANGUAGES
from tests.fuzz.stacks import Stack, stacks
from tests.support.effort import steps

TIMES = (1, 2, 4, 8) if LONG else (1, 4)
ALLOWED = 1.7
"""So many times as much for each resource: some rules ask each principal about each role, at most fifty of them."""


@examples(2)
@given(stacks, st.sampled_from(sorted(LANGUAGES)))
def test_the_work_grows_no_faster_than_the_stack(stack: Stack, name: str) -> None:
    write = LANGUAGES[name]
    texts = [write(repeated(stack, times)) for times in TIMES]
    scanned(name, texts[-1])  # whatever is prepared once
    counted = [steps(lambda text=text: scanned(name, text)) for text in texts]  # type: ignore[misc]

    for times, count in zip(TIMES, counted, strict=True):
        assert count <= counted[0] * times * ALLOWED, counted
