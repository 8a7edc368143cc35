"""Reads files that may be anything: a device, a pipe, or one that grows while it is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from restore_ready._errors import UnreadableError

_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe that nobody writes to would wait for ever otherwise."""


def read_file(path: Path, most: int) -> bytes:
    """Return the content of a regular file.

    Args:
        path: the file; links are followed.
        most: how many bytes it may have, however it grows meanwhile.

    Raises:
        UnreadableError: if it can't be read, is no regular file, or is larger.
    """
    with _opened(path) as (descriptor, size):
        content = b"" if size > most else _start(descriptor, size, most + 1)
    if max(size, len(content)) > most:
        raise UnreadableError(path, f"is larger than {size_in_words(most)}")
    return content


def read_start(path: Path, most: int) -> bytes:
    """Return at most the first *most* bytes of a regular file.

    Raises:
        UnreadableError: if it can't be read, or is no regular file.
    """
    with _opened(path) as (descriptor, size):
        return _start(descriptor, size, most)


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a regular file, as far as it reached when it was opened.

    Raises:
        UnreadableError: if it can't be read, or is no regular file.
    """
    with _opened(path) as (descriptor, size), os.fdopen(descriptor, "rb", closefd=False) as file:
        left = size
        while left and (line := file.readline(left)):
            left -= len(line)
            yield line


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, int]]:
    """Return the descriptor of a regular file and how large it says it is.

    Raises:
        UnreadableError: if it can't be opened or read, or is no regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _AT_ONCE)
        try:
            told = os.fstat(descriptor)
            if not stat.S_ISREG(told.st_mode):
                raise UnreadableError(path, "is a folder" if stat.S_ISDIR(told.st_mode) else "is no regular file")
            yield descriptor, told.st_size
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableError(path, f"can't be read: {error.strerror or type(error).__name__}") from error


def _start(descriptor: int, size: int, most: int) -> bytes:
    """Read as much as there should be, and go on only where there is more: room for *most* would cost time."""
    content = os.read(descriptor, min(most, size + 1))
    while size < len(content) < most:
        size = len(content)
        content += os.read(descriptor, min(most, 2 * size) - size)
    return content


def size_in_words(size: int) -> str:
    """Return a limit as people say it: ``16 MB``, or ``5,000 bytes``."""
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size:,} bytes"
