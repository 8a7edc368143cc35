"""Times: https://developer.hashicorp.com/terraform/language/functions#date-and-time-functions."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Final

from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import EvalError, LimitError, Value

_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DURATION: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS: Final = {
    "ns": 1,
    "us": 1000,
    "µs": 1000,
    "μs": 1000,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PIECE: Final = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'")
_MONTHS: Final = tuple(calendar.month_name)[1:]
_DAYS: Final = tuple(calendar.day_name)
_LONGEST_DURATION: Final = 1 << 63


def _time(written: str) -> datetime:
    found = _TIME.fullmatch(written)
    if found is None:
        raise EvalError(why="it is not a time like 2006-01-02T15:04:05Z")
    try:
        zone = found[8]
        offset = timedelta() if zone == "Z" else timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        year, month, day, hour, minute, second = (int(found[number]) for number in range(1, 7))
        zoned = timezone(-offset if zone.startswith("-") else offset)
        micros = int((found[7] or ".0")[1:7].ljust(6, "0"))
        return datetime(year, month, day, hour, minute, second, micros, tzinfo=zoned)
    except (ValueError, OverflowError):
        raise EvalError(why="it is not a time like 2006-01-02T15:04:05Z") from None


def _duration(written: str) -> timedelta:
    body = written[1:] if written[:1] in ("+", "-") else written
    pieces = _DURATION.findall(body)
    if body != "0" and (not body or "".join(figure + unit for figure, unit in pieces) != body):
        raise EvalError(why="it is not a duration like 1h30m")
    total = sum(int(Fraction(figure.rstrip(".")) * _NANOSECONDS[unit]) for figure, unit in pieces)
    if total >= _LONGEST_DURATION:
        raise EvalError(why="the duration is too long")
    return timedelta(microseconds=(-total if written.startswith("-") else total) // 1000)


@function("timeadd", "ss")
def _timeadd(written: str, duration: str) -> Value:
    try:
        moved = _time(written) + _duration(duration)
    except OverflowError:
        raise LimitError(why="the time is out of range") from None
    return moved.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + _zone(moved, ":", "Z")


@function("timecmp", "ss")
def _timecmp(one: str, other: str) -> Value:
    first, second = _time(one), _time(other)
    return (first > second) - (first < second)


def _zone(when: datetime, colon: str, zero: str) -> str:
    seconds = int((when.utcoffset() or timedelta()).total_seconds())
    if seconds == 0 and zero:
        return zero
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02}{colon}{abs(seconds) // 60 % 60:02}"


@function("formatdate", "ss")
def _formatdate(pattern: str, written: str) -> Value:
    when = _time(written)
    return "".join(_part(piece[0], when) for piece in _PIECE.finditer(pattern))


def _part(piece: str, when: datetime) -> str:
    if piece.startswith("'"):
        if len(piece) == 1:
            raise EvalError(why="a quote is not closed")
        return piece[1:-1].replace("''", "'")
    if not piece[0].isalpha():
        return piece
    found = {**_date(when), **_clock(when)}.get(piece)
    if found is None:
        raise EvalError(why=f'it does not know "{piece}"')
    return found


def _date(when: datetime) -> dict[str, str]:
    month, day = _MONTHS[when.month - 1], _DAYS[when.weekday()]
    return {
        "YYYY": f"{when.year:04}",
        "YY": f"{when.year % 100:02}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{when.month:02}",
        "M": str(when.month),
        "DD": f"{when.day:02}",
        "D": str(when.day),
        "EEEE": day,
        "EEE": day[:3],
    }


def _clock(when: datetime) -> dict[str, str]:
    hour, half = when.hour % 12 or 12, "AM" if when.hour < 12 else "PM"  # noqa: PLR2004  # noon
    return {
        "hh": f"{when.hour:02}",
        "h": str(when.hour),
        "HH": f"{hour:02}",
        "H": str(hour),
        "AA": half,
        "aa": half.lower(),
        "mm": f"{when.minute:02}",
        "m": str(when.minute),
        "ss": f"{when.second:02}",
        "s": str(when.second),
        "ZZZZZ": _zone(when, ":", ""),
        "ZZZZ": _zone(when, "", ""),
        "ZZZ": _zone(when, "", "UTC"),
        "Z": _zone(when, ":", "Z"),
    }
