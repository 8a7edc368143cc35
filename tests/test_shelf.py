"""What reports keep on disk comes back as it went there, in order, whatever was spilled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore_ready.reports._shelf import Shelf

BATCHES = st.lists(st.tuples(st.text("abc", max_size=2), st.lists(st.integers())), max_size=12)


def filled(batches: Sequence[tuple[str, Sequence[int]]], in_memory: int) -> Shelf[int]:
    shelf: Shelf[int] = Shelf(in_memory)
    for label, things in batches:
        shelf.add(label, things)
    return shelf


@given(BATCHES, st.integers(0, 20))
def test_it_is_the_sequence_sorted_by_label(batches: list[tuple[str, list[int]]], in_memory: int) -> None:
    expected = [one for _, things in sorted(batches, key=lambda batch: batch[0]) for one in things]
    shelf = filled(batches, in_memory)
    assert list(shelf) == list(shelf) == expected
    assert len(shelf) == len(expected)
    assert [shelf[at] for at in range(-len(shelf), len(shelf))] == [*expected, *expected]
    assert shelf[1:3] == expected[1:3]
    with pytest.raises(IndexError):
        shelf[len(expected)]
    with pytest.raises(IndexError):
        shelf[-len(expected) - 1]


def test_it_can_be_read_by_two_and_added_to_between() -> None:
    shelf = filled([("a", [1, 2]), ("b", [3])], 0)
    first, second = iter(shelf), iter(shelf)
    assert (next(first), next(second), next(first), next(first)) == (1, 1, 2, 3)
    shelf.add("c", [4])
    assert list(shelf) == [1, 2, 3, 4]


def test_nothing_goes_to_disk_before_there_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise FileExistsError

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    shelf = filled([("a", range(100))], 100)
    assert list(shelf) == list(range(100))
    with pytest.raises(FileExistsError):
        shelf.add("b", [1])
