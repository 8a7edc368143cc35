"""How is a diff written as a fix of SARIF: whole lines of files, and what stands in their place?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, field

from restore_ready.reports._locations import repository_file, uri

_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
_NEW_FILE: Final = "+++ b/"


class _Hunk(Struct):
    """Lines of a file, from *first* on, and those that take their place."""

    file: str
    first: int
    lines: int
    written: list[str] = field(default_factory=list)


def fix(diff: str, description: str, base: str) -> dict[str, Any]:
    """Return the unified *diff* as one fix; its files are relative to *base*."""
    changes: dict[str, list[dict[str, Any]]] = {}
    for hunk in _hunks(diff):
        changes.setdefault(hunk.file, []).append(_replacement(hunk))
    artifacts = [
        {"artifactLocation": {"uri": uri(repository_file(name)), "uriBaseId": base}, "replacements": replacements}
        for name, replacements in changes.items()
    ]
    return {"description": {"text": description}, "artifactChanges": artifacts}


def _hunks(diff: str) -> Iterator[_Hunk]:
    file, hunk = "", None
    for line in diff.split("\n"):
        begun = _HUNK.match(line)
        if line.startswith(_NEW_FILE):
            file = line.removeprefix(_NEW_FILE)
        elif begun:
            if hunk is not None:
                yield hunk
            lines = 1 if begun[2] is None else int(begun[2])
            hunk = _Hunk(file, int(begun[1]) + (lines == 0), lines)
        elif hunk is not None and line[:1] in (" ", "+"):
            hunk.written.append(f"{line[1:]}\n")
    if hunk is not None:
        yield hunk


def _replacement(hunk: _Hunk) -> dict[str, Any]:
    region = {"startLine": hunk.first, "startColumn": 1, "endLine": hunk.first + hunk.lines, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": "".join(hunk.written)}}
