"""Which requirements file is a source judged by?

The nearest ``restore-ready.yaml`` counts, from the source's folder upward to the root of its repository. Outside a
repository the search ends at the folder that is scanned and the current one, so that no file from elsewhere is taken.
A file that is given by option or environment replaces all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from restore_ready.requirements._errors import Problem, RequirementsError
from restore_ready.requirements._file import RequirementsFile

NAMES: Final = ("restore-ready.yaml", "restore-ready.yml")
VARIABLE: Final = "RESTORE_READY_REQUIREMENTS"
_DEFAULT: Final = RequirementsFile()


class RequirementsFinder:
    """The requirements files of one run."""

    def __init__(self, scopes: Iterable[Path] = (), forced: Path | None = None) -> None:
        """Take the folders that are scanned, and the file that counts for everything; without, the environment's."""
        given = os.environ.get(VARIABLE)
        self._forced = forced or (Path(given) if given else None)
        self._scopes = [_folder(scope) for scope in scopes]

    def requirements_file(self, source: Path) -> RequirementsFile:
        """Return the requirements for the root folder or file *source*.

        Raises:
            RequirementsError: if their file can't be used.
        """
        if self._forced is None:
            return self._nearest(source)
        forced = _load(self._forced, forced=True)
        return _with_exceptions_of(forced, self._nearest(source)) if forced.takes_exceptions else forced

    def _nearest(self, source: Path) -> RequirementsFile:
        file = find_file(_folder(source), self._scopes)
        return _DEFAULT if file is None else _load(file, forced=False)

    def requirement_files(self, sources: Sequence[Path]) -> list[RequirementsFile]:
        """Return the requirements for each of *sources*.

        Raises:
            RequirementsError: with what is wrong in all of the files, each named once.
        """
        if self._forced is not None:
            _load(self._forced, forced=True)  # wrong usage even where nothing is judged by it
        found = [self._file_or_error(source) for source in sources]
        errors = [outcome for outcome in found if isinstance(outcome, RequirementsError)]
        if errors:
            raise RequirementsError(dict.fromkeys(problem for error in errors for problem in error.problems))
        return [outcome for outcome in found if isinstance(outcome, RequirementsFile)]

    def _file_or_error(self, source: Path) -> RequirementsFile | RequirementsError:
        try:
            return self.requirements_file(source)
        except RequirementsError as error:
            return error


def find_file(folder: Path, scopes: Iterable[Path] = ()) -> Path | None:
    """Return the requirements file nearest to *folder*.

    Raises:
        RequirementsError: if a folder has it under both names.
    """
    here = _folder(Path())
    candidates = _up_to_repository(folder) or [*_up_to_scope(folder, {*scopes, here}), here]
    for candidate in candidates:
        if found := _file_in(candidate):
            return found
    return None


def _up_to_repository(folder: Path) -> list[Path]:
    """Return *folder* and those above it up to the one with ``.git``; none if there is none."""
    seen = []
    for above in (folder, *folder.parents):
        seen.append(above)
        if os.path.lexists(above / ".git"):
            return seen
    return []


def _up_to_scope(folder: Path, scopes: set[Path]) -> list[Path]:
    """Return *folder* and those above it up to the outermost of *scopes* that it lies in; else just *folder*."""
    chain = [folder, *folder.parents]
    last = max((number for number, above in enumerate(chain) if above in scopes), default=0)
    return chain[: last + 1]


def _file_in(folder: Path) -> Path | None:
    found = [folder / name for name in NAMES if os.path.lexists(folder / name)]
    if len(found) > 1:
        problem = Problem(str(found[0]), 0, "", f"stands beside {found[1].name}: keep one of them")
        raise RequirementsError([problem])
    return found[0] if found else None


def _folder(path: Path) -> Path:
    """Return *path*, or the folder of the file, from the root but without following links."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would leave the repository through a link
    return absolute if absolute.is_dir() else absolute.parent


@lru_cache(maxsize=64)
def _with_exceptions_of(forced: RequirementsFile, nearest: RequirementsFile) -> RequirementsFile:
    if nearest.file == forced.file:
        return forced
    return replace(forced, exceptions=(*forced.exceptions, *nearest.exceptions))


def _load(file: Path, *, forced: bool) -> RequirementsFile:
    try:
        stat = file.stat()
    except OSError as error:
        problem = Problem(str(file), 0, "", f"can't be opened: {error.strerror or error}")
        raise RequirementsError([problem]) from error
    return _load_state(file, str(Path.cwd()), stat.st_mtime_ns, stat.st_size, forced)


@lru_cache(maxsize=64)
def _load_state(file: Path, _here: str, _changed: int, _size: int, forced: bool) -> RequirementsFile:  # noqa: FBT001  # a key of the cache
    from restore_ready.requirements._load import load_requirements_file  # noqa: PLC0415  # most scans have no such file

    return load_requirements_file(file, forced=forced)
