"""Files that a command writes for its user to go on with."""

from __future__ import annotations

import os
from pathlib import Path

from restore_ready._errors import UsageError
from restore_ready._new_file import new_file


def write_new(file: Path, text: str) -> None:
    """Write *text* to *file*, which must not be there yet.

    Raises:
        UsageError: if it is there, or can't be written.
    """
    if os.path.lexists(file):
        msg = f"{file} is there already: take it away first, or name another file"
        raise UsageError(msg)
    try:
        with new_file(file) as new:
            new.write(text.encode())
    except OSError as error:
        msg = f"can't write {file}: {error.strerror}"
        raise UsageError(msg) from error
