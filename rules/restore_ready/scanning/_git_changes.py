"""Which files differ from an earlier revision of their repository?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from restore_ready._errors import UsageError
from restore_ready._git import NoAnswerError, ask_git


def files_changed_since(revision: str, folder: Path) -> frozenset[Path]:
    """Return the absolute paths of files that changed since the history of *folder* left *revision*.

    Files that are gone are among them, and new ones that git does not ignore.

    Args:
        revision: such as ``origin/main`` or ``HEAD~3``.
        folder: a folder of the repository.

    Raises:
        UsageError: if git is not there, *folder* is in no repository, or *revision* is unknown.
    """
    top = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))
    commit = os.fsdecode(_git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")).strip()
    base = _parted(folder, commit)
    changed = _git(folder, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base, "--")
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    real = Path(os.path.realpath(top))
    return frozenset(real / name for name in (*_names(changed), *_names(new)))


def _parted(folder: Path, commit: str) -> str:
    """Return where the histories of *commit* and of what is checked out parted; *commit* where that is not here."""
    try:
        return os.fsdecode(_git(folder, "merge-base", commit, "HEAD")).strip() or commit
    except UsageError:  # a shallow clone
        return commit


def _names(listed: bytes) -> Iterator[str]:
    return filter(None, os.fsdecode(listed).split("\0"))


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = ask_git(folder, *arguments)
    except NoAnswerError as error:
        msg = f"git can't tell what changed (--changed-since): {error}"
        raise UsageError(msg) from error
    if done.returncode:
        why = os.fsdecode(done.stderr).strip().partition("\n")[0] or f"git {arguments[0]} failed"
        msg = f"git can't tell what changed (--changed-since): {why}"
        raise UsageError(msg)
    return done.stdout
