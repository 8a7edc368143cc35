"""Operators, attributes and indexes of values, known or not."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Context, Decimal

from restore_ready.readers.terraform.language._types import BOOL, NUMBER, convert, kind_of, plain, sort_key
from restore_ready.readers.terraform.language._values import (
    Encoded,
    EvalError,
    Lazy,
    Obj,
    Ref,
    Rest,
    Seq,
    Span,
    Text,
    Unknown,
    Value,
    first_open,
    is_open,
    opened,
)

CONTEXT = Context(prec=154, Emax=5000, Emin=-5000)
_ORDER: dict[str, Callable[[object, object], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def binary(op: str, left: Value, right: Value, span: Span) -> Value:
    """Apply an operator other than ``&&`` and ``||``."""
    if op in ("==", "!="):
        same = equal(left, right)
        return same if isinstance(same, Unknown) else same is (op == "==")
    one, other = number(left, span), number(right, span)
    if isinstance(one, Unknown):
        return one
    if isinstance(other, Unknown):
        return other
    if op in _ORDER:
        return _ORDER[op](one, other)
    if op in "/%" and other == 0:
        raise EvalError("division by zero", span)
    if op == "%":
        whole = abs(one) // abs(other)
        return plain(one - (whole if (one < 0) == (other < 0) else -whole) * other)
    a, b = CONTEXT.create_decimal(one), CONTEXT.create_decimal(other)
    if isinstance(one, int) and isinstance(other, int) and op != "/":
        return plain({"+": operator.add, "-": operator.sub, "*": operator.mul}[op](one, other))
    return plain({"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}[op](a, b))


def number(value: Value, span: Span) -> int | Decimal | Unknown:
    """Return an operand as a number."""
    if is_open(value):
        return opened(value)
    found = convert(value, NUMBER)
    if not isinstance(found, (int, Decimal)):
        raise EvalError("a number is required, not null", span)
    return found


def truth(value: Value, span: Span | None) -> bool | Unknown:
    """Return a condition's value."""
    if is_open(value) or isinstance(value, Lazy):
        return opened(value)
    found = convert(value, BOOL)
    if not isinstance(found, bool):
        raise EvalError("true or false is required, not null", span)
    return found


def logical(op: str, left: Value, right: Callable[[], Value], span: Span) -> Value:
    """Apply ``&&`` or ``||``: one side may decide, whatever the other is."""
    decides = op == "||"
    one = truth(left, span)
    if one is decides:
        return decides
    other = truth(right(), span)
    if other is decides:
        return decides
    return one if isinstance(one, Unknown) else other


def equal(left: Value, right: Value) -> bool | Unknown:
    """Tell whether two values are the same: what is known of them may settle it."""
    if left is None or right is None:
        other = right if left is None else left
        if other is None:
            return True
        if isinstance(other, Unknown) or (isinstance(other, Ref) and not _never_null(other)):
            return opened(other)
        return False
    if isinstance(left, Ref) and left == right:
        return True
    if isinstance(left, (Text, Encoded, Ref, Unknown, Lazy)) or isinstance(right, (Text, Encoded, Ref, Unknown, Lazy)):
        return _open_equal(left, right)
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, Seq) and isinstance(right, Seq):
        if len(left) != len(right) and not any(isinstance(one, Rest) for one in [*left, *right]):
            return False
        if left.kind == "set":
            missing = first_open(left) or first_open(right)
            return missing if missing is not None else sort_key(left) == sort_key(right)
        return _all_equal(list(zip(left, right)), bool(len(left) == len(right)))
    if isinstance(left, Obj) and isinstance(right, Obj):
        if left.rest is None and right.rest is None and left.keys() != right.keys():
            return False
        pairs = [(one, right[key]) for key, one in left.items() if key in right]
        found = _all_equal(pairs, complete=True)
        return found if found is not True else left.rest or right.rest or True
    return left == right


def _all_equal(pairs: list[tuple[Value, Value]], complete: bool) -> bool | Unknown:
    unknown: Unknown | None = None
    for one, other in pairs:
        same = equal(one, other)
        if same is False:
            return False
        if isinstance(same, Unknown):
            unknown = unknown or same
    return unknown if unknown is not None else complete


def _open_equal(left: Value, right: Value) -> bool | Unknown:
    one, other = (left, right) if not isinstance(right, Text) else (right, left)
    if isinstance(one, Text) and isinstance(other, str):
        first, last = one.parts[0], one.parts[-1]
        if isinstance(first, str) and not other.startswith(first):
            return False
        if isinstance(last, str) and not other.endswith(last):
            return False
    for side in (left, right):
        if isinstance(side, (Seq, Obj, bool, int, Decimal)):
            rival = right if side is left else left
            if isinstance(rival, (Text, Encoded)):
                return False
    return opened(left if is_open(left) or isinstance(left, Lazy) else right)


def _never_null(ref: Ref) -> bool:
    return ref.path[-1:] in (("id",), ("arn",)) and not ref.target.split(".")[-2:-1] == ["module"]


def attribute(value: Value, name: str, span: Span) -> Value:
    """Return ``value.name``."""
    if isinstance(value, Obj):
        if name in value:
            return value[name]
        if value.rest is not None:
            return value.rest
        raise EvalError(f'there is no attribute "{name}"', span)
    if isinstance(value, Lazy):
        return value.attribute(name, span)
    if isinstance(value, Ref):
        return Ref(value.target, (*value.path, name), span)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Rest):
        return value
    raise EvalError(f'{kind_of(value)} has no attribute "{name}"', span)


def index(value: Value, key: Value, span: Span) -> Value:
    """Return ``value[key]``."""
    if isinstance(value, Unknown):
        return value
    if is_open(key):
        return opened(key)
    if isinstance(value, Ref):
        return Ref(value.target, (*value.path, key if isinstance(key, (str, int)) else str(key)), span)
    if isinstance(value, Seq):
        return _element(value, key, span)
    if isinstance(key, (int, Decimal)) and not isinstance(value, (str, type(None))):
        key = str(key)
    if isinstance(key, str) and isinstance(value, (Obj, Lazy)):
        return attribute(value, key, span)
    raise EvalError(f"{kind_of(value)} has no such element", span)


def _element(value: Seq, key: Value, span: Span) -> Value:
    at = number(key, span)
    if isinstance(at, Unknown):
        return at
    if value.kind == "set":
        raise EvalError("a set has no index", span)
    for number_, one in enumerate(value):
        if isinstance(one, Rest):
            return one.unknown
        if number_ == at:
            return one
    raise EvalError(f"there is no element {at}", span)
