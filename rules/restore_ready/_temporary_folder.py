"""Where do files go that only one run needs? Into a folder that is removed, if need be by the next run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "tmp-of-restore-ready-"
"""One that nobody else gives a folder: those are removed."""
_NEW: Final = 60
"""Seconds in which a folder may not be locked yet."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new folder that is removed at the end; what killed commands left is removed first.

    Raises:
        OSError: if none can be made.
    """
    from tempfile import TemporaryDirectory, gettempdir  # noqa: PLC0415  # with what it loads it takes 10 ms

    with suppress(AttributeError):  # Windows knows no owners
        _remove_left(Path(gettempdir()), os.geteuid())
    with TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        with _locked(folder):
            yield folder


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock *folder* as long as this process lives; yield whether it could be."""
    if sys.platform == "win32":
        yield False
        return
    import fcntl  # noqa: PLC0415  # Windows has none

    descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def _remove_left(top: Path, owner: int) -> None:
    """Remove folders of *owner* below *top* that no process holds."""
    import shutil  # noqa: PLC0415  # likewise

    for folder in top.glob(f"{_PREFIX}????????"):
        with suppress(OSError):
            told = folder.lstat()
            if told.st_uid == owner and told.st_mtime < time.time() - _NEW:
                with _locked(folder) as is_left:
                    if is_left:
                        shutil.rmtree(folder, ignore_errors=True)
