"""Links templates of one scan by what they export and import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.model import Estate, Gap, Handed, Place, Reading, Selection, Str
from restore_ready.readers._handed import handed_in
from restore_ready.readers._imported import as_imported, names_handed

_MADE_BY_CDK: Final = ":ExportsOutput"
"""Part of the name of an export that the CDK makes, which it does only where another stack imports it."""


def link_imports(readings: Sequence[Reading]) -> list[Reading]:
    """Return *readings* whose estates know the selections of others that name what they export.

    An export name is unique in its account and Region. One that several templates of the scan have is that of
    variants of one stack, or of stacks in several places: which of them is meant is not known.
    """
    exporting = _exporting(readings)
    if not exporting:
        return list(readings)
    taken = {name for reading in readings for estate in reading.estates for name in estate.imports}
    linked = list(readings)
    for at, reading in enumerate(readings):
        if any(estate.exports for estate in reading.estates):
            others = [selection for other in readings if other is not reading for selection in _importing(other)]
            own = {name for name, owner in exporting.items() if owner == at}
            estates = tuple(_linked(estate, others, own, taken) for estate in reading.estates)
            linked[at] = replace(reading, estates=estates)
    return linked


def _exporting(readings: Sequence[Reading]) -> Mapping[str, int]:
    """Return the number of the one reading that exports a name; those that several export are left out."""
    found: dict[str, set[int]] = {}
    for at, reading in enumerate(readings):
        for estate in reading.estates:
            for export in estate.exports:
                found.setdefault(export.name, set()).add(at)
    return {name: min(owners) for name, owners in found.items() if len(owners) == 1}


def _importing(reading: Reading) -> Iterator[Selection]:
    """Yield the selections that a template has however its open conditions fall."""
    if not any(estate.imports for estate in reading.estates):
        return
    for selection in reading.estates[0].selections:
        if all(selection in estate.selections for estate in reading.estates[1:]):
            yield selection


def _linked(estate: Estate, others: Sequence[Selection], own: set[str], taken: set[str]) -> Estate:
    values: dict[str, Str] = {export.name: export.value for export in estate.exports if export.name in own}

    def meaning(handed: Handed) -> Str | None:
        return values.get(handed.export)

    meant = (selection for selection in others if names_handed(selection, meaning))
    imported = (as_imported(selection, meaning, selection.place.file) for selection in meant)
    known = tuple(selection for selection in imported if selection is not None)
    return replace(estate, imported=(*estate.imported, *known), gaps=(*estate.gaps, *_unseen(estate, taken)))


def _unseen(estate: Estate, taken: set[str]) -> Iterator[Gap]:
    """Yield the exports that certainly are imported somewhere, but by nothing of this scan."""
    file_systems = {file_system.address for file_system in estate.file_systems}
    for export in estate.exports:
        if _MADE_BY_CDK in export.name and export.name not in taken:
            handed = tuple(handed_in(export.value, file_systems))
            if handed:
                why = "the stack that imports it is not in sight"
                yield Gap(export.name, Place(estate.root), why, handed=handed)
