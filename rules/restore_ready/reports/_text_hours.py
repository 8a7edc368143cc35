"""Twenty-four hours as lines of a terminal: when backups may start and run, and when they must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import Band, TimeLine, TimeRow
from restore_ready.reports._file_systems import MARKS
from restore_ready.reports._safe_text import clean, columns_of, fit
from restore_ready.reports._text_style import Style
from restore_ready.reports._time_lines import axis_start, in_order, of_day, title_of, windows_of
from restore_ready.timing._time_zones import DAY, Span

_MOST_ROWS: Final = 8
_HALF_HOURS: Final = 48
_LEGEND: Final = "# may start   . may still run   / closed   - allowed"


def hour_strips(lines: Iterable[TimeLine], style: Style) -> Iterator[str]:
    """Yield a day for each clock by which a plan rule runs that is at fault; nothing where none is."""
    drawn = False
    for line in lines:
        rows = [row for row in in_order(line.rows) if row.drawable and row.state is State.NO]
        if rows:
            drawn = True
            yield from _strip(line, rows[:_MOST_ROWS], style)
    if drawn:
        yield style.dim(f"  {_LEGEND}")
        yield ""


def _strip(line: TimeLine, rows: list[TimeRow], style: Style) -> Iterator[str]:
    begin = axis_start(line.bands, rows)
    cells = _HALF_HOURS if style.width >= _HALF_HOURS + 28 else _HALF_HOURS // 2
    names = style.width - cells - 4
    step = DAY // cells
    hours = "".join(f"{(begin // 60 + hour) % 24:02}".ljust(cells // 8) for hour in range(0, 24, 3))
    yield style.heading(f"When backups may run, {line.clock.time_zone}")
    yield f"  {'':{names}}  {style.dim(hours.rstrip())}"
    for band in line.bands:
        yield f"  {_padded(band.name, names)}  {_band(band, begin, cells, step)}".rstrip()
    for row in rows:
        strip = f"{_padded(f'{MARKS[row.state]} {title_of(row)}', names)}  {_row(row, begin, cells, step)}"
        yield f"  {strip}".rstrip()


def _padded(name: str, columns: int) -> str:
    shown = fit(clean(name), columns)
    return shown + " " * max(columns - columns_of(shown), 0)


def _band(band: Band, begin: int, cells: int, step: int) -> str:
    mark = "-" if band.allowed else "/"
    spans = of_day(band.spans)
    return "".join(mark if _meets(spans, begin + cell * step, step) else " " for cell in range(cells))


def _row(row: TimeRow, begin: int, cells: int, step: int) -> str:
    start, completion = windows_of(row)
    starts = [(at, at + max(start, step)) for at in row.starts]
    runs = [(at, at + start + completion) for at in row.starts]
    marks = ((_meets(starts, begin + cell * step, step), cell) for cell in range(cells))
    return "".join("#" if on else "." if _meets(runs, begin + cell * step, step) else " " for on, cell in marks)


def _meets(spans: Iterable[Span], minute: int, step: int) -> bool:
    """Return whether the middle of a cell is in one of *spans*, which come back every day."""
    middle = minute % DAY + step // 2
    return any(start <= middle + days * DAY < end for start, end in spans for days in range(_most_days(end)))


def _most_days(end: int) -> int:
    return end // DAY + 2
