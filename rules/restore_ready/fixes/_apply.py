"""How do new texts get into files? Each as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from restore_ready._errors import UsageError


def write_all(old: Mapping[Path, str], new: Mapping[Path, str]) -> None:
    """Write every file's new text; links are followed, modes kept.

    Args:
        old: the text of each file as it was judged.
        new: its text from now on.

    Raises:
        UsageError: if one of the files has changed meanwhile, or a text can't be stored. Nothing is written then.
    """
    stored: dict[Path, Path] = {}
    try:
        for path, text in new.items():
            if path.read_bytes() != old[path].encode():
                msg = f"{path} has changed while it was judged: run the scan again"
                raise UsageError(msg)
            if path.resolve() not in stored:
                stored[path.resolve()] = _stored(path.resolve(), text)
        for path, temporary in stored.items():
            temporary.replace(path)
    except OSError as error:
        msg = f"can't write the fix ({error.filename}): {error.strerror}"
        raise UsageError(msg) from error
    finally:
        for temporary in stored.values():
            temporary.unlink(missing_ok=True)


def _stored(path: Path, text: str) -> Path:
    """Store *text* beside *path* in a file of the same mode."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(handle)
    temporary = Path(name)
    temporary.chmod(path.stat().st_mode & 0o7777)
    return temporary
