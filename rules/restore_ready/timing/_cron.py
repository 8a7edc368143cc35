"""AWS schedule expressions: ``cron(minutes hours day-of-month month day-of-week year)``, ``rate(…)`` and ``at(…)``.

Six fields; days of the week count from 1 for Sunday; one of the two day fields is ``?``; ``L``, ``W`` and ``#`` as in
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html. Where that page is silent, Quartz is
followed, whose dialect it is: ranges may run over the end (``FRI-MON``), ``LW`` and ``L-3`` count from the month's end.

The package aws-croniter 2.1.1 was weighed: it crashes on ``LW`` and ``5/0``, finds no day for a lone ``L`` in the
day of the week, refuses two spaces between fields, and knows no time zones (tests/timing/test_cron.py has the cases).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from msgspec import Struct

DEFAULT_SCHEDULE: Final = "cron(0 5 ? * * *)"
"""What AWS Backup takes, in UTC, where a plan rule has no schedule (API_BackupRule.html)."""

_LONGEST: Final = 256
_DAY: Final = 24 * 60
_HOUR: Final = 60
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_UNITS: Final = {"minute": 1, "hour": 60, "day": _DAY}

DayRule: TypeAlias = Callable[[int, int], Iterable[int]]
"""Gives the days of a month, from the year and the month."""


class Cron(Struct, frozen=True):
    """A cron expression.

    Attributes:
        times: minutes from midnight at which it runs, ascending.
        day_rules: together they give the days.
        months: 1 to 12.
        years: the years in which it runs.
    """

    times: tuple[int, ...]
    day_rules: tuple[DayRule, ...]
    months: frozenset[int]
    years: frozenset[int]

    def days(self, year: int, month: int) -> list[int]:
        """Return the days of a month on which it runs, ascending."""
        if year not in self.years or month not in self.months:
            return []
        return sorted({day for rule in self.day_rules for day in rule(year, month)})


class Rate(Struct, frozen=True):
    """Every so many minutes, from a moment that the expression does not tell."""

    minutes: int


class At(Struct, frozen=True):
    """Once, at a local time."""

    when: str


class Refused(Struct, frozen=True):
    """What is no schedule expression of AWS, and why."""

    why: str


class _BadFieldError(Exception):
    """A field that can't be read; the message says why."""


@lru_cache(maxsize=1024)
def parse_schedule(expression: str) -> Cron | Rate | At | Refused:
    """Return what a schedule expression says, or why AWS refuses it."""
    kind, opened, rest = expression.strip().partition("(")
    if not opened or not rest.endswith(")") or len(expression) > _LONGEST:
        return Refused(f"{_short(expression)} is not of the form cron(…)")
    body = rest[:-1]
    if kind == "cron":
        return _parse_cron(body)
    if kind == "rate":
        return _parse_rate(body)
    return At(body) if kind == "at" else Refused(f"{_short(expression)} is not of the form cron(…)")


def why_refused(expression: str) -> str:
    """Return why AWS Backup refuses a schedule expression; empty where it takes it."""
    match parse_schedule(expression):
        case Refused(why):
            return f"AWS refuses its schedule: {why}"
        case Rate() | At():
            return f"AWS Backup refuses its schedule {expression}: it takes cron(…) only"
        case _:
            return ""


def runs_within_an_hour(expression: str) -> bool:
    """Return whether a cron expression runs twice within an hour, more often than AWS Backup takes for a plan."""
    parsed = parse_schedule(expression)
    return isinstance(parsed, Cron) and any(later - earlier < _HOUR for earlier, later in pairwise(parsed.times))


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")  # noqa: PLR2004  # enough to recognise it by


def _parse_rate(body: str) -> Rate | Refused:
    value, _, unit = body.strip().partition(" ")
    minutes = _UNITS.get(unit.strip().removesuffix("s"))
    if not _is_number(value) or int(value) == 0 or minutes is None:
        return Refused(f"rate({body}) is not a number of minutes, hours or days")
    return Rate(int(value) * minutes)


def _parse_cron(body: str) -> Cron | Refused:
    fields = body.split()
    if len(fields) != 6:  # noqa: PLR2004  # AWS has six
        return Refused(f"cron({body}) has {len(fields)} fields; AWS has six: minutes hours day month weekday year")
    minute, hour, day, month, weekday, year = (field.upper() for field in fields)
    if (day == "?") == (weekday == "?"):
        return Refused(f"cron({body}) must have ? in one of day-of-month and day-of-week, and only there")
    try:
        minutes, hours = _numbers("minutes", minute, 0, 59), _numbers("hours", hour, 0, 23)
        rules = _weekday_rules(weekday) if day == "?" else _day_rules(day)
        months = _numbers("month", month, 1, 12, _MONTHS)
        years = _numbers("year", year, 1970, 2199)
    except _BadFieldError as error:
        return Refused(f"cron({body}): {error}")
    times = tuple(60 * in_hours + in_minutes for in_hours in sorted(hours) for in_minutes in sorted(minutes))
    return Cron(times, tuple(rules), frozenset(months), frozenset(years))


def _numbers(field: str, text: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    found: set[int] = set()
    for item in text.split(","):
        found.update(_item(field, item, low, high, names))
    return found


def _item(field: str, item: str, low: int, high: int, names: tuple[str, ...]) -> Iterable[int]:
    span, stepped, step_text = item.partition("/")
    if stepped and (not _is_number(step_text) or int(step_text) == 0):
        msg = f"{item} in {field} has no step of 1 or more"
        raise _BadFieldError(msg)
    first, ranged, last = span.partition("-")
    if span == "*":
        start, end = low, high
    else:
        start = _number(field, first, low, high, names)
        end = _number(field, last, low, high, names) if ranged else high if stepped else start
    count = high - low + 1
    length = (end - start) % count
    return (low + (start - low + at) % count for at in range(0, length + 1, int(step_text) if stepped else 1))


def _number(field: str, text: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return low + names.index(text)
    if not _is_number(text) or not low <= int(text) <= high:
        msg = f"{_short(text)} in {field} is not within {low} to {high}"
        raise _BadFieldError(msg)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004  # years are the longest


def _day_rules(text: str) -> list[DayRule]:
    return [_day_rule(item) for item in text.split(",")]


def _day_rule(item: str) -> DayRule:
    if item == "L":
        return lambda year, month: [_length(year, month)]
    if item == "LW":
        return lambda year, month: [_nearest_weekday(year, month, _length(year, month))]
    if item.startswith("L-"):
        back = _number("day-of-month", item[2:], 1, 30, ())
        return lambda year, month: [_length(year, month) - back] if back < _length(year, month) else []
    if item.endswith("W"):
        day = _number("day-of-month", item[:-1], 1, 31, ())
        return lambda year, month: [_nearest_weekday(year, month, day)] if day <= _length(year, month) else []
    days = frozenset(_item("day-of-month", item, 1, 31, ()))
    return lambda year, month: [day for day in days if day <= _length(year, month)]


def _weekday_rules(text: str) -> list[DayRule]:
    items = text.split(",")
    if "#" in text and len(items) > 1:
        msg = f"{_short(text)} in day-of-week: an expression with # stands alone"
        raise _BadFieldError(msg)
    return [_weekday_rule(item) for item in items]


def _weekday_rule(item: str) -> DayRule:
    name, counted, which = item.partition("#")
    if counted:
        weekday, number = _number("day-of-week", name, 1, 7, _WEEKDAYS), _number("day-of-week", which, 1, 5, ())
        return lambda year, month: _on(year, month, weekday)[number - 1 : number]
    if item.endswith("L") and len(item) > 1:
        last = _number("day-of-week", item[:-1], 1, 7, _WEEKDAYS)
        return lambda year, month: _on(year, month, last)[-1:]
    days = frozenset(_item("day-of-week", "7" if item == "L" else item, 1, 7, _WEEKDAYS))
    return lambda year, month: [day for weekday in days for day in _on(year, month, weekday)]


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _on(year: int, month: int, weekday: int) -> list[int]:
    """Return the days of a month that are the given day of the week, 1 being Sunday."""
    first, length = calendar.monthrange(year, month)
    return list(range(1 + (weekday + 5 - first) % 7, length + 1, 7))


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """Return the working day nearest to a day, in the same month."""
    weekday = calendar.weekday(year, month, day)
    if weekday == calendar.SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == calendar.SUNDAY:
        return day + 1 if day < _length(year, month) else day - 2
    return day
