"""What may sources of one scan choose of each other?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from msgspec.structs import replace

from restore_ready.coverage._coverage import may_choose_others
from restore_ready.model import Place, Reading, RestoreTestSelection, Selection
from restore_ready.restore_testing._selections import chooses_widely as tests_widely
from restore_ready.scanning._imports import link_imports

T = TypeVar("T")


def attach_elsewhere(readings: Sequence[Reading]) -> list[Reading]:
    """Return *readings* whose estates know the selections, of backups and tests, that may choose here too.

    And the selections of others that certainly name what they export.
    """
    told = []
    readings = link_imports(readings)
    imported = (selection for reading in readings for estate in reading.estates for selection in estate.imported)
    settled = {selection.place for selection in imported if not may_choose_others(selection)}
    selections = _of_others([_broad_selections(reading, settled) for reading in readings])
    tests = _of_others([_broad_tests(reading) for reading in readings])
    for reading, elsewhere, tests_elsewhere in zip(readings, selections, tests, strict=True):
        estates = tuple(
            replace(estate, elsewhere=elsewhere, tests_elsewhere=tests_elsewhere) for estate in reading.estates
        )
        told.append(replace(reading, estates=estates) if elsewhere or tests_elsewhere else reading)
    return told


def _of_others(found: Sequence[Iterable[T]]) -> Iterator[tuple[T, ...]]:
    """Return for every reading what all the others hold."""
    own = [tuple(dict.fromkeys(selections)) for selections in found]
    everything = tuple(selection for selections in own for selection in selections)
    before = 0
    for selections in own:
        after = before + len(selections)
        yield everything[:before] + everything[after:] if selections else everything
        before = after


def _broad_selections(reading: Reading, settled: AbstractSet[Place]) -> Iterator[Selection]:
    """Yield the selections that may choose what others declare; all that those *settled* are handed is known."""
    for estate in reading.estates:
        for selection in estate.selections:
            if may_choose_others(selection) and selection.place not in settled:
                yield selection


def _broad_tests(reading: Reading) -> Iterator[RestoreTestSelection]:
    return (test for estate in reading.estates for test in estate.restore_tests if tests_widely(test))
