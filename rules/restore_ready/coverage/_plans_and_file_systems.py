"""Which file systems a backup plan covers by its selections, and which other plans cover a file system."""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.coverage._coverage import candidates, covers
from restore_ready.coverage._refusals import refusals
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Plan, Ref, Selection, Truth, Unresolved, all_true, any_true, same_place


def reached(plan: Plan, estate: EstateIndex) -> Iterator[tuple[FileSystem, Truth]]:
    """Yield the file systems that a plan covers, or may cover, with the answer."""
    selections = estate.selections_by_plan.get(plan.address, ())
    for file_system in _candidates(selections, estate):
        answer = any_true(covers(selection, file_system) for selection in selections)
        if answer is not False:
            yield file_system, answer


def _candidates(selections: tuple[Selection, ...], estate: EstateIndex) -> tuple[FileSystem, ...]:
    """Return the file systems that selections name, or all of them where one chooses otherwise."""
    named: dict[str, FileSystem] = {}
    by_address = estate.file_systems_by_address
    for selection in selections:
        resources = selection.resources
        if isinstance(resources, Unresolved) or selection.tags != () or not resources:
            return estate.file_systems
        for value in resources:
            if not isinstance(value, Ref):
                return estate.file_systems
            if value.target in by_address:
                named[value.target] = by_address[value.target]
    return tuple(named.values())


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
