"""Twenty-four hours as a picture: when backups may start and run, and when they must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import Band, TimeLine, TimeRow
from restore_ready.reports._safe_text import clean, plural
from restore_ready.reports._time_lines import axis_start, is_often, of_day, said_short, title_of, windows_of
from restore_ready.reports.html._shapes import (
    Box,
    Picture,
    Shape,
    Words,
    boxes,
    frames,
    hatched,
    pale,
    strokes,
)
from restore_ready.reports.html._text_width import fitted, width_of, wrapped
from restore_ready.timing._time_zones import DAY, Span
from restore_ready.timing._windows import show_clock

TONES: Final = {State.NO: "bad", State.YES: "ok", State.UNKNOWN: "unk", State.NONE: "muted", State.ADVICE: "ok"}
_LANE: Final = 18
_TOP: Final = 8
_BAR: Final = 13
_CHARACTER: Final = 6.1
_NARROW_CHARACTER: Final = 5.9


class _Axis(Struct, frozen=True):
    """Where a minute of the day is drawn."""

    left: float
    width: float
    begin: int

    @property
    def right(self) -> float:
        return self.left + self.width

    def at(self, minute: float) -> float:
        return self.left + (minute - self.begin) * self.width / DAY

    def pieces(self, spans: Iterable[Span]) -> list[Box]:
        """Return spans that come back every day, cut at the edges of the axis."""
        cut = (
            (max(start + shift, self.begin), min(end + shift, self.begin + DAY))
            for start, end in spans
            for shift in (-DAY, 0, DAY)
        )
        return [(self.at(start), (end - start) * self.width / DAY) for start, end in cut if start < end]


class DayPicture:
    """Draws one day, for wide pages or for narrow ones."""

    def __init__(self, line: TimeLine, rows: Sequence[TimeRow], *, narrow: bool) -> None:
        """Lay out *rows* of *line*; all their times are known."""
        self._line, self._rows, self._narrow = line, rows, narrow
        self._page = 360 if narrow else 1000
        left, right = (6, 6) if narrow else (226, 12)
        self._axis = _Axis(left, self._page - left - right, axis_start(line.bands, rows))
        self._units = self._axis.width / (_NARROW_CHARACTER if narrow else _CHARACTER)
        self._axis_y = _TOP + _LANE * len(line.bands) + 16
        self._faults = [self._told(row) for row in rows]

    def _told(self, row: TimeRow) -> list[str]:
        return wrapped(f"✗ {'; '.join(map(clean, row.faults))}", self._units, 3) if row.faults else []

    def draw(self, ident: str, described_by: str) -> Picture:
        """Return the picture; its ids begin with *ident*."""
        tops = [float(self._axis_y + 10)]
        for row, faults in zip(self._rows, self._faults, strict=True):
            jobs = 12 if row.jobs else 0
            tops.append(tops[-1] + (30 if self._narrow else 0) + 34 + jobs + 14 * len(faults) + 8)
        bottom = tops[-1]
        shapes = [*self._bands(bottom), *self._hours(bottom)]
        for row, faults, top in zip(self._rows, self._faults, tops, strict=False):
            shapes += self._row(row, faults, top, is_first=top == tops[0])
        shapes += strokes([(self._axis.left, self._axis_y - 2, self._axis.right, self._axis_y - 2)], width=1.2)
        zone, count = self._line.clock.time_zone, plural(len(self._rows), "rule")
        title = f"When backups may run, by the clock of {zone}: 24 hours from {show_clock(self._axis.begin)}, {count}"
        kind = f"timeline {'narrow' if self._narrow else 'wide'}"
        return Picture(kind, self._page, bottom + 4, tuple(shapes), title, described_by, f"{ident}-h")

    def _bands(self, bottom: float) -> Iterator[Shape]:
        for number, band in enumerate(self._line.bands):
            y = _TOP + number * _LANE
            found = self._axis.pieces(of_day(band.spans))
            if band.allowed:
                yield from pale(found, y + 3, _LANE - 7, "ok")
                edges = [(edge, y + 3, edge, bottom) for x, width in found for edge in (x, x + width)]
                yield from strokes(edges, "ok", dash="2 3")
            else:
                yield from hatched(found, y + 3, bottom - y - 3)
            yield self._band_name(band, found, y + 14)

    def _band_name(self, band: Band, found: Sequence[Box], y: float) -> Words:
        name = clean(band.name)
        if not self._narrow:
            tone = "ok" if band.allowed else "muted"
            return Words(self._axis.left - 10, y, fitted(name, 34), 11, tone, anchor="end")
        x = min((x for x, _ in found), default=self._axis.left)
        at_end = x > self._page / 2
        where = self._page - 8 if at_end else x + 3
        return Words(where, y, fitted(name, 44), 10.5, "muted", anchor="end" if at_end else "", halo=True)

    def _hours(self, bottom: float) -> Iterator[Shape]:
        begin, y = self._axis.begin, self._axis_y
        every = range(0, 25, 3)
        lines = [(self._axis.at(begin + hour * 60), y - 2, self._axis.at(begin + hour * 60), bottom) for hour in every]
        yield from strokes(lines)
        for hour in range(0, 25, 6 if self._narrow else 3):
            anchor = "" if hour == 0 else "end" if hour == every[-1] else "middle"
            at = begin + hour * 60
            yield Words(self._axis.at(at), y - 6, show_clock(at), 11, "muted", anchor=anchor, halo=True)

    def _row(self, row: TimeRow, faults: Sequence[str], top: float, *, is_first: bool) -> Iterator[Shape]:
        if not is_first:
            yield from strokes([(0, top - 3, self._page, top - 3)], width=0.7)
        yield from self._names(row, top)
        base = top + (30 if self._narrow else 0)
        yield from self._times(row, base + 17)
        under = base + 30
        if row.jobs:
            yield from self._jobs(row, under)
            under += 12
        for number, said in enumerate(faults):
            yield Words(self._axis.left + 2, under + 13 + 14 * number, said, 11, "bad", halo=True)

    def _names(self, row: TimeRow, top: float) -> Iterator[Shape]:
        name, files = clean(title_of(row)), files_of(row)
        if self._narrow:
            yield Words(2, top + 12, fitted(name, 46), 12.5, bold=True, halo=True)
            yield Words(2, top + 26, fitted(files, 58), 10.5, "muted", halo=True)
            return
        yield Words(4, top + 14, fitted(name, 31), 12.5, bold=True)
        for number, said in enumerate(wrapped(files, 37, 2)):
            yield Words(4, top + 29 + 13 * number, said, 10.5, "muted")

    def _times(self, row: TimeRow, bar: float) -> Iterator[Shape]:
        (start, completion), tone, axis = windows_of(row), TONES[row.state], self._axis
        yield from frames(axis.pieces((at, at + start) for at in row.other), bar - 1, 15, tone, "3 2")
        whole = start + completion >= DAY or is_often(row)
        after = [(at + start, at + start + completion) for at in row.starts]
        yield from pale([(axis.left, axis.width)] if whole else axis.pieces(after), bar + 4, 5, tone)
        begins = axis.pieces((at, at + start) for at in row.starts)
        if is_often(row):
            most = axis.width / len(row.starts) * 0.55
            begins = [(x, min(width, most)) for x, width in begins]
        yield from boxes(begins, bar, _BAR, tone)
        said = clean(said_short(row))
        wanted = axis.left + 2 if is_often(row) or not begins else max(begins, key=lambda box: box[1])[0]
        x = max(min(wanted, axis.right - width_of(said) * 6), axis.left + 1)
        yield Words(x, bar - 4, said, 11, halo=True)
        yield from frames(axis.pieces(of_day(row.work)), bar - 2, 17, "text")

    def _jobs(self, row: TimeRow, y: float) -> Iterator[Shape]:
        start = windows_of(row)[0]

        def in_time(minute: int) -> bool:
            return any(at <= minute + shift <= at + start for at in row.starts for shift in (0, DAY))

        for good in (True, False):
            found = (job for job in row.jobs if (job.completed and in_time(job.minute)) is good)
            ticks = [box[0] for job in found for box in self._axis.pieces([(job.minute, job.minute + 1)])]
            yield from strokes([(x, y + 3, x, y + 10) for x in ticks], "text" if good else "bad", 1.3)


def files_of(row: TimeRow) -> str:
    """Return which file systems a rule backs up."""
    names = list(map(clean, row.file_systems))
    if not names:
        return "covers nothing in sight"
    said = ", ".join(names[:6])
    return f"{len(names)} file systems: {said}" if len(names) > 3 else said  # noqa: PLR2004  # three are counted at sight
