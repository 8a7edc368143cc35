"""How do new texts get into files? Each as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from restore_ready._errors import UsageError
from restore_ready._new_file import new_file


def write_all(old: Mapping[Path, str], new: Mapping[Path, str]) -> None:
    """Write every file's new text; links are followed, modes kept.

    Args:
        old: the text of each file as it was judged.
        new: its text from now on.

    Raises:
        UsageError: if one of the files has changed meanwhile, or a text can't be stored. Nothing is written then.
    """
    stored: dict[Path, IO[bytes]] = {}
    try:
        with ExitStack() as files:
            for path, text in new.items():
                if path.read_bytes() != old[path].encode():
                    msg = f"{path} has changed while it was judged: run the scan again"
                    raise UsageError(msg)
                target = path.resolve()
                if target not in stored:
                    stored[target] = files.enter_context(new_file(target))
                    stored[target].write(text.encode())
                    stored[target].flush()
    except OSError as error:
        msg = f"can't write the fix ({error.filename or path}): {error.strerror}"
        raise UsageError(msg) from error
