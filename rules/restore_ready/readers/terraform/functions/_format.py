"""Formatting: https://developer.hashicorp.com/terraform/language/functions/format."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

import msgspec

from restore_ready.readers.terraform.functions._json_text import json_text
from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.functions._strings import within_bounds
from restore_ready.readers.terraform.language import (
    BOOL,
    NUMBER,
    STRING,
    Encoded,
    EvalError,
    LimitError,
    Ref,
    Rest,
    Scope,
    Seq,
    Text,
    Unknown,
    Value,
    convert,
    is_null,
    is_open,
    opened,
)  # fmt: skip
from restore_ready.readers.terraform.language._unknowns import text
from restore_ready.readers.terraform.syntax import Number, Real
from restore_ready.readers.terraform.syntax._numbers import shortest, written

_VERB: Final = re.compile(r"%(?:(%)|([-+# 0]*)(\d+|\*)?(?:\.(\d*))?(?:\[(\d+)\])?([a-zA-Z]))")
_WIDEST: Final = 10_000
_MOST_DIGITS: Final = 1000
_MOST_PARTS: Final = 1000
_FIRST_EXPONENT: Final = 6
_LAST_EXPONENT: Final = -4
_PREFIXES: Final = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}
_WHOLE: Final = "bdoxX"
_NUMERIC: Final = "bdoxXeEfgG"


class _Verb(msgspec.Struct, frozen=True):
    flags: str
    width: int
    precision: int | None
    letter: str


def formatted(pattern: str, args: list[Value]) -> Value:
    """Return *pattern* with *args* in the places of its verbs.

    Raises:
        EvalError: if they do not fit.
    """
    parts: list[Value] = []
    at, used, most = 0, 0, 0
    for found in _VERB.finditer(pattern):
        parts.append(_plain(pattern[at : found.start()]))
        at = found.end()
        if found[1]:
            parts.append("%")
            continue
        used = int(found[5]) if found[5] else used + 1
        most = max(most, used)
        if not 0 < used <= len(args):
            raise EvalError(why="there are too few arguments")
        parts.append(_filled(_verb(found), args[used - 1]))
    if most < len(args):
        raise EvalError(why="there are too many arguments")
    return text([*parts, _plain(pattern[at:])], _MOST_PARTS)


def _plain(part: str) -> str:
    if "%" in part:
        raise EvalError(why="a verb is not complete")
    return part


def _verb(found: re.Match[str]) -> _Verb:
    if found[3] == "*":
        raise EvalError(why="a width can't be an argument")
    width = int(found[3] or 0)
    precision = None if found[4] is None else int(found[4] or 0)
    if width > _WIDEST or (precision or 0) > _MOST_DIGITS:
        raise LimitError(why="the width is too large")
    return _Verb(found[2], width, precision, found[6])


def _filled(verb: _Verb, value: Value) -> Value:
    if value is None:
        raise EvalError(why="an argument is null")
    if is_open(value):
        return value if verb.letter in "sv" and not verb.width and verb.precision is None else opened(value)
    found = _shown(verb, value)
    return _padded(verb, found) if isinstance(found, str) else found


def _padded(verb: _Verb, found: str) -> str:
    if "-" in verb.flags:
        return found.ljust(verb.width)
    if "0" in verb.flags and verb.letter in _NUMERIC + "v":
        sign = found[:1] if found[:1] in ("+", "-", " ") else ""
        return sign + found[len(sign) :].rjust(verb.width - len(sign), "0")
    return found.rjust(verb.width)


def _shown(verb: _Verb, value: Value) -> Value:
    if verb.letter == "v":
        return _any(verb, value)
    if is_null(value):
        raise EvalError(why="an argument is null")
    if verb.letter in "sq":
        return _string(verb, value)
    if verb.letter == "t":
        return "true" if convert(value, BOOL) is True else "false"
    if verb.letter in _NUMERIC:
        number = convert(value, NUMBER)
        if verb.letter in _WHOLE and isinstance(number, Real) and number.denominator != 1:
            raise EvalError(why="a whole number is required")
        return _numeric(verb, number) if isinstance(number, (int, Real)) else opened(number)
    raise EvalError(why=f"it does not know the verb %{verb.letter}")


def _any(verb: _Verb, value: Value) -> Value:
    simple = isinstance(value, (str, int, Real))
    if "#" in verb.flags or not simple:
        return json_text(value)
    if isinstance(value, (int, Real)) and not isinstance(value, bool):
        return general(value)
    return convert(value, STRING)


def _string(verb: _Verb, value: Value) -> Value:
    found = convert(value, STRING)
    if not isinstance(found, str):
        return opened(value)
    cut = found if verb.precision is None else found[: verb.precision]
    return json_text(cut) if verb.letter == "q" else cut


def general(value: Number) -> str:
    """Return a number as short as can be, with an exponent where Go's ``%v`` has one."""
    digits, point = shortest(value)
    if _LAST_EXPONENT <= point - 1 < _FIRST_EXPONENT:
        return written(value)
    digits = digits.rstrip("0") or "0"
    body = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{'-' if value < 0 else ''}{body}e{point - 1:+03d}"


def _numeric(verb: _Verb, value: Number) -> str:
    if verb.letter in _WHOLE:
        found = _integer(verb, int(value))
    elif verb.letter == "f":
        found = fixed(value, 6 if verb.precision is None else verb.precision)
    elif verb.letter in "gG" and verb.precision is None:
        found = general(value).replace("e", "E" if verb.letter == "G" else "e")
    else:
        found = f"{float(value):.{6 if verb.precision is None else verb.precision}{verb.letter}}"
    sign = "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    return found if found.startswith("-") else sign + found


def _integer(verb: _Verb, value: int) -> str:
    prefix = _PREFIXES.get(verb.letter, "") if "#" in verb.flags else ""
    return ("-" if value < 0 else "") + prefix + f"{abs(value):{verb.letter}}"


def fixed(value: Number, digits: int) -> str:
    """Return a number with so many *digits* after its point, to even where two are equally near."""
    scaled = round(abs(Fraction(value)) * 10**digits)
    body = str(scaled).zfill(digits + 1)
    sign = "-" if value < 0 else ""
    return sign + (f"{body[:-digits]}.{body[-digits:]}" if digits else body)


@function("format", "Sv*", scoped=True, typed=True)
def _format(scope: Scope, pattern: str | Text | Encoded | Ref, *args: Value) -> Value:
    if not isinstance(pattern, str):
        return opened(pattern)
    rest = next((arg for arg in args if isinstance(arg, Rest)), None)
    if rest is not None:
        return opened(rest)
    found = formatted(pattern, list(args))
    within_bounds(scope, [found])
    return found


@function("formatlist", "sv*", scoped=True, typed=True)
def _formatlist(scope: Scope, pattern: str, *args: Value) -> Value:
    lists = [arg for arg in args if isinstance(arg, Seq)]
    unknown = next((opened(arg) for arg in args if isinstance(arg, (Unknown, Rest))), None)
    rest = next((opened(item) for listed in lists for item in listed if isinstance(item, Rest)), unknown)
    if rest is not None:
        return Seq([Rest(rest)])
    if len({len(listed) for listed in lists}) > 1:
        raise EvalError(why="the lists have different lengths")
    count = len(lists[0]) if lists else 1
    scope.budget.spend(count)
    rows = [[arg[at] if isinstance(arg, Seq) else arg for arg in args] for at in range(count)]
    return Seq([formatted(pattern, row) for row in rows], "list")
