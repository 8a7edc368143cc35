"""Times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language._values import EvalError, Value

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _time(written):
    found = _TIME.fullmatch(written)
    try:
        if found is None:
            raise ValueError
        zone = found[7]
        sign = -1 if zone.startswith("-") else 1
        offset = timedelta(0) if zone == "Z" else sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        return datetime(*map(int, found.groups()[:6]), tzinfo=timezone(offset))
    except (ValueError, OverflowError):
        raise EvalError("it is not a time like 2006-01-02T15:04:05Z") from None


@function("timeadd", "ss")
def _timeadd(written: str, duration: str) -> Value:
    sign = -1 if duration.startswith("-") else 1
    body = duration.lstrip("+-")
    pieces = re.findall(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)", body)
    if body != "0" and ("".join(a + b for a, b in pieces) != body or not body):
        raise EvalError("it is not a duration like 1h30m")
    try:
        moved = _time(written) + timedelta(seconds=sign * sum(float(a) * _UNITS[b] for a, b in pieces))
    except OverflowError:
        raise EvalError("the time is out of range") from None
    return moved.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + _zone(moved, ":", "Z")


@function("timecmp", "ss")
def _timecmp(one: str, other: str) -> Value:
    a, b = _time(one), _time(other)
    return (a > b) - (a < b)


def _zone(when, colon, zero):
    seconds = int(when.utcoffset().total_seconds())
    if seconds == 0 and zero:
        return zero
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02}{colon}{abs(seconds) // 60 % 60:02}"


@function("formatdate", "ss")
def _formatdate(pattern: str, written: str) -> Value:
    when = _time(written)
    return "".join(
        _part(one, when)
        for one in re.findall(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'", pattern) and _pieces(pattern)
    )


def _pieces(pattern):
    return [one[0] for one in re.finditer(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'", pattern)]


def _part(piece, when):
    if piece.startswith("'"):
        if len(piece) < 2:  # noqa: PLR2004
            raise EvalError("a quote is not closed")
        return piece[1:-1].replace("''", "'")
    if not piece[0].isalpha():
        return piece
    hour = when.hour % 12 or 12
    parts = {
        "YYYY": f"{when.year:04}", "YY": f"{when.year % 100:02}", "MMMM": _MONTHS[when.month - 1], "MMM": _MONTHS[when.month - 1][:3],
        "MM": f"{when.month:02}", "M": str(when.month), "DD": f"{when.day:02}", "D": str(when.day), "EEEE": _DAYS[when.weekday()],
        "EEE": _DAYS[when.weekday()][:3], "hh": f"{when.hour:02}", "h": str(when.hour), "HH": f"{hour:02}", "H": str(hour),
        "AA": "AM" if when.hour < 12 else "PM", "aa": "am" if when.hour < 12 else "pm", "mm": f"{when.minute:02}", "m": str(when.minute),
        "ss": f"{when.second:02}", "s": str(when.second), "ZZZZZ": _zone(when, ":", ""), "ZZZZ": _zone(when, "", ""),
        "ZZZ": _zone(when, "", "UTC"), "Z": _zone(when, ":", "Z"),
    }  # fmt: skip
    if piece not in parts:
        raise EvalError(f'it does not know "{piece}"')
    return parts[piece]
