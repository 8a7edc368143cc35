"""Functions of numbers: https://developer.hashicorp.com/terraform/language/functions#numeric-functions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from restore_ready.readers.terraform.functions._registry import function, whole
from restore_ready.readers.terraform.language import (
    NUMBER,
    EvalError,
    LimitError,
    Scope,
    Seq,
    Unknown,
    Value,
    convert,
    is_open,
    opened,
)
from restore_ready.readers.terraform.language._operators import bounded
from restore_ready.readers.terraform.syntax import Number, Real
from restore_ready.readers.terraform.syntax._numbers import bits_of, double

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTER_BASES: Final = 36
_LARGEST_BASE: Final = 62
_LONGEST: Final = 400
_MOST_VALUES: Final = 1024
"""Terraform's own limit: https://developer.hashicorp.com/terraform/language/functions/range."""


@function("abs", "n")
def _abs(number: Number) -> Value:
    return bounded(-Fraction(number), bits_of(number)) if number < 0 else number


@function("ceil", "n")
def _ceil(number: Number) -> Value:
    return math.ceil(number)


@function("floor", "n")
def _floor(number: Number) -> Value:
    return math.floor(number)


@function("log", "nn")
def _log(number: Number, base: Number) -> Value:
    if number < 0 or base < 0 or (number in (0, 1) and number == base):
        raise EvalError(why="the logarithm is not a number")
    if number == 0 or base == 1:
        raise LimitError(why="the logarithm is infinite")
    return double(math.log(number) / math.log(base)) if base else 0


@function("pow", "nn")
def _pow(number: Number, power: Number) -> Value:
    try:
        return double(math.pow(number, power))
    except ValueError:
        if number == 0:
            raise LimitError(why="the power is infinite") from None
        raise EvalError(why="the power is not a number") from None
    except OverflowError:
        raise LimitError(why="the power is too large") from None


@function("signum", "n")
def _signum(number: Number) -> Value:
    sign = whole(number)
    return (sign > 0) - (sign < 0)


@function("max", "n*")
def _max(*numbers: Number) -> Value:
    if not numbers:
        raise EvalError(why="it needs an argument")
    return max(numbers)


@function("min", "n*")
def _min(*numbers: Number) -> Value:
    if not numbers:
        raise EvalError(why="it needs an argument")
    return min(numbers)


@function("sum", "l")
def _sum(items: Seq) -> Value:
    if not items:
        raise EvalError(why="it can't sum an empty list")
    total: Number = 0
    unknown: Unknown | None = None
    for item in items:
        if is_open(item):
            unknown = unknown or opened(item)
            continue
        value = convert(item, NUMBER)
        if not isinstance(value, (int, Real)):
            raise EvalError(why="an element is null")
        total = bounded(Fraction(total) + value)
    return total if unknown is None else unknown


@function("parseint", "vn")
def _parseint(written: Value, base: Number) -> Value:
    if is_open(written):
        return opened(written)
    if not isinstance(written, str):
        raise EvalError(why="a string is required")
    radix = whole(base)
    if not 2 <= radix <= _LARGEST_BASE:  # noqa: PLR2004  # the smallest base there is
        raise EvalError(why="the base must be from 2 to 62")
    digits = _DIGITS if radix <= _LETTER_BASES else _DIGITS + _DIGITS[10:].upper()
    negative = written.startswith("-")
    body = written[1:] if written[:1] in ("-", "+") else written
    if not body:
        raise EvalError(why="it is not a number")
    if len(body) > _LONGEST:
        raise LimitError(why="the number is too long")
    value = 0
    for digit in body.lower() if radix <= _LETTER_BASES else body:
        place = digits.find(digit)
        if not 0 <= place < radix:
            raise EvalError(why=f"it is not a number of base {radix}")
        value = value * radix + place
    return bounded(-value if negative else value)


@function("range", "nn?n?", scoped=True)
def _range(scope: Scope, *given: Number) -> Value:
    start, limit = (0, given[0]) if len(given) == 1 else given[:2]
    falls = limit < start
    step = given[2] if len(given) > 2 else (-1 if falls else 1)  # noqa: PLR2004  # three arguments
    if step == 0 or (start != limit and (step < 0) != falls):
        raise EvalError(why="the step leads away from the limit")
    found: list[Value] = []
    at: Number = start
    while (at > limit) if step < 0 else (at < limit):
        if len(found) >= _MOST_VALUES:
            raise EvalError(why=f"more than {_MOST_VALUES} values were generated")
        found.append(at)
        at = bounded(Fraction(at) + step)
    scope.budget.spend(len(found))
    return Seq(found, "list")
