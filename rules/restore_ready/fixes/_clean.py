"""Which files may be changed? Regular ones under what was scanned, clean in git."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from restore_ready._git import NoAnswerError, ask_git
from restore_ready.fixes._copy import absolute


def outside(path: Path, paths: Sequence[Path], *, follow: bool) -> str:
    """Return why *path* is not below one of *paths*; empty if it is. Unless *follow*, it must not be so by a link."""
    below = [path if path.is_dir() else path.parent for path in map(absolute, paths)]
    if not any(absolute(path).is_relative_to(folder) for folder in below):
        return "its file is not in what was scanned"
    if follow:
        return ""
    if path.is_symlink() or not any(path.resolve().is_relative_to(folder.resolve()) for folder in below):
        return "its file is a link (--force changes what it leads to)"
    return ""


def unclean(path: Path) -> str:
    """Return why git could not bring *path* back as it is; empty if it is tracked and unmodified."""
    status = ("status", "--porcelain", "--ignored", "-z", "--", f":(literal){path.name}")
    try:
        done = ask_git(absolute(path).parent, *status)
    except NoAnswerError as error:
        return f"git could not tell whether its file has changes: {error} (--force changes it all the same)"
    if done.returncode:
        return "its file is not in a git repository (--force changes it all the same)"
    if done.stdout:
        what = "is not tracked by git" if done.stdout[:2] in (b"??", b"!!") else "has changes that are not committed"
        return f"its file {what} (--force changes it all the same)"
    return ""
