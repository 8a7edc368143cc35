"""Which sources does a change of some files touch?"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.model import Gap
from restore_ready.scanning._sources import SourceReading, Sources

_TERRAFORM: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")
_LARGEST: Final = 16 * 1024 * 1024


def touched_only(sources: Sources, changed: Collection[Path], values: Collection[Path]) -> Sources:
    """Return those of *sources* that a change of the files *changed* touches.

    All were read, so that each still knows what the others select. A root module is touched by what changes in its
    folder and in those of its modules, a plan or template by its own change, and every source by that of its
    requirements, of a file whose name stands in it, and of a variable file among *values*.
    """
    files = frozenset(Path(os.path.realpath(file)) for file in changed)
    if any(Path(os.path.realpath(file)) in files for file in values):
        return sources
    readings = tuple(reading for reading in sources.readings if _is_touched(reading, files))
    told = {reading.path for reading in readings}
    gaps = tuple(gap for gap in sources.gaps if _is_about(gap, readings, files))
    return replace(
        sources,
        readings=readings,
        gaps=gaps,
        read=tuple(path for path in sources.read if path in told),
        unread=tuple(path for path in sources.unread if path in told or Path(os.path.realpath(path)) in files),
        crashes=tuple(crash for crash in sources.crashes if Path(os.path.realpath(crash.path)) in files),
    )


def _is_about(gap: Gap, readings: Collection[SourceReading], files: Collection[Path]) -> bool:
    if Path(os.path.realpath(gap.place.file)) in files:
        return True
    return any(
        gap in reading.reading.gaps or any(gap in estate.gaps for estate in reading.reading.estates)
        for reading in readings
    )


def _is_touched(source: SourceReading, files: Collection[Path]) -> bool:
    requirements = source.requirements_file.file
    if requirements and Path(os.path.realpath(requirements)) in files:
        return True
    own = Path(os.path.realpath(source.path))
    roots = [own] if own.is_dir() else [Path(os.path.realpath(folder)) for folder in source.made_of.folders]
    if own in files or not source.made_of.files.isdisjoint(files):
        return True
    if not roots:
        return _names_one([own], [own.parent], files)
    folders = list(dict.fromkeys(folder for root in roots for folder in _module_folders(root)))
    if any(_holds(folder, file) for folder in folders for file in files):
        return True
    return _names_one([file for folder in folders for file in _terraform_in(folder)], folders, files)


def _module_folders(root: Path) -> Iterator[Path]:
    from restore_ready.readers.terraform._files import module_folders  # noqa: PLC0415  # not every scan needs it

    return (Path(os.path.realpath(folder)) for folder in module_folders(root))


def _terraform_in(folder: Path) -> Iterator[Path]:
    return (
        (file for file in sorted(folder.iterdir()) if file.name.endswith(_TERRAFORM)) if folder.is_dir() else iter(())
    )


def _holds(folder: Path, file: Path) -> bool:
    """Return whether *file* is a module's: in its folder, or below it and not in that of another module."""
    if not file.is_relative_to(folder):
        return False
    between = [above for above in file.parents if above != folder and above.is_relative_to(folder)]
    return not any(True for above in between for _ in _terraform_in(above))


def _names_one(texts: Collection[Path], folders: Collection[Path], files: Collection[Path]) -> bool:
    """Return whether one of *files* is named in one of *texts*; outside of *folders*, with the folder it is in."""
    read = [file for file in files if not file.name.endswith(_TERRAFORM)]
    names = [file.name if file.parent in folders else f"{file.parent.name}/{file.name}" for file in read]
    for path in texts:
        with suppress(UnreadableError):  # it is told where it is read as a source
            text = read_file(path, _LARGEST)
            if any(name.encode() in text for name in names):
                return True
    return False
