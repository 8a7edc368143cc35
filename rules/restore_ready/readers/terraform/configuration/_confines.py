"""Which files may be read: those below the repository or the scanned folder, and those of the modules called."""

from __future__ import annotations

from pathlib import Path


class Confines:
    """The folders below which files may be read, each with its links resolved."""

    def __init__(self, root: Path, scanned: Path | None = None, linked: Path | None = None) -> None:
        """Begin with the repository that *root* lies in; where there is none, with the *scanned* folder or *root*.

        The folder *linked* may be read as well.
        """
        real = root.resolve()
        repository = next((folder for folder in (real, *real.parents) if (folder / ".git").exists()), None)
        above = scanned.resolve() if scanned is not None and real.is_relative_to(scanned.resolve()) else real
        self._own = [repository or above, *([linked.resolve()] if linked is not None else [])]
        self._modules: list[Path] = []

    @property
    def top(self) -> Path:
        """The folder below which most may be read: the repository, where there is one."""
        return self._own[0]

    def admit(self, folder: Path) -> None:
        """Let files be read below *folder* too: that of a module called from beside the repository, links resolved.

        Hidden files and folders in it stay closed: they are no part of a module.
        """
        if not any(map(folder.is_relative_to, self._own)) and folder not in self._modules:
            self._modules.append(folder)

    def refusal(self, path: Path) -> str:
        """Return why the file or folder *path*, its links resolved, may not be read; empty if it may."""
        own = next(filter(path.is_relative_to, self._own), None)
        if own is not None:
            is_in_git = any(part.casefold() == ".git" for part in path.relative_to(own).parts)
            return "it lies in .git" if is_in_git else ""
        modules = (folder for folder in self._modules if path.is_relative_to(folder))
        if any(not _is_hidden(path.relative_to(folder)) for folder in modules):
            return ""
        return "it lies outside the repository"


def _is_hidden(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts)
