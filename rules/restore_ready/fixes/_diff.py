"""What does a change look like as a unified diff that ``git apply`` and ``patch -p1`` take?"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from restore_ready.fixes._copy import absolute

_NO_NEWLINE = "\n\\ No newline at end of file\n"


def unified(old: Mapping[Path, str], new: Mapping[Path, str]) -> str:
    """Return the diff of the files in *new*; names are relative to the current folder where they can be."""
    return "".join(_file_diff(path, old[path], text) for path, text in sorted(new.items()) if old[path] != text)


def _file_diff(path: Path, old: str, new: str) -> str:
    here, whole = Path.cwd(), absolute(path)
    name = whole.relative_to(here if whole.is_relative_to(here) else whole.anchor).as_posix()
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else line + _NO_NEWLINE for line in lines)


def _lines(text: str) -> list[str]:
    """Split at line feeds alone, as git does."""
    found = text.split("\n")
    return [f"{line}\n" for line in found[:-1]] + ([found[-1]] if found[-1] else [])
