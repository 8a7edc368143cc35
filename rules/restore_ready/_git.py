"""Asks git about a checkout, which must not have it run anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from subprocess import CompletedProcess

_LIMIT: Final = 60
"""Seconds that git gets for a question."""

_SAFE: Final = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""A configuration could have git run programs: as a file system monitor, or, in a repository without a work tree that
was committed as part of another one, as filters. Git 2.38 and newer leave such a repository alone."""


class NoAnswerError(Exception):
    """Git is not there, or gave no answer."""


def ask_git(folder: Path, *arguments: str) -> CompletedProcess[bytes]:
    """Return what git says in *folder*, be it that it fails.

    Raises:
        NoAnswerError: if git is not there, can't be run or takes too long.
    """
    import subprocess  # noqa: PLC0415  # many scans ask git nothing; with what it loads it takes 8 ms

    command = ["git", *_SAFE, "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        return subprocess.run(command, capture_output=True, timeout=_LIMIT, check=False)  # noqa: S603  # git itself
    except FileNotFoundError as error:
        msg = "git is not there"
        raise NoAnswerError(msg) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAnswerError(str(error)) from error


def is_in_repository(folder: Path) -> bool:
    """Return whether a folder, given without links and as an absolute path, lies in a git repository."""
    return any((above / ".git").exists() for above in (folder, *folder.parents))
