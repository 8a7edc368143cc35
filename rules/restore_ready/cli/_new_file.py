"""Files that a command writes for its user to go on with."""

from __future__ import annotations

from pathlib import Path

from restore_ready._errors import UsageError


def write_new(file: Path, text: str) -> None:
    """Write *text* to *file*, which must not be there yet.

    Raises:
        UsageError: if it is there, or can't be written.
    """
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError as error:
        msg = f"{file} is there already: take it away first, or name another file"
        raise UsageError(msg) from error
    except OSError as error:
        msg = f"can't write {file}: {error.strerror}"
        raise UsageError(msg) from error
