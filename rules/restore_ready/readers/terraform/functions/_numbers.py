"""Numbers and conversion of types."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from restore_ready.readers.terraform.functions._registry import Number, Scoped, function
from restore_ready.readers.terraform.language._operators import CONTEXT
from restore_ready.readers.terraform.language._types import ANY, BOOL, NUMBER, STRING, Type, convert, plain
from restore_ready.readers.terraform.language._values import EvalError, Rest, Seq, Value, is_open, opened

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@function("abs", "n")
def _abs(one: Number) -> Value:
    return abs(one)


@function("ceil", "n")
def _ceil(one: Number) -> Value:
    return int(Decimal(one).to_integral_value(ROUND_CEILING))


@function("floor", "n")
def _floor(one: Number) -> Value:
    return int(Decimal(one).to_integral_value(ROUND_FLOOR))


@function("log", "nn")
def _log(one: Number, base: Number) -> Value:
    if one <= 0 or base <= 0 or base == 1:
        raise EvalError("the logarithm is not a number")
    return plain(Decimal(repr(math.log(one) / math.log(base))))


@function("pow", "nn")
def _pow(one: Number, power: Number) -> Value:
    try:
        return plain(Decimal(repr(math.pow(one, power))))
    except (OverflowError, ValueError):
        raise EvalError("the power is not a number") from None


@function("signum", "n")
def _signum(one: Number) -> Value:
    return (one > 0) - (one < 0)


@function("max", "n*")
def _max(*all_: Number) -> Value:
    if not all_:
        raise EvalError("it needs an argument")
    return max(all_)


@function("min", "n*")
def _min(*all_: Number) -> Value:
    if not all_:
        raise EvalError("it needs an argument")
    return min(all_)


@function("sum", "l")
def _sum(listed: Seq) -> Value:
    if not listed:
        raise EvalError("it can't sum an empty list")
    total = Decimal(0)
    for one in listed:
        if is_open(one):
            return opened(one)
        value = convert(one, NUMBER)
        if value is None:
            raise EvalError("an element is null")
        total = CONTEXT.add(total, Decimal(value))
    return plain(total)


@function("parseint", "sn")
def _parseint(written: str, base: Number) -> Value:
    if not isinstance(base, int) or not 2 <= base <= 62:  # noqa: PLR2004
        raise EvalError("the base must be from 2 to 62")
    digits = _DIGITS if base <= 36 else _DIGITS + _DIGITS[10:].upper()  # noqa: PLR2004
    sign, body = (-1, written[1:]) if written.startswith("-") else (1, written.removeprefix("+"))
    value = 0
    for one in body.lower() if base <= 36 else body:  # noqa: PLR2004
        at = digits.find(one)
        if not 0 <= at < base:
            raise EvalError(f"it is not a number of base {base}")
        value = value * base + at
    if not body or len(body) > 400:  # noqa: PLR2004
        raise EvalError("it is not a number")
    return sign * value


def _to(name: str, kind: Type) -> None:
    @function(name, "v")
    def call(value: Value) -> Value:
        return value if isinstance(value, Rest) else convert(value, kind)


for _name, _kind in (
    ("tostring", STRING), ("tonumber", NUMBER), ("tobool", BOOL),
    ("tolist", Type("list", ANY)), ("toset", Type("set", ANY)), ("tomap", Type("map", ANY)),
):  # fmt: skip
    _to(_name, _kind)


@function("sensitive", "v")
@function("nonsensitive", "v")
def _same(value: Value) -> Value:
    return value


@function("issensitive", "v")
def _issensitive(value: Value) -> Value:
    return opened(value) if is_open(value) else False


@function("range", "nn?n?", scoped=True)
def _range(scope: Scoped, *given: Number) -> Value:
    start, limit, step = 0, given[0], 1
    if len(given) > 1:
        start, limit = given[:2]
    step = given[2] if len(given) > 2 else (1 if limit >= start else -1)  # noqa: PLR2004
    if step == 0 or (step > 0) != (limit >= start) and limit != start:
        raise EvalError("the step leads away from the limit")
    found, at = [], start
    while (at < limit) if step > 0 else (at > limit):
        found.append(plain(at))
        if len(found) > 1024:  # noqa: PLR2004  # Terraform's own limit
            raise EvalError("more than 1024 values were generated")
        at += step
    return Seq(found, "list")
