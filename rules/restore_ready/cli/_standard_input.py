"""``restore-ready scan -``: how does the source stand that is given on standard input?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready._bounded_read import size_in_words
from restore_ready._errors import UsageError
from restore_ready._temporary_folder import temporary_folder
from restore_ready.fixes._mirror import mirror
from restore_ready.model import Gap, Place
from restore_ready.reports._excerpt import hold
from restore_ready.requirements._file import RequirementsFile
from restore_ready.scanning._scan import Scan

_MOST: Final = 128 * 1024 * 1024
"""Bytes on standard input: as much as the largest plan that is read."""

_DASH: Final = Path("-")
_NAMELESS: Final = Path("stdin")
_TERRAFORM: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")


class StandardInput(Struct, frozen=True):
    """A source on standard input, which stands for the file *name*, whether there is one or not."""

    name: Path
    text: str

    def scan(self, judge: Callable[..., Scan], **options: object) -> Scan:
        """Return what *judge*, which scans paths, finds in the source, in the place of the file.

        Of Terraform the whole root module is read, and what is found in the other files is left out.
        """
        hold(self.name, self.text)
        own = Path(os.path.abspath(self.name))  # noqa: PTH100  # resolve() would follow links to names nobody typed
        top = _surroundings(own.parent)
        is_terraform = self.name.name.endswith(_TERRAFORM)
        with temporary_folder() as folder:
            copy = folder.resolve() / "copy"
            mirror([top, own.parent, Path.cwd()], copy, changed={own: self.text})
            with _within(copy / Path.cwd().relative_to(top)):
                found = judge([self.name.parent if is_terraform else self.name], linked=top, **options)
        requirements = tuple(_back(file, copy, top) for file in found.requirements)
        found = replace(found, requirements=requirements)
        if self.name == _NAMELESS:
            found = replace(found, gaps=tuple(map(_with_hint, found.gaps)))
        return _only(found, str(self.name)) if is_terraform else found


def standard_input(paths: Sequence[Path], name: Path | None) -> StandardInput | None:
    """Return what stands on standard input if *paths* say ``-``, which then stands for the file *name*.

    Raises:
        UsageError: if there are other paths too, a name without ``-``, no folder for it, or text that is not UTF-8.
    """
    if _DASH not in paths:
        if name is not None:
            msg = "--stdin-filename names what is on standard input: write - as the path"
            raise UsageError(msg)
        return None
    if len(paths) > 1:
        msg = "standard input is read alone (-): take out the other paths"
        raise UsageError(msg)
    if name is not None and not name.parent.is_dir():
        msg = f"no such folder ({name.parent}): --stdin-filename takes a file in a folder that exists"
        raise UsageError(msg)
    try:
        content = sys.stdin.buffer.read(_MOST + 1)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = "standard input is not text in UTF-8 (-)"
        raise UsageError(msg) from error
    if len(content) > _MOST:
        msg = f"standard input is larger than {size_in_words(_MOST)} (-): give it as a file"
        raise UsageError(msg)
    return StandardInput(name or _NAMELESS, text)


def _surroundings(folder: Path) -> Path:
    """Return the repository around *folder*, or else itself, and what holds the current folder too."""
    repository = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)
    return Path(os.path.commonpath([repository, Path.cwd()]))


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _back(requirements_file: RequirementsFile, copy: Path, top: Path) -> RequirementsFile:
    """Return requirements that were found in the copy with the name of their own file."""
    file = Path(requirements_file.file)
    return (
        replace(requirements_file, file=str(top / file.relative_to(copy)))
        if file.is_relative_to(copy)
        else (requirements_file)
    )


def _with_hint(gap: Gap) -> Gap:
    is_whole = gap.address == gap.place.file == str(_NAMELESS)
    return replace(gap, why=f"{gap.why}: of Terraform, say --stdin-filename main.tf") if is_whole else gap


def _only(found: Scan, file: str) -> Scan:
    """Return what was found in one file."""

    def is_in(place: Place) -> bool:
        return os.path.normpath(place.file) == os.path.normpath(file)

    return replace(
        found,
        judgements=tuple(judgement for judgement in found.judgements if is_in(judgement.place)),
        gaps=tuple(gap for gap in found.gaps if is_in(gap.place)),
        unreadable=tuple(gap for gap in found.unreadable if is_in(gap.place)),
        unused=tuple(exception for exception in found.unused if is_in(exception.place)),
        file_systems=tuple(readiness for readiness in found.file_systems if is_in(readiness.place)),
    )
