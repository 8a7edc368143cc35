"""Which files hold the runbooks of all file systems, and what does their index say?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.history._records import show_time, usable_points
from restore_ready.runbook._find_file_system import Chosen
from restore_ready.runbook._markdown import code, prose

_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 80


class NamedRunbook(Struct, frozen=True):
    """A file system, and the name of the file for its runbook, without an ending."""

    chosen: Chosen
    stem: str


def named_runbooks(everything: Sequence[Chosen]) -> Iterator[NamedRunbook]:
    """Yield each file system with a name of a file that no other one has, whatever a disk makes of letter case."""
    taken = {"index"}
    for chosen in everything:
        file_system = chosen.file_system
        told = file_system.name or file_system.address.rpartition("/")[2]
        stem = _ODD.sub("-", told).strip("-.")[:_LONGEST] or "file-system"
        number = 2
        name = stem
        while name.lower() in taken:
            name = f"{stem}-{number}"
            number += 1
        taken.add(name.lower())
        yield NamedRunbook(chosen, name)


def write_index(runbooks: Sequence[NamedRunbook], ending: str) -> str:
    """Return the index in Markdown; the files have the *ending* ``md`` or ``html``."""
    lines = [
        "# Restore runbooks",
        "",
        "| file system | runbook | newest recovery point | |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_row(named, ending) for named in runbooks), ""])


def _row(named: NamedRunbook, ending: str) -> str:
    file_system = named.chosen.file_system
    points = usable_points(file_system, named.chosen.estate)
    newest = f"{show_time(points[0].created)} in {code(points[0].vault)}" if points else ""
    remark = "" if file_system.lost is None else prose(file_system.lost.why)
    link = f"[{named.stem}.{ending}]({named.stem}.{ending})"
    called = f"{code(file_system.name)} " if file_system.name else ""
    return f"| {called}{code(file_system.address)} | {link} | {newest} | {remark} |"
