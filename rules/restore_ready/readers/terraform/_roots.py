"""Finds the root modules: the folders that are evaluated and judged, each on its own."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from restore_ready._left_out import LeftOut
from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._files import files_of, local_calls
from restore_ready.readers.terraform.configuration import ending

_TRIALS = frozenset({"example", "examples", "sample", "samples", "test", "tests", "testing", "fixtures", "e2e"})


class RootsFound(Struct, frozen=True):
    """The root modules under the given paths, in order of path, and what could not be looked at."""

    roots: tuple[Path, ...]
    gaps: tuple[Gap, ...] = ()


def find_roots(
    paths: Sequence[Path],
    left_out: LeftOut = LeftOut(),  # noqa: B008  # frozen
    called: Collection[Path] = (),
) -> RootsFound:
    """Return the root modules under *paths*: folders with Terraform files that no other scanned folder calls.

    A given folder that holds Terraform files, and the folder of a given Terraform file, is always a root; other files
    are passed over. So is a folder called only from its own ``examples``, ``tests`` and the like: a module's repository
    is judged by its defaults as well as through its examples. Of folders that only call each other, the first is one.
    Those *called* by what is no Terraform are no roots at all.
    """
    gaps: list[Gap] = []
    given: set[Path] = set()
    scanned: set[Path] = set()
    for path in (Path(os.path.normpath(one)) for one in paths):
        if path.is_dir():
            here = set(_folders(path, gaps, left_out))
            scanned |= here
            given |= here & {path}
        elif path.is_file():
            given |= {path.parent} if ending(path.name) else set()
        else:
            gaps.append(Gap(str(path), Place(str(path)), "there is no such file or folder", hides_backups=True))
    scanned |= given
    return RootsFound(tuple(sorted(_choose(scanned, given, called))), tuple(gaps))


def _folders(top: Path, gaps: list[Gap], left_out: LeftOut) -> Iterator[Path]:
    """Give every folder at or under *top* that has Terraform files. Symbolic links to folders are not followed."""

    def unlisted(error: OSError) -> None:
        place = Place(str(error.filename))
        gaps.append(Gap(place.file, place, f"the folder can't be listed: {error.strerror}", hides_backups=True))

    for folder, inner, names in os.walk(top, onerror=unlisted):
        inner[:] = left_out.walked(folder, inner)
        if any(map(ending, names)) and files_of(Path(folder)):
            yield Path(folder)


def _choose(scanned: set[Path], given: set[Path], others_call: Collection[Path]) -> set[Path]:
    if len(scanned) == 1:
        return scanned.difference(others_call)
    calls = {folder: _calls(folder, scanned - {folder}) for folder in scanned}
    called = {one for folder, targets in calls.items() for one in targets if not _is_trial(folder, one)}
    roots = ((scanned - called) | given).difference(others_call)
    reached: set[Path] = set()
    _reach(roots.union(scanned.intersection(others_call)), calls, reached)
    for folder in sorted(scanned):
        if folder not in reached:
            roots.add(folder)
            _reach([folder], calls, reached)
    return roots


def _calls(folder: Path, among: AbstractSet[Path]) -> list[Path]:
    """Return which folders *folder* calls; none where that can't be told, which is said when it is read as a root."""
    with suppress(Exception):
        return [called for called in local_calls(folder) if called in among]
    return []


def _is_trial(caller: Path, module: Path) -> bool:
    """Tell whether *caller* lies inside *module*, in a folder for examples or tests."""
    return caller.is_relative_to(module) and not _TRIALS.isdisjoint(caller.relative_to(module).parts)


def _reach(start: Iterable[Path], calls: Mapping[Path, Sequence[Path]], reached: set[Path]) -> None:
    """Add to *reached* the folders of *start* and all that they call, directly or not."""
    todo = list(start)
    while todo:
        folder = todo.pop()
        if folder not in reached:
            reached.add(folder)
            todo.extend(calls[folder])
