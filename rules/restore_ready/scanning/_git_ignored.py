"""Which folders does git ignore? Their files are made by tools, or are not what is deployed from here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_LIMIT: Final = 20
"""Seconds that git gets."""


def ignored_folders(top: Path) -> frozenset[str]:
    """Return the absolute paths of the folders below *top* that git ignores; none where git can't tell.

    Of a *top* that is itself ignored there are none: it was named.
    """
    if not _in_repository(top):
        return frozenset()
    import subprocess  # noqa: PLC0415  # with what it loads it takes 8 ms

    # the repository's own configuration could have git run a program for a file system monitor
    command = ["git", "-c", "core.fsmonitor=false", "--no-optional-locks", "-C", str(top), "ls-files"]
    listing = [*command, "--others", "--ignored", "--exclude-standard", "--directory", "-z"]
    try:
        done = subprocess.run(listing, capture_output=True, timeout=_LIMIT, check=False)  # noqa: S603  # git itself
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    names = os.fsdecode(done.stdout).split("\0") if done.returncode == 0 else []
    folders = (name.rstrip("/") for name in names if name.endswith("/") and name != "./")
    return frozenset(os.path.abspath(top / name) for name in folders)  # noqa: PTH100  # resolve() follows links


def _in_repository(top: Path) -> bool:
    absolute = Path(os.path.abspath(top))  # noqa: PTH100  # resolve() would leave the repository through a link
    return any((folder / ".git").exists() for folder in (absolute, *absolute.parents))
