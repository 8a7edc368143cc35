"""Operators: https://developer.hashicorp.com/terraform/language/expressions/operators."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from restore_ready.readers.terraform.language._branches import negated, spread
from restore_ready.readers.terraform.language._conversion import convert
from restore_ready.readers.terraform.language._equality import equal
from restore_ready.readers.terraform.language._type_records import BOOL, NUMBER
from restore_ready.readers.terraform.language._unknowns import follows, is_open, named
from restore_ready.readers.terraform.language._values import Either, EvalError, Lazy, LimitError, Unknown, Value
from restore_ready.readers.terraform.syntax import Number, Real, Span
from restore_ready.readers.terraform.syntax._numbers import BITS, bits_of, rounded

_LARGEST: Final = 8192
_ORDER: Final[dict[str, Callable[[Number, Number], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ARITHMETIC: Final[dict[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def binary(op: str, left: Value, right: Value, span: Span) -> Value:
    """Apply an operator other than ``&&`` and ``||``.

    Raises:
        EvalError: if an operand is of the wrong type, or the result not a number.
        LimitError: if the result is infinite or too large to reckon with.
    """
    if op in ("==", "!="):
        same = equal(left, right)
        if op == "==":
            return same
        return negated(same) if isinstance(same, Unknown) else not same
    return spread(lambda one, other: _numeric(op, one, other, span), left, right)


def _numeric(op: str, left: Value, right: Value, span: Span) -> Value:
    one, other = number(left, span), number(right, span)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        unknown = one if isinstance(one, Unknown) else other
        return follows(unknown, "({}" + op + "{})", left, right)
    if op in _ORDER:
        return _ORDER[op](one, other)
    if op == "%":
        return _remainder(one, other)
    if op == "/" and other == 0:
        raise (
            EvalError(why="0 / 0 is not a number", span=span) if one == 0 else LimitError(why="the number is infinite")
        )
    bits = bits_of(one) + bits_of(other) if op == "*" else max(bits_of(one), bits_of(other))
    return bounded(_ARITHMETIC[op](Fraction(one), Fraction(other)), min(bits, BITS))


def _remainder(one: Number, other: Number) -> Number:
    """Return what is left of *one*, its quotient rounded first, as Terraform reckons; all of it if *other* is 0."""
    if other == 0:
        return one
    quotient = math.trunc(bounded(Fraction(one) / Fraction(other)))
    return bounded(Fraction(one) - Fraction(bounded(quotient * Fraction(other))))


def bounded(value: int | Fraction, bits: int = BITS) -> Number:
    """Return a result of reckoning, rounded.

    Raises:
        LimitError: if it is too large or too small to reckon with.
    """
    if abs(value.numerator.bit_length() - value.denominator.bit_length()) > _LARGEST:
        raise LimitError(why="the number is too large")
    return rounded(value, bits)


def negative(value: Value, span: Span) -> Value:
    """Return ``-value``.

    Raises:
        EvalError: if it is no number.
    """
    if isinstance(value, Either):
        return spread(lambda side: negative(side, span), value)
    found = number(value, span)
    if isinstance(found, Unknown):
        return follows(found, "-{}", value)
    return (
        -found if isinstance(found, int) else Real.of(-found.numerator, found.denominator.bit_length() - 1, found.bits)
    )


def number(value: Value, span: Span | None) -> Number | Unknown:
    """Return an operand as a number.

    Raises:
        EvalError: if it is none.
    """
    if is_open(value):
        return named(value)
    found = convert(value, NUMBER)
    if not isinstance(found, (int, Real)):
        raise EvalError(why="a number is required, not null", span=span)
    return found


def truth(value: Value, span: Span | None) -> bool | Unknown:
    """Return a condition's value.

    Raises:
        EvalError: if it is neither true nor false.
    """
    if is_open(value) or isinstance(value, Lazy):
        return named(value)
    found = convert(value, BOOL)
    if not isinstance(found, bool):
        raise EvalError(why="true or false is required, not null", span=span)
    return found


def inverse(value: Value, span: Span) -> Value:
    """Return ``!value``.

    Raises:
        EvalError: if it is neither true nor false.
    """
    if isinstance(value, Either):
        return spread(lambda side: inverse(side, span), value)
    found = truth(value, span)
    return negated(found) if isinstance(found, Unknown) else not found


def logical(op: str, left: Value, right: Callable[[], Value], span: Span) -> Value:
    """Apply ``&&`` or ``||``: one side may decide, whatever the other is.

    Raises:
        EvalError: if a side is neither true nor false.
    """
    decides = op == "||"
    one = truth(left, span)
    if one is decides:
        return decides
    other = truth(right(), span)
    if other is decides:
        return decides
    if not isinstance(one, Unknown):
        return other
    return follows(one, "({}" + op + "{})", one, other) if isinstance(other, Unknown) else one
