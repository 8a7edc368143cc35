"""Which file systems a backup plan covers by its selections, and which other plans cover a file system."""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.coverage._coverage import candidates, covers
from restore_ready.coverage._refusals import refusals
from restore_ready.index import EstateIndex, Selections
from restore_ready.model import FileSystem, Plan, Selection, Truth, Unresolved, all_true, any_true, same_place


def reached(plan: Plan, estate: EstateIndex) -> Iterator[tuple[FileSystem, Truth]]:
    """Yield the file systems that a plan covers, or may cover, with the answer."""
    selections = estate.selections_by_plan.get(plan.address, ())
    own = Selections(selections)
    for file_system in estate.chosen_file_systems.reached_by(selections):
        answer = any_true(covers(selection, file_system) for selection in own.about(file_system))
        if answer is not False:
            yield file_system, answer


def selecting(file_system: FileSystem, estate: EstateIndex) -> Iterator[tuple[Selection, Truth]]:
    """Yield the selections of an estate that cover a file system, or may cover it, with the answer."""
    for selection in candidates(file_system, estate):
        answer = covers(selection, file_system)
        if answer is not False:
            yield selection, answer


def choose_the_same(selection: Selection, other: Selection) -> Truth:
    """Return whether two selections cover the same, whatever it is; what AWS refuses covers nothing."""
    if any(refusals(selection)) or any(refusals(other)) or same_place(selection.aws_place, other.aws_place) is False:
        return False
    pairs = zip(_choice(selection), _choice(other), strict=True)
    return all_true(_equal(mine, theirs) for mine, theirs in pairs)


def _choice(selection: Selection) -> tuple[object, ...]:
    chosen = (selection.resources, selection.tags, selection.not_resources, selection.conditions)
    return (*chosen, selection.crowded, selection.there)


def _equal(mine: object, theirs: object) -> Truth:
    for part in (mine, theirs):
        if isinstance(part, Unresolved):
            return part
    return mine == theirs
