"""What is drawn of one file system: when its backups run, and its way to the restored files?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.readiness._file_systems import SourceReadiness
from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import TimeLine
from restore_ready.reports._file_systems import MARKS, FileSystemRow, rows
from restore_ready.reports._mermaid import flowcharts, gantt
from restore_ready.reports._ways import said
from restore_ready.runbook._find_file_system import Chosen


class Pictures(Struct, frozen=True):
    """What the pictures of one file system show.

    Attributes:
        lines: the clocks by which its backups run, without the rules of others.
        row: how it stands; ``None`` for one that recovery points alone tell of.
    """

    lines: tuple[TimeLine, ...] = ()
    row: FileSystemRow | None = None

    @property
    def charts(self) -> list[str]:
        """When backups run, as Mermaid draws it, a chart for each clock."""
        return ["\n".join(chart) for chart in map(gantt, self.lines) if chart]

    @property
    def way(self) -> list[str]:
        """The way to the restored files, as Mermaid draws it, in two parts."""
        path = None if self.row is None else self.row.readiness.path
        return [] if path is None else ["\n".join(chart) for chart in flowcharts(path)]

    @property
    def notes(self) -> list[str]:
        """What is in the way, and what is not known of it."""
        path = None if self.row is None else self.row.readiness.path
        links = () if path is None else path.links
        told = (link for link in links if link.why and link.state in (State.NO, State.UNKNOWN))
        return [f"{MARKS[link.state]} {said(link)}" for link in told]


def pictures_of(chosen: Chosen, source: SourceReadiness) -> Pictures:
    """Return what is drawn of a file system, by how its *source* stands."""
    own = [found for found in source.file_systems if found.address == chosen.file_system.address]
    if not own:
        return Pictures()
    name = own[0].name or own[0].address
    return Pictures(tuple(_of_one(source.time_lines, name)), rows(own[:1])[0])


def _of_one(lines: Iterable[TimeLine], name: str) -> Iterator[TimeLine]:
    """Yield the clocks with the rules that back up what is called *name*."""
    for line in lines:
        found = tuple(replace(row, file_systems=(name,)) for row in line.rows if name in row.file_systems)
        if found:
            yield replace(line, rows=found)


def as_sections(pictures: Pictures) -> dict[str, Any]:
    """Return what the sections of HTML reports about times and ways ask for."""
    from restore_ready.reports.html._file_system_table import STATE_WORDS  # noqa: PLC0415  # only pages need all this
    from restore_ready.reports.html._times import shown_lines  # noqa: PLC0415
    from restore_ready.reports.html._ways import cards, shared  # noqa: PLC0415

    lines, more_lines = shown_lines(pictures.lines)
    shown, others = cards(shared([] if pictures.row is None else [pictures.row]))
    sections = {"lines": lines, "more_lines": more_lines, "cards": shown, "other_ways": others}
    return {**sections, "marks": MARKS, "state_words": STATE_WORDS}
