"""When backups run, and how files get back, as Mermaid diagrams, which GitHub and GitLab draw in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready._words import show_minutes
from restore_ready.readiness._restore_path import Link, RestorePath, Station
from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import Band, TimeLine, TimeRow
from restore_ready.reports._file_systems import MARKS
from restore_ready.reports._safe_text import clean, cut
from restore_ready.reports._time_lines import axis_start, in_order, is_often, of_day, title_of, windows_of
from restore_ready.timing._time_zones import DAY, Span
from restore_ready.timing._windows import show_clock

MOST_ROWS: Final = 8
_NAME, _LABEL = 30, 44
"""Characters of a station's name and of what stands on a link."""

_HALVES: Final = ((0, 4), (4, 8))
"""The stations of each flowchart: nine in a row are too small to read."""

_ARROWS: Final = {State.YES: "-->", State.NO: "-.-", State.UNKNOWN: "-.->", State.NONE: "-.-", State.ADVICE: "-->"}
_COLOURS: Final = {State.YES: "#1a7f5a", State.NO: "#cf3a31", State.UNKNOWN: "#76819c", State.NONE: "#9aa3ad"}
_IN_QUOTES: Final = str.maketrans(
    {"#": "#35;", ";": "#59;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}
)
_IN_GANTT: Final = str.maketrans({":": "\N{RATIO}", "#": " ", ";": ",", "%": " ", "`": "'", "<": "(", ">": ")"})
"""Characters that end a task's name or begin something else in a Gantt chart."""


def gantt(line: TimeLine) -> list[str]:
    """Return the lines of a Gantt chart of one day; none where no rule can be drawn."""
    every = (row for row in in_order(line.rows) if row.drawable and row.starts and not is_often(row))
    rows = list(every)[:MOST_ROWS]
    if not rows:
        return []
    day = _Day(axis_start(line.bands, rows))
    return [
        "gantt",
        f"  title 24 hours, {_task(line.clock.time_zone)}",
        "  dateFormat YYYY-MM-DD HH:mm",
        "  axisFormat %H:%M",
        "  tickInterval 3hour",
        *day.bands(line.bands),
        *(task for row in rows for task in day.row(row)),
    ]


class _Day:
    """A day of a chart, which begins where little is cut in two."""

    def __init__(self, begin: int) -> None:
        self._begin = begin

    def bands(self, bands: Iterable[Band]) -> Iterator[str]:
        """Yield the hours of the requirements."""
        for number, band in enumerate(bands):
            if not number:
                yield "  section Requirements"
            yield from self._tasks(of_day(band.spans), band.name, "" if band.allowed else "done, ")

    def row(self, row: TimeRow) -> Iterator[str]:
        """Yield when a rule may start and run."""
        start, completion = windows_of(row)
        yield f"  section {_task(title_of(row))}"
        tag = "crit, " if row.state is State.NO else "active, "
        run = min(completion, DAY - start)
        told = f"may run ({show_minutes(completion)})" if completion > run else "may run"
        for at in row.starts:
            yield from self._tasks([(at, at + start)], "may start", tag)
            if run > 0:
                yield from self._tasks([(at + start, at + start + run)], told, "")

    def _tasks(self, spans: Iterable[Span], name: str, tag: str) -> Iterator[str]:
        for start, end in spans:
            for shift in (-DAY, 0, DAY):
                first, last = max(start + shift, self._begin), min(end + shift, self._begin + DAY)
                if first < last:
                    yield f"  {_task(name)} :{tag}{_moment(first)}, {_moment(last)}"


def _moment(minutes: int) -> str:
    return f"2001-01-0{1 + minutes // DAY} {show_clock(minutes)}"


def _task(name: str) -> str:
    return cut(clean(name).translate(_IN_GANTT).strip(), 60) or "-"


def flowcharts(path: RestorePath) -> list[list[str]]:
    """Return the way of a file system as two short flowcharts: is it there, and can it come back?"""
    return [_flowchart(path.stations, path.links, first, last) for first, last in _HALVES]


def _flowchart(stations: Sequence[Station], links: Sequence[Link], first: int, last: int) -> list[str]:
    nodes = [
        f'  n{at}["{_quoted(stations[at].kind, _NAME)}<br>{_quoted(stations[at].name, _NAME)}"]'
        for at in range(first, last + 1)
    ]
    arrows = [f"  n{at} {_ARROWS[links[at].state]}{_label(links[at])} n{at + 1}" for at in range(first, last)]
    styles = [f"  linkStyle {at - first} {_style(links[at].state)}" for at in range(first, last)]
    return ["flowchart LR", *nodes, *arrows, *styles]


def _label(link: Link) -> str:
    if link.state is State.NONE:
        return ""
    words = link.statement or link.why if link.state is State.NO else link.label
    return f'|"{MARKS[link.state]} {_quoted(words, _LABEL)}"|'


def _style(state: State) -> str:
    return f"stroke:{_COLOURS[state]},stroke-width:{3 if state is State.NO else 2}px"


def _quoted(text: str, most: int) -> str:
    return cut(clean(text), most).translate(_IN_QUOTES)
