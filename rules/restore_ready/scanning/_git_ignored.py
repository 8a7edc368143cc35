"""Which folders does git ignore? Their files are made by tools, or are not what is deployed from here."""

from __future__ import annotations

import os
from pathlib import Path

from restore_ready._git import NoAnswerError, ask_git, is_in_repository


def ignored_folders(top: Path) -> frozenset[str]:
    """Return the absolute paths of the folders below *top* that git ignores; none where git can't tell.

    Of a *top* that is itself ignored there are none: it was named.
    """
    if not is_in_repository(Path(os.path.abspath(top))):  # noqa: PTH100  # resolve() would leave it through a link
        return frozenset()
    try:
        done = ask_git(top, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
    except NoAnswerError:
        return frozenset()
    names = os.fsdecode(done.stdout).split("\0") if done.returncode == 0 else []
    folders = (name.rstrip("/") for name in names if name.endswith("/") and name != "./")
    return frozenset(os.path.abspath(top / name) for name in folders)  # noqa: PTH100  # resolve() follows links
