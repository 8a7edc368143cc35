"""How does a file get its content? As a whole or not at all, and never through a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

_DESCRIPTORS: Final = Path("/proc/self/fd")
"""By which Linux gives a file a name that has none."""


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes the place of *path* once it is written; an error leaves what was there.

    A link at *path* is replaced and not followed: whoever wrote the repository may have put it there. Devices and pipes
    are written into. On Linux the file has no name before it is whole, so that not even a killed process leaves any.

    Raises:
        OSError: if it can't be written, or a folder of *path* is a link that leads out of this folder or repository.
    """
    if is_stream(path):
        with path.open("wb") as stream:
            yield stream
        return
    refuse_way_out(path.parent)
    named = path.with_name(f".{path.name[:100]}.{os.urandom(4).hex()}")
    descriptor, is_named = _opened(named)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            _keep_mode(path, descriptor)
            if not is_named:
                _give_name(descriptor, named)
        named.replace(path)
    finally:
        with suppress(FileNotFoundError):
            named.unlink()


def refuse_way_out(path: Path) -> None:
    """Refuse a *path* in the current folder, or the repository around it, that leads out of there by a link.

    Raises:
        OSError: if it does.
    """
    here = _top(Path.cwd())
    named = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() follows links
    if named.is_relative_to(here) and not path.resolve().is_relative_to(here.resolve()):
        why = "a link leads out of this folder; name the place that it leads to"
        raise OSError(errno.ELOOP, why, str(path))


def _top(folder: Path) -> Path:
    """Return the repository's top, or *folder* where there is none."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def is_stream(path: Path) -> bool:
    """Return whether *path* is a device or pipe, or one of the system's links to what is open, such as /dev/stdout."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    if stat.S_ISLNK(mode):
        return path.parts[:2] in (("/", "dev"), ("/", "proc"))
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _opened(named: Path) -> tuple[int, bool]:
    """Return a new file in the folder of *named*, and whether it has that name already."""
    with suppress(AttributeError, OSError):  # other systems than Linux, and some of its file systems
        if _DESCRIPTORS.is_dir():
            return os.open(named.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), False
    return os.open(named, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666), True


def _keep_mode(path: Path, descriptor: int) -> None:
    """Give the new file the mode of what it replaces, and see it on the disk before that is gone."""
    with suppress(FileNotFoundError):
        old = path.lstat().st_mode
        if stat.S_ISREG(old):
            os.fchmod(descriptor, stat.S_IMODE(old))
            os.fsync(descriptor)


def _give_name(descriptor: int, named: Path) -> None:
    descriptors = os.open(_DESCRIPTORS, os.O_RDONLY)
    try:
        os.link(str(descriptor), named, src_dir_fd=descriptors, follow_symlinks=True)
    finally:
        os.close(descriptors)
