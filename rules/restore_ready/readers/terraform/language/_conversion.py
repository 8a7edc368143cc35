"""Conversion of values: https://developer.hashicorp.com/terraform/language/expressions/type-constraints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from restore_ready.readers.terraform.language._branches import spread
from restore_ready.readers.terraform.language._sets import set_of
from restore_ready.readers.terraform.language._type_records import ANY, SIMPLE, STRING, Type
from restore_ready.readers.terraform.language._types import kind_of, shared, type_of
from restore_ready.readers.terraform.language._unknowns import opened
from restore_ready.readers.terraform.language._values import (
    Either,
    Encoded,
    EvalError,
    Lazy,
    LimitError,
    Maybe,
    Null,
    Obj,
    Ref,
    Refused,
    Rest,
    Seq,
    Text,
    Unknown,
    Value,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Number, Real
from restore_ready.readers.terraform.syntax._numbers import number, written

_LONGEST: Final = 1000
_BOOLS: Final = {"true": True, "1": True, "false": False, "0": False}


def convert(value: Value, to: Type) -> Value:
    """Return *value* as type *to*.

    Raises:
        EvalError: if it can't be.
    """
    if value is None or isinstance(value, Null):
        return _null(value, to)
    if isinstance(value, (Unknown, Ref, Rest, Refused)):
        return _open(value, to)
    if isinstance(value, Either):
        return spread(lambda side: convert(side, to), value)
    if isinstance(value, (Seq, Obj)) and value.type is to:
        return value
    return _CONVERSIONS[to.kind](value, to)


def _null(value: Null | None, to: Type) -> Value:
    if value is not None and to.kind != "any" and not _convertible(value.type.kind, to.kind):
        raise EvalError(why=f"a {to.kind} is required, not a {value.type.kind}")
    return value if to.kind == "any" else Null(to)


def _convertible(kind: str, to: str) -> bool:
    if kind in ("number", "bool"):
        return to in (kind, "string")
    return kind != "string" or to in SIMPLE


def _open(value: Unknown | Ref | Rest | Refused, to: Type) -> Value:
    if isinstance(value, Maybe):
        return Maybe(value.unknown, within(value.value, to))
    if isinstance(value, Unknown) and to.kind != "any" and value.type != to:
        changed = value.type is not None and bool(value.origin)
        origin = f"{to.kind}({value.origin})" if changed else value.origin
        return Unknown(value.why, value.span, origin, to)
    return value


def _any(value: Value, to: Type) -> Value:  # noqa: ARG001  # one of the conversions
    return value


def _string(value: Value, to: Type) -> Value:
    if isinstance(value, (str, Text, Encoded)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Real)):
        return written(value)
    raise _wrong(value, to)


def _number(value: Value, to: Type) -> Value:
    if isinstance(value, (Text, Encoded)):
        return opened(value)
    if isinstance(value, (int, Real)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return number_in(value)
    raise _wrong(value, to)


def _bool(value: Value, to: Type) -> Value:
    if isinstance(value, (Text, Encoded)):
        return opened(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _BOOLS:
        return _BOOLS[value]
    raise _wrong(value, to)


def _wrong(value: Value, to: Type) -> EvalError:
    return EvalError(why=f"a {to.kind} is required, not {kind_of(value)}")


def number_in(value: str) -> Number:
    """Return the number that a string holds.

    Raises:
        EvalError: if it holds none.
        LimitError: if it is too large to reckon with.
    """
    if not value.isascii() or not value.strip("+-") or not value.strip("+-.eE0123456789") == "":
        raise EvalError(why="a number is required")
    if len(value) > _LONGEST:
        raise LimitError(why="the number is too long")
    try:
        return number(value)
    except ValueError:
        raise EvalError(why="a number is required") from None


def within(value: Value, to: Type) -> Value:
    """Return *value* as type *to*, as it is kept in another value: a null without its type.

    Raises:
        EvalError: if it can't be.
    """
    found = convert(value, to)
    return None if isinstance(found, Null) else found


def _sequence(value: Value, to: Type) -> Value:
    value = _whole(value)
    if not isinstance(value, Seq):
        raise _wrong(value, to)
    if value.kind == "list" and to.kind == "list" and to.element == ANY:
        return value
    element = to.element or ANY
    if element.kind == "any":
        element = _common(value, to)
    items = [within(item, element) for item in value]
    found = set_of(items) if to.kind == "set" else Seq(items, "list", value.maybe)
    found.type = Type(to.kind, element) if element.kind != "any" else None
    return found


def _whole(value: Value) -> Value:
    return value.whole() if isinstance(value, Lazy) else value


def _tuple(value: Value, to: Type) -> Value:
    value = _whole(value)
    if not isinstance(value, Seq):
        raise _wrong(value, to)
    if any(isinstance(item, Rest) for item in value):
        return value
    if len(value) != len(to.items):
        raise EvalError(why=f"a tuple of {len(to.items)} elements is required")
    items = (within(item, kind) for item, kind in zip(value, to.items, strict=True))
    return Seq(items, "tuple", type_=to)


def _mapping(value: Value, to: Type) -> Value:
    value = _whole(value)
    if not isinstance(value, Obj):
        raise _wrong(value, to)
    if value.kind == "map" and to.element == ANY:
        return value
    element = to.element or ANY
    if element.kind == "any":
        element = _common(value, to)
    found = Obj(((name, within(item, element)) for name, item in value.items()), "map", value.rest, other=value.other)
    found.possible = {name: Maybe(item.unknown, within(item.value, element)) for name, item in value.possible.items()}
    found.type = Type("map", element) if element.kind != "any" else None
    return found


def _common(value: Seq | Obj, to: Type) -> Type:
    """Return the type that the elements of a list, set or map must have in common."""
    if value.type is not None and value.kind in ("list", "set", "map"):
        return value.type.element or ANY
    parts = value.values() if isinstance(value, Obj) else value
    common = shared([type_of(part) for part in parts])
    if common is None:
        raise EvalError(why=f"the elements of a {to.kind} must be of one type")
    return common


def _object(value: Value, to: Type) -> Value:
    found = Obj(kind="object", type_=to)
    if isinstance(value, Lazy):
        found.update((name, within(value.attribute(name, None), part.type)) for name, part in to.members.items())
        return found
    if not isinstance(value, Obj):
        raise _wrong(value, to)
    for name, member in to.members.items():
        given = value.get(name)
        if name not in value and value.rest is not None:
            found[name] = opened(value.rest)
        elif name not in value and not member.optional:
            raise EvalError(why=f'attribute "{name}" is required')
        else:
            default: Value = member.default  # type: ignore[assignment]  # made by convert()
            found[name] = within(default if given is None and member.optional else given, member.type)
    return found


_CONVERSIONS: Final[dict[str, Callable[[Value, Type], Value]]] = {
    "any": _any,
    "string": _string,
    "number": _number,
    "bool": _bool,
    "list": _sequence,
    "set": _sequence,
    "tuple": _tuple,
    "map": _mapping,
    "object": _object,
}


def unified(values: Iterable[Value]) -> list[Value]:
    """Return *values* with one type, as the elements of a list or map must have.

    Raises:
        EvalError: if there is no type that all can have.
    """
    listed = list(values)
    to = shared([type_of(part) for part in listed])
    if to is None:
        raise EvalError(why="the elements of a list must be of one type")
    return listed if to.kind == "any" else [within(part, to) for part in listed]


def text_of(value: Value) -> Value:
    """Return *value* as a string.

    Raises:
        EvalError: if it can't be one.
    """
    return value if isinstance(value, str) else convert(value, STRING)
