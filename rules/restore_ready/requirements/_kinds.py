"""Which kinds of value may a requirements file hold: how is each read, and what is its JSON Schema?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import Struct, field

from restore_ready._words import did_you_mean
from restore_ready.requirements._errors import Problem
from restore_ready.requirements._nodes import Mapping, Node, Scalar, Sequence

Schema = dict[str, Any]
T = TypeVar("T")

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Reader(Struct):
    """Reads the nodes of one file and collects what is wrong with them."""

    file: Path
    shown: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, key: str, what: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(self.shown, line, key, what))


Read = Callable[[Reader, Node, str], Any]
"""Gives the value of a node; ``None`` if it is wrong, which it then has noted under the key."""


class Kind(Struct, frozen=True):
    """A kind of value.

    Attributes:
        says: what to write, for the reference page: ``a duration such as `60m` ``.
    """

    read: Read
    schema: Schema
    says: str


def text_of(reader: Reader, node: Node, key: str, wanted: str) -> str | None:
    """Return the text of a single value that is not empty."""
    if isinstance(node, Scalar) and not node.nothing and node.text.strip():
        return node.text
    given = {Mapping: "a mapping", Sequence: "a list"}.get(type(node), "nothing")
    reader.wrong(node.line, key, f"{given} is given: write {wanted}")
    return None


def checked(wanted: str, parse: Callable[[str], T | None], schema: Schema, says: str) -> Kind:
    """Return the kind of a single value.

    Args:
        wanted: what to write, for messages.
        parse: returns the value of a text, ``None`` for one that can't be read, or raises a ValueError with a hint.
        schema: the value's JSON Schema.
        says: what to write, for the reference page.
    """

    def read(reader: Reader, node: Node, key: str) -> T | None:
        text = text_of(reader, node, key, wanted)
        if text is None:
            return None
        try:
            value = parse(text)
        except ValueError as error:
            reader.wrong(node.line, key, f"'{text[:60]}' {error}")
            return None
        if value is None:
            reader.wrong(node.line, key, f"'{text[:60]}' can't be read: write {wanted}")
        return value

    return Kind(read, schema, says)


_DURATION: Final = re.compile(r"([0-9]{1,9}) *([A-Za-z]*)")
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60}


def parse_minutes(text: str) -> int | None:
    """Return ``60m``, ``3h`` or ``35d`` as minutes; ``None`` for what is no duration at all.

    Raises:
        ValueError: with a hint, for another unit or none, and for nothing at all.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    number, unit = found[1], found[2]
    if unit not in _MINUTES or " " in text:
        raise ValueError(_unit_hint(number, unit))
    if int(number) == 0:
        msg = "is no time at all: write at least 1m"
        raise ValueError(msg)
    return int(number) * _MINUTES[unit]


def _unit_hint(number: str, unit: str) -> str:
    if not unit:
        return f"has no unit: write {number}m, {number}h or {number}d"
    if unit[0].lower() in _MINUTES:
        return f"has no unit that is known. Did you mean '{number}{unit[0].lower()}'?"
    return f"has no unit that is known: write {number}m, {number}h or {number}d"


def _parse_days(text: str) -> int | None:
    minutes = parse_minutes(text)
    if minutes is not None and minutes % _MINUTES["d"]:
        msg = "is not a whole number of days: write it in days, such as 35d"
        raise ValueError(msg)
    return None if minutes is None else minutes // _MINUTES["d"]


_SIZE: Final = re.compile(r"([0-9]{1,9}) ?([KMGTP]i?B)")
_POWERS: Final = {letter: power for power, letter in enumerate("KMGTP", start=1)}


def _parse_size(text: str) -> int | None:
    found = _SIZE.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * int((1024 if "i" in found[2] else 1000) ** _POWERS[found[2][0]])


def parse_weekdays(text: str) -> frozenset[int] | None:
    """Return ``mon-fri`` or ``sat,sun`` as numbers of weekdays, Monday 0.

    Raises:
        ValueError: with a hint, for what is no day.
    """
    days: set[int] = set()
    for part in text.lower().split(","):
        first, is_range, last = part.strip().partition("-")
        start = _weekday(first)
        end = _weekday(last) if is_range else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def _weekday(text: str) -> int:
    name = text.strip()
    for names in (DAYS, _FULL_DAYS):
        if name in names:
            return names.index(name)
    msg = f"has '{name[:20]}', which is no day: write mon-fri, or sat,sun.{did_you_mean(name, DAYS)}"
    raise ValueError(msg)


def _parse_zone(text: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones  # noqa: PLC0415  # costs 10 ms

    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"is no time zone: write a name such as Asia/Tokyo.{did_you_mean(text, sorted(available_timezones()))}"
        raise ValueError(msg) from error
    return text


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _parse_date(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = "is no day of the calendar: write it as in 2027-03-31"
        raise ValueError(msg) from None


_CRON: Final = re.compile(r"cron\(([^()]*)\)")
_CRON_FIELD: Final = re.compile(r"[0-9A-Za-z*?,/#-]+")
_CRON_FIELDS: Final = 6


def _parse_cron(text: str) -> str:
    found = _CRON.fullmatch(text.strip())
    fields = found[1].split() if found else []
    if len(fields) != _CRON_FIELDS or not all(_CRON_FIELD.fullmatch(part) for part in fields):
        msg = "is no AWS cron expression: write six fields, as in cron(30 1 * * ? *)"
        raise ValueError(msg)
    return text.strip()


def one_of(values: Iterable[str]) -> Kind:
    """Return the kind of a choice between words."""
    words = tuple(values)

    def parse(text: str) -> str:
        if text not in words:
            msg = f"is not one of {', '.join(words)}.{did_you_mean(text, words)}"
            raise ValueError(msg)
        return text

    says = " or ".join(f"`{word}`" for word in words)
    return checked(" or ".join(words), parse, {"enum": list(words)}, says)


def list_of(kind: Kind, says: str) -> Kind:
    """Return the kind of a list with at least one entry, read as a tuple."""

    def read(reader: Reader, node: Node, key: str) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence) or not node.items:
            reader.wrong(node.line, key, "is no list with entries: write [first, second], or a line for each after -")
            return None
        values = [kind.read(reader, item, f"{key}[{number}]") for number, item in enumerate(node.items)]
        return tuple(value for value in values if value is not None)

    return Kind(read, {"type": "array", "items": kind.schema, "minItems": 1}, says)


def mapping_of(kind: Kind, says: str) -> Kind:
    """Return the kind of a mapping from free text to *kind*, with at least one entry, read as a dict."""

    def read(reader: Reader, node: Node, key: str) -> dict[str, Any] | None:
        if not isinstance(node, Mapping) or not node.members:
            reader.wrong(node.line, key, "is no mapping with entries: write {name: value}")
            return None
        values = {name: kind.read(reader, member, f"{key}.{name}") for name, member in node.members.items()}
        return {name: value for name, value in values.items() if value is not None}

    schema = {"type": "object", "additionalProperties": kind.schema, "minProperties": 1}
    return Kind(read, schema, says)


def _one_or_list(single: Kind, says: str) -> Kind:
    several = list_of(single, says)

    def read(reader: Reader, node: Node, key: str) -> tuple[Any, ...] | None:
        if isinstance(node, Sequence):
            values = several.read(reader, node, key)
            return None if values is None else tuple(values)
        value = single.read(reader, node, key)
        return None if value is None else (value,)

    return Kind(read, {"anyOf": [single.schema, several.schema]}, says)


def _read_weekdays(reader: Reader, node: Node, key: str) -> frozenset[int] | None:
    found: tuple[frozenset[int], ...] | None = _WEEKDAY_WORDS.read(reader, node, key)
    return None if found is None else frozenset().union(*found)


_TEXT_SCHEMA: Final = {"type": "string", "minLength": 1}
TEXT: Final = checked("some text", lambda text: text, _TEXT_SCHEMA, "text")
VALUE: Final = checked("some text", lambda text: text, {"type": ["string", "number", "boolean"]}, "text")
PATTERN: Final = checked('a pattern such as "*restore*"', lambda text: text, _TEXT_SCHEMA, "a pattern")
PATTERNS: Final = list_of(PATTERN, "a list of patterns")
PATTERN_OR_LIST: Final = _one_or_list(PATTERN, "a pattern, or a list of patterns")
MINUTES: Final = checked(
    "a duration such as 60m, 3h or 35d",
    parse_minutes,
    {"type": "string", "pattern": "^[0-9]{1,9}[mhd]$"},
    "a duration such as `60m`, `3h` or `35d`",
)
DAY_COUNT: Final = checked(
    "a number of days such as 35d",
    _parse_days,
    {"type": "string", "pattern": "^[0-9]{1,9}[mhd]$"},
    "a number of days such as `35d`",
)
SIZE: Final = checked(
    "a size such as 500GiB or 2TB",
    _parse_size,
    {"type": "string", "pattern": "^[0-9]{1,9} ?[KMGTP]i?B$"},
    "a size such as `500GiB`",
)
ZONE: Final = checked("a time zone such as Asia/Tokyo", _parse_zone, _TEXT_SCHEMA, "a name such as `Asia/Tokyo`")
DATE: Final = checked(
    "a day as in 2027-03-31",
    _parse_date,
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "a day such as `2027-03-31`",
)
CRON: Final = checked(
    "an AWS cron expression such as cron(30 1 * * ? *)",
    _parse_cron,
    {"type": "string", "pattern": r"^cron\([^()]*\)$"},
    "an AWS cron expression such as `cron(30 1 * * ? *)`",
)
_WEEKDAY_WORDS: Final = _one_or_list(
    checked("days such as mon-fri", parse_weekdays, _TEXT_SCHEMA, "days"),
    "`mon-fri`, `sat,sun`, or a list",
)
WEEKDAYS: Final = Kind(_read_weekdays, _WEEKDAY_WORDS.schema, _WEEKDAY_WORDS.says)
