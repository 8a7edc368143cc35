"""What does the section about times show of each clock: pictures, what is to be known of the clock, and a table?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import TimeLine, TimeRow
from restore_ready.reports._time_lines import (
    about_clocks,
    counted,
    in_order,
    judged,
    needs_week,
    said_long,
    title_of,
)
from restore_ready.reports.html._day_picture import DayPicture, files_of
from restore_ready.reports.html._shapes import Picture
from restore_ready.reports.html._week_picture import week_picture

MOST_DRAWN: Final = 12
_MOST_LISTED: Final = 80
_MOST_CLOCKS: Final = 12


class TimeCells(Struct, frozen=True):
    """A row of the table: names, what is written, when that is, what is said of it, and what it backs up."""

    title: str
    written: str
    when: str
    judged: str
    state: State
    files: str


class ShownLine(Struct, frozen=True):
    """One clock: its pictures, the week's only where days differ, and its table.

    Attributes:
        legend: which signs the pictures use.
        more: how many rules the table leaves out.
    """

    zone: str
    ident: str
    caption: str
    wide: Picture | None
    narrow: Picture | None
    week: Picture | None
    legend: tuple[str, ...]
    clocks: str
    rows: tuple[TimeCells, ...]
    more: int


def shown_lines(lines: Iterable[TimeLine]) -> tuple[list[ShownLine], int]:
    """Return the clocks that most rules run by, and how many more there are."""
    found = sorted((line for line in lines if line.rows), key=lambda line: len(line.rows), reverse=True)
    shown = [_shown(line, f"times{number}") for number, line in enumerate(found[:_MOST_CLOCKS])]
    return shown, len(found) - len(shown)


def _shown(line: TimeLine, ident: str) -> ShownLine:
    rows = in_order(line.rows)
    drawn = [row for row in rows if row.drawable][:MOST_DRAWN]
    table = f"{ident}-table"
    with_week = drawn and needs_week(line)
    return ShownLine(
        line.clock.time_zone,
        ident,
        counted(line, len(drawn)),
        DayPicture(line, drawn, narrow=False).draw(f"{ident}w", table) if drawn else None,
        DayPicture(line, drawn, narrow=True).draw(f"{ident}n", table) if drawn else None,
        week_picture(line, drawn, f"{ident}k") if with_week else None,
        tuple(_legend(line, drawn)),
        line.why or about_clocks(line),
        tuple(_cells(row) for row in rows[:_MOST_LISTED]),
        max(len(rows) - _MOST_LISTED, 0),
    )


def _legend(line: TimeLine, drawn: Iterable[TimeRow]) -> Iterator[str]:
    rows = list(drawn)
    signs = {
        "closed": any(not band.allowed for band in line.bands),
        "allowed": any(band.allowed for band in line.bands),
        "other": any(row.other for row in rows),
        "job": any(row.jobs for row in rows),
        "work": any(row.work for row in rows),
    }
    return (sign for sign, is_there in signs.items() if is_there)


def _cells(row: TimeRow) -> TimeCells:
    written = f"{row.schedule or 'not known'} {row.time_zone}".strip()
    return TimeCells(title_of(row), written, said_long(row), judged(row), row.state, files_of(row))
