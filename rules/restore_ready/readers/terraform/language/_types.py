"""Terraform's types: conversion of values, and the type that several values can share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from restore_ready.readers.terraform.language._values import (
    Encoded,
    EvalError,
    Lazy,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    Unknown,
    Value,
    is_open,
    opened,
)
from restore_ready.readers.terraform.syntax import _nodes as s


@dataclass(frozen=True, slots=True)
class Optional:
    """An attribute of an object type: whether it may be missing and what then stands for it."""

    type: Type
    may_miss: bool = False
    default: Value = None


@dataclass(frozen=True, slots=True)
class Type:
    """``kind`` is string, number, bool, any, list, set, map, object or tuple."""

    kind: str
    element: Type | None = None
    attributes: dict[str, Optional] = field(default_factory=dict, hash=False)
    items: tuple[Type, ...] = ()


ANY, STRING, NUMBER, BOOL = Type("any"), Type("string"), Type("number"), Type("bool")
_SIMPLE = {one.kind: one for one in (ANY, STRING, NUMBER, BOOL)}
_BARE = {"list": Type("list", ANY), "set": Type("set", ANY), "map": Type("map", ANY)}


def read_type(expr: s.Expr, constant: object = None) -> Type:
    """Read a type constraint; ``any`` for what is none. *constant* evaluates defaults."""
    if isinstance(expr, s.Literal) and isinstance(expr.value, str):
        return _SIMPLE.get(expr.value) or _BARE.get(expr.value) or ANY
    if isinstance(expr, s.Name):
        return _SIMPLE.get(expr.name) or _BARE.get(expr.name) or ANY
    if not isinstance(expr, s.Call) or not expr.args:
        return ANY
    first = expr.args[0]
    if expr.name in ("list", "set", "map"):
        return Type(expr.name, read_type(first, constant))
    if expr.name == "tuple" and isinstance(first, s.TupleOf):
        return Type("tuple", items=tuple(read_type(one, constant) for one in first.items))
    if expr.name == "object" and isinstance(first, s.ObjectOf):
        found: dict[str, Optional] = {}
        for key, value in first.items:
            if isinstance(key, s.Literal):
                found[str(key.value)] = _attribute(value, constant)
        return Type("object", attributes=found)
    return ANY


def _attribute(expr: s.Expr, constant: object) -> Optional:
    if isinstance(expr, s.Call) and expr.name == "optional" and expr.args:
        inner = read_type(expr.args[0], constant)
        default = constant(expr.args[1]) if len(expr.args) > 1 and callable(constant) else None
        return Optional(inner, True, convert(default, inner))
    return Optional(read_type(expr, constant))


def string_of(number: int | Decimal) -> str:
    """Write a number as Terraform does."""
    if isinstance(number, int):
        return str(number)
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def plain(number: Decimal | int) -> int | Decimal:
    """Return whole numbers as ``int``; refuse what is too large to reckon with."""
    if isinstance(number, int):
        if number.bit_length() > 4096:  # noqa: PLR2004
            raise EvalError("the number is too large")
        return number
    if not number.is_finite() or abs(number.adjusted()) > 1200:  # noqa: PLR2004
        raise EvalError("the number is too large")
    return int(number) if number == number.to_integral_value() else number


def convert(value: Value, to: Type) -> Value:
    """Return *value* as type *to*.

    Raises:
        EvalError: if it can't be.
    """
    if value is None or to.kind == "any" or isinstance(value, (Unknown, Ref, Rest)):
        return value
    if to.kind in _SIMPLE:
        return _simple(value, to.kind)
    if isinstance(value, Lazy):
        if to.kind == "object":
            return Obj({name: convert(value.attribute(name, None), one.type) for name, one in to.attributes.items()})
        value = value.whole()
        return convert(value, to) if not isinstance(value, Lazy) else value
    if to.kind in ("list", "set", "tuple"):
        return _sequence(value, to)
    return _mapping(value, to)


def _simple(value: Value, kind: str) -> Value:
    if isinstance(value, (Text, Encoded)):
        return value if kind == "string" else opened(value)
    if kind == "string":
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, Decimal)):
            return string_of(value)
    elif kind == "number":
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            return number_in(value)
    elif isinstance(value, bool):
        return value
    elif value in ("true", "false"):
        return value == "true"
    raise EvalError(f"a {kind} is required, not {kind_of(value)}")


def number_in(value: str) -> int | Decimal:
    """Read the number that a string holds."""
    if value.strip() != value or "_" in value or len(value) > 400:  # noqa: PLR2004
        raise EvalError("a number is required")
    try:
        return plain(Decimal(value))
    except ArithmeticError:
        raise EvalError("a number is required") from None


def _sequence(value: Value, to: Type) -> Value:
    if not isinstance(value, Seq):
        raise EvalError(f"a {to.kind} is required, not {kind_of(value)}")
    if to.kind == "tuple":
        if len(value) != len(to.items):
            raise EvalError(f"a tuple of {len(to.items)} elements is required")
        return Seq((convert(one, kind) for one, kind in zip(value, to.items)), "tuple")
    element = to.element or ANY
    items = unified(value) if element.kind == "any" else [convert(one, element) for one in value]
    return set_of(items) if to.kind == "set" else Seq(items, "list")


def _mapping(value: Value, to: Type) -> Value:
    if not isinstance(value, Obj):
        raise EvalError(f"a {to.kind} is required, not {kind_of(value)}")
    if to.kind == "map":
        element = to.element or ANY
        items = unified(value.values()) if element.kind == "any" else [convert(one, element) for one in value.values()]
        return Obj(zip(value, items), "map", value.rest)
    found = Obj()
    for name, one in to.attributes.items():
        given = value.get(name)
        if name not in value and value.rest is not None:
            found[name] = value.rest
        elif name not in value and not one.may_miss:
            raise EvalError(f'attribute "{name}" is required')
        else:
            found[name] = convert(one.default if given is None and one.may_miss else given, one.type)
    return found


def set_of(items: Iterable[Value]) -> Seq:
    """Return a set in Terraform's order; elements that are not known stay at the end, each as it came."""
    known: dict[object, Value] = {}
    others: list[Value] = []
    for one in items:
        if is_open(one):
            if one not in others:
                others.append(one)
        else:
            known.setdefault(sort_key(one), one)
    return Seq([*(known[key] for key in sorted(known, key=_comparable)), *others], "set")


def sort_key(value: Value) -> object:
    """Return what tells values apart and orders them."""
    if value is None:
        return ("~null",)
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, (int, Decimal)):
        return ("number", value)
    if isinstance(value, str):
        return ("string", value.encode("utf-8", "surrogatepass"))
    if isinstance(value, Seq):
        return ("seq", *(sort_key(one) for one in value))
    if isinstance(value, Obj):
        return ("obj", *((key, sort_key(value[key])) for key in sorted(value)))
    return ("open", repr(value))


def _comparable(key: object) -> object:
    if isinstance(key, tuple) and key[0] in ("bool", "number", "string"):
        return (str(key[0]), key[1])
    return (str(key[0]) if isinstance(key, tuple) else "", repr(key))


def kind_of(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Decimal)):
        return "number"
    if isinstance(value, (str, Text, Encoded)):
        return "string"
    if isinstance(value, (Seq, Obj)):
        return value.kind
    return "any"


def type_of(value: Value) -> Type:
    """Return a value's type; ``any`` for what is not known or null."""
    kind = kind_of(value)
    if kind in ("string", "number", "bool"):
        return _SIMPLE[kind]
    if isinstance(value, Seq):
        types = [type_of(one) for one in value]
        return Type("tuple", items=tuple(types)) if kind == "tuple" else Type(kind, shared(types) or ANY)
    if isinstance(value, Obj):
        if kind == "map":
            return Type("map", shared([type_of(one) for one in value.values()]) or ANY)
        return Type("object", attributes={name: Optional(type_of(one)) for name, one in value.items()})
    return ANY


def shared(types: Sequence[Type]) -> Type | None:
    """Return the type that all *types* can be converted to; ``None`` if there is none."""
    found = [one for one in types if one.kind != "any"]
    if not found:
        return ANY
    first = found[0]
    if all(one == first for one in found[1:]):
        return first
    kinds = {one.kind for one in found}
    if kinds <= {"string", "number", "bool"}:
        return STRING if "string" in kinds else None
    if kinds <= {"list", "tuple", "set"}:
        return _shared_sequence(found, kinds)
    if kinds == {"object"} and all(one.attributes.keys() == first.attributes.keys() for one in found):
        attributes: dict[str, Optional] = {}
        for name in first.attributes:
            one = shared([other.attributes[name].type for other in found])
            if one is None:
                return None
            attributes[name] = Optional(one)
        return Type("object", attributes=attributes)
    if kinds <= {"map", "object"}:
        inner = [part for one in found for part in _parts(one)]
        element = shared(inner)
        return Type("map", element) if element is not None else None
    return None


def _shared_sequence(found: Sequence[Type], kinds: set[str]) -> Type | None:
    if kinds == {"tuple"} and len({len(one.items) for one in found}) == 1:
        columns = [shared(column) for column in zip(*(one.items for one in found))]
        return Type("tuple", items=tuple(one for one in columns if one)) if all(columns) else None
    element = shared([part for one in found for part in _parts(one)])
    if element is None:
        return None
    return Type("set" if kinds == {"set"} else "list", element)


def _parts(one: Type) -> list[Type]:
    if one.kind == "tuple":
        return list(one.items)
    if one.kind == "object":
        return [part.type for part in one.attributes.values()]
    return [one.element or ANY]


def unified(values: Iterable[Value]) -> list[Value]:
    """Return *values* with one type, as the elements of a list or map must have; as they are where there is none."""
    listed = list(values)
    to = shared([type_of(one) for one in listed])
    if to is None or to.kind == "any":
        return listed
    return [convert(one, to) for one in listed]
