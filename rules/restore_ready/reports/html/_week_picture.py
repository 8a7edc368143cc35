"""A week as a picture: on which days backups run, and on which they must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.readiness._time_line import TimeLine, TimeRow
from restore_ready.reports._safe_text import clean
from restore_ready.reports._time_lines import is_often, title_of, windows_of
from restore_ready.reports.html._day_picture import TONES
from restore_ready.reports.html._shapes import Box, Picture, Shape, Words, boxes, hatched, pale, strokes
from restore_ready.reports.html._text_width import fitted
from restore_ready.timing._time_zones import DAY, Span

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 1000, 226, 12, 24, 26
_CHART: Final = _WIDTH - _LEFT - _RIGHT
_MINUTE: Final = _CHART / (len(_DAYS) * DAY)
_SHORT: Final = 20
"""Minutes for which a start is drawn where there are many a day."""


def week_picture(line: TimeLine, rows: Sequence[TimeRow], ident: str) -> Picture:
    """Return the picture of *rows*, all of whose times are known."""
    bottom = _TOP + _ROW * len(rows) + 2
    shapes: list[Shape] = []
    for band in line.bands:
        if not band.allowed:
            shapes += hatched(_pieces(band.spans), 20, bottom - 20)
    shapes += strokes([(_x(day * DAY), 8, _x(day * DAY), bottom) for day in range(len(_DAYS) + 1)], width=1.2)
    shapes += [Words(_x((day + 0.5) * DAY), 15, name, 11, "muted", anchor="middle") for day, name in enumerate(_DAYS)]
    for number, row in enumerate(rows):
        shapes += _row(row, _TOP + number * _ROW)
    title = f"A week by the clock of {line.clock.time_zone}"
    return Picture("timeline week", _WIDTH, bottom + 2, tuple(shapes), title, hatch=f"{ident}-h")


def _x(minute: float) -> float:
    return _LEFT + minute * _MINUTE


def _pieces(spans: Iterable[Span]) -> list[Box]:
    cut = ((max(start, 0), min(end, len(_DAYS) * DAY)) for start, end in spans)
    return [(_x(start), (end - start) * _MINUTE) for start, end in cut if start < end]


def _row(row: TimeRow, y: float) -> Iterator[Shape]:
    (start, completion), tone = windows_of(row), TONES[row.state]
    yield Words(_LEFT - 10, y + 14, fitted(clean(title_of(row)), 34), 11, anchor="end")
    daily = len(row.week) >= len(_DAYS) and row.days == "daily"
    whole = (start + completion >= DAY and daily) or is_often(row)
    after = [(at + start, at + start + completion) for at in row.week]
    yield from pale([(_LEFT, _CHART)] if whole else _pieces(after), y + 8, 4, tone)
    yield from boxes(_pieces((at, at + (_SHORT if is_often(row) else start)) for at in row.week), y + 4, 11, tone)
    if not row.week:
        on = "" if row.runs_next is None else f", next on {row.runs_next.isoformat()}"
        yield Words(_LEFT + 4, y + 14, f"{row.days}{on}", 11, "muted", halo=True)
