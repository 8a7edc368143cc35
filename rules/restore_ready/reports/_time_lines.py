"""How is it said when backups run? Pages, Markdown and terminals word and order it alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready._words import show_minutes
from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import Band, TimeLine, TimeRow
from restore_ready.reports._safe_text import plural
from restore_ready.timing._time_zones import DAY, Span
from restore_ready.timing._windows import TO, show_clock

MOST_STARTS: Final = 4
"""Runs a day up to which each is told and drawn by itself."""

_BEGINNINGS: Final = (6, 0, 9, 3, 12, 18, 15, 21)
"""Hours at which the day may begin in a picture, the best first."""

_START_WEIGHT, _BLACKOUT_WEIGHT, _ALLOWED_WEIGHT = 3, 2, 1
_STATES: Final = (State.NO, State.YES, State.NONE, State.UNKNOWN)


def in_order(rows: Iterable[TimeRow]) -> list[TimeRow]:
    """Return rows as they are shown: what is at fault first, what is not known last."""
    return sorted(rows, key=lambda row: (not row.drawable, _STATES.index(row.state), not row.automatic, row.plan))


def title_of(row: TimeRow) -> str:
    """Return the names of the plan and, where it says more, of the rule."""
    return f"{row.plan} · {row.rule}" if row.rule and row.rule != row.plan else row.plan


def is_often(row: TimeRow) -> bool:
    """Return whether a rule runs too often for each run to be told."""
    return len(row.starts) > MOST_STARTS


def windows_of(row: TimeRow) -> tuple[int, int]:
    """Return start window and completion window in minutes; 0 where they are not known."""
    return row.start_window or 0, row.completion_window or 0


def said_short(row: TimeRow) -> str:
    """Return when a rule runs, as it stands on a picture: ``start 14:00-22:00, run until 22:00 7 days later``."""
    start, completion = windows_of(row)
    if is_often(row):
        each = f"each {show_minutes(start)} to start and {show_minutes(completion)} to complete"
        said = f"{len(row.starts)} times a day, {each}"
    else:
        said = f"start {_starts(row, ', ')}, run until {_until(row)}"
    return said if row.days == "daily" else f"{row.days}: {said}"


def said_long(row: TimeRow) -> str:
    """Return when a rule runs, as a sentence of a table."""
    if not row.drawable:
        return f"not known: {row.why}"
    if not row.starts:
        return "never runs within a year"
    when = f"{len(row.starts)} times a day" if is_often(row) else _starts(row, " and ")
    return f"{row.days}: may start {when}, may run until {_until(row)}"


def _starts(row: TimeRow, between: str) -> str:
    start = windows_of(row)[0]
    return between.join(f"{show_clock(at)}{TO}{show_clock(at + start)}" for at in row.starts)


def _until(row: TimeRow) -> str:
    end = (row.starts[0] if row.starts else 0) + sum(windows_of(row))
    return show_clock(end) + (f" {end // DAY} days later" if end >= 2 * DAY else "")


def judged(row: TimeRow) -> str:
    """Return what the rules about windows say of it, with its mark."""
    if row.faults:
        return f"✗ {'; '.join(row.faults)}"
    if row.state is State.YES:
        return "✓ as required"
    return f"? {row.why}" if row.state is State.UNKNOWN else "\N{EN DASH} not asked"


def axis_start(bands: Iterable[Band], rows: Iterable[TimeRow]) -> int:
    """Return the minute at which the day begins in a picture, so that little is cut in two: start windows above all."""
    spans = [(span, _START_WEIGHT) for row in rows if not is_often(row) for span in _start_spans(row)]
    for band in bands:
        weight = _ALLOWED_WEIGHT if band.allowed else _BLACKOUT_WEIGHT
        spans += [(span, weight) for span in of_day(band.spans)]
    return 60 * min(_BEGINNINGS, key=lambda hour: sum(weight for span, weight in set(spans) if _cuts(hour * 60, span)))


def _start_spans(row: TimeRow) -> Iterator[Span]:
    return ((at, at + windows_of(row)[0]) for at in row.starts)


def _cuts(minute: int, span: Span) -> bool:
    return any(span[0] < minute + shift < span[1] for shift in (0, DAY))


def of_day(spans: Iterable[Span]) -> list[Span]:
    """Return spans of a week as spans that begin within one day, each once."""
    return sorted({(start % DAY, start % DAY + end - start) for start, end in spans})


def needs_week(line: TimeLine) -> bool:
    """Return whether days of the week differ, so that one day does not tell all."""
    bands = any(not band.daily for band in line.bands if not band.allowed)
    return bands or any(row.drawable and row.days != "daily" for row in line.rows)


def about_clocks(line: TimeLine) -> str:
    """Return what is to be known of the zone's clock, in a sentence or two."""
    zone = line.clock.time_zone
    if not line.changes:
        return f"{zone} has no daylight saving time: the picture holds all year."
    when = ", ".join(
        f"{change.on.isoformat()} ({'+' if change.minutes > 0 else '-'}{show_minutes(abs(change.minutes))})"
        for change in line.changes
    )
    moved = any(row.other for row in line.rows)
    rest = (
        "Rules written in another zone move: their times in the other half of the year are dashed."
        if moved
        else "No rule here moves by that."
    )
    return f"{zone} changes its clocks on {when}. {rest}"


def counted(line: TimeLine, drawn: int) -> str:
    """Return how many rules there are, and how many of them are at fault, not known or not drawn."""
    known = sum(row.drawable for row in line.rows)
    bad = sum(row.state is State.NO for row in line.rows)
    unknown = f"; {len(line.rows) - known} not known" if known < len(line.rows) else ""
    more = f". The first {drawn} are drawn" if drawn < known else ""
    rules = plural(len(line.rows), "rule")
    return f"24 hours by the clock of {line.clock.time_zone}: {rules}, {bad} against the requirements{unknown}{more}."
