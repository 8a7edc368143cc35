"""Where are changes tried? In a copy of what was scanned, made of links."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from restore_ready._left_out import LeftOut
from restore_ready.fixes._mirror import mirror
from restore_ready.fixes._node import ByHandError


class Copy:
    """The folders under some paths and what lies beside them, rebuilt elsewhere.

    Attributes:
        top: the folder that all of it lies in.
    """

    def __init__(self, paths: Sequence[Path], target: Path) -> None:
        """Rebuild what *paths* name under *target*.

        The repository around them is there too, by links: modules that are called, requirements that apply.

        Raises:
            OSError: if a folder can't be read, or the copy can't be made.
            ValueError: if the paths are on different drives.
        """
        self._paths = [absolute(path) for path in paths]
        folders = [path if path.is_dir() else path.parent for path in self._paths]
        self.top = _surroundings(Path(os.path.commonpath(folders)))
        walked = [folder for path in folders for folder in _folders(path)]
        self._walked = frozenset(walked)
        self._target = mirror([self.top, *walked], target, changed={})
        self._changed: set[Path] = set()

    @property
    def paths(self) -> list[Path]:
        """Where the scanned paths are in the copy."""
        return [self.of(path) for path in self._paths]

    def of(self, path: Path) -> Path:
        """Return where *path* is in the copy."""
        return self._target / absolute(path).relative_to(self.top)

    def write(self, texts: Mapping[Path, str]) -> None:
        """Write *texts* into their files, and into all others what they have outside.

        Raises:
            ByHandError: if one of them lies in a folder that is not copied but linked as a whole.
        """
        wanted = {absolute(path): text for path, text in texts.items()}
        if any(path.parent not in self._walked for path in wanted):
            msg = "its file is in a folder that a scan does not walk through"
            raise ByHandError(msg)
        for path in self._changed - set(wanted):
            self.of(path).unlink()
            self.of(path).symlink_to(path)
        for path, text in wanted.items():
            self.of(path).unlink()
            self.of(path).write_text(text, encoding="utf-8", newline="")
        self._changed = set(wanted)


def absolute(path: Path) -> Path:
    """Return *path* absolute and plain, without following links."""
    return Path(os.path.abspath(path))  # noqa: PTH100  # resolve() follows links


def _surroundings(folder: Path) -> Path:
    """Return the repository that holds *folder*; without one, the second folder above it."""
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return above
    return folder.parent.parent


def _folders(top: Path) -> Iterator[Path]:
    """Yield the folders that a scan of *top* walks through."""
    for folder, subfolders, _ in os.walk(top):
        walked = LeftOut().walked(folder, subfolders)
        subfolders[:] = [name for name in walked if not Path(folder, name).is_symlink()]
        yield Path(folder)
