"""What reports keep on disk comes back as it went there, in order, whatever was spilled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore_ready.reports._disk_backed_list import DiskBackedList

BATCHES = st.lists(st.tuples(st.text("abc", max_size=2), st.lists(st.integers())), max_size=12)


def filled(batches: Sequence[tuple[str, Sequence[int]]], in_memory: int) -> DiskBackedList[int]:
    disk_backed_list: DiskBackedList[int] = DiskBackedList(in_memory)
    for label, things in batches:
        disk_backed_list.add(label, things)
    return disk_backed_list


@given(BATCHES, st.integers(0, 20))
def test_it_is_the_sequence_sorted_by_label(batches: list[tuple[str, list[int]]], in_memory: int) -> None:
    expected = [one for _, things in sorted(batches, key=lambda batch: batch[0]) for one in things]
    disk_backed_list = filled(batches, in_memory)
    assert list(disk_backed_list) == list(disk_backed_list) == expected
    assert len(disk_backed_list) == len(expected)
    assert [disk_backed_list[at] for at in range(-len(disk_backed_list), len(disk_backed_list))] == [
        *expected,
        *expected,
    ]
    assert disk_backed_list[1:3] == expected[1:3]
    with pytest.raises(IndexError):
        disk_backed_list[len(expected)]
    with pytest.raises(IndexError):
        disk_backed_list[-len(expected) - 1]


def test_it_can_be_read_by_two_and_added_to_between() -> None:
    disk_backed_list = filled([("a", [1, 2]), ("b", [3])], 0)
    first, second = iter(disk_backed_list), iter(disk_backed_list)
    assert (next(first), next(second), next(first), next(first)) == (1, 1, 2, 3)
    disk_backed_list.add("c", [4])
    assert list(disk_backed_list) == [1, 2, 3, 4]


def test_nothing_goes_to_disk_before_there_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise FileExistsError

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    disk_backed_list = filled([("a", range(100))], 100)
    assert list(disk_backed_list) == list(range(100))
    with pytest.raises(FileExistsError):
        disk_backed_list.add("b", [1])
