"""Opens a file that only one process may write at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

_TO_APPEND: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)


def open_alone(path: Path) -> BinaryIO:
    """Open *path*, which its owner alone may read, to append to what is in it; it is made if it is not there.

    A link is replaced and not followed.

    The system lets others in as soon as the file is closed, be it by the end of the process. Windows keeps nobody out.

    Raises:
        BlockingIOError: if another process has it open so.
        OSError: if it can't be opened.
    """
    if path.is_symlink():
        path.unlink()
    while True:
        opened = os.fdopen(os.open(path, _TO_APPEND, 0o600), "ab")
        try:
            _lock(opened)
        except OSError:
            opened.close()
            raise
        if _is_still_there(path, opened):
            return opened
        opened.close()  # whoever had it has finished and given it another name meanwhile


def _lock(opened: BinaryIO) -> None:
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415  # Windows has none

        fcntl.flock(opened.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_still_there(path: Path, opened: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(opened.fileno()))
    except FileNotFoundError:
        return False
