"""Types of values, and the type that several values can share."""

from __future__ import annotations

from collections.abc import Sequence

from restore_ready.readers.terraform.language._type_records import ANY, SIMPLE, STRING, Member, Type
from restore_ready.readers.terraform.language._values import Encoded, Null, Obj, Seq, Text, Unknown, Value
from restore_ready.readers.terraform.syntax import Real


def kind_of(value: Value) -> str:
    """Return what kind of value it is; any for what is not known."""
    if value is None or isinstance(value, Null):
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Real)):
        return "number"
    if isinstance(value, (str, Text, Encoded)):
        return "string"
    return value.kind if isinstance(value, (Seq, Obj)) else "any"


def type_of(value: Value) -> Type:
    """Return a value's type; any for what is not known, or a null of no type."""
    if isinstance(value, (Seq, Obj)):
        return value.type or _composed(value)
    if isinstance(value, Null):
        return value.type
    if isinstance(value, Unknown):
        return value.type or ANY
    return SIMPLE.get(kind_of(value), ANY)


def _composed(value: Seq | Obj) -> Type:
    if isinstance(value, Obj) and value.kind == "object":
        return Type("object", members={name: Member(type_of(part)) for name, part in value.items()})
    types = [type_of(part) for part in (value.values() if isinstance(value, Obj) else value)]
    return Type("tuple", items=tuple(types)) if value.kind == "tuple" else Type(value.kind, shared(types) or ANY)


def shared(types: Sequence[Type]) -> Type | None:
    """Return the type that all *types* can be converted to; ``None`` if there is none.

    As https://github.com/zclconf/go-cty/blob/main/cty/convert/unify.go.
    """
    known = [type_ for type_ in types if type_.kind != "any"]
    if not known:
        return ANY
    first = known[0]
    if all(type_ == first for type_ in known):
        return first
    kinds = {type_.kind for type_ in known}
    if kinds <= {"string", "number", "bool"}:
        return STRING if "string" in kinds else None
    return _shared_sequence(known, kinds) if kinds <= {"list", "tuple", "set"} else _shared_mapping(known, kinds)


def _shared_mapping(known: Sequence[Type], kinds: set[str]) -> Type | None:
    first = known[0]
    if kinds == {"object"} and all(type_.members.keys() == first.members.keys() for type_ in known):
        members = {name: shared([type_.members[name].type for type_ in known]) for name in first.members}
        if None in members.values():
            return None
        return Type("object", members={name: Member(type_ or ANY) for name, type_ in members.items()})
    return _of_parts("map", known) if kinds <= {"map", "object"} else None


def _shared_sequence(types: Sequence[Type], kinds: set[str]) -> Type | None:
    if kinds == {"tuple"} and len({len(type_.items) for type_ in types}) == 1:
        columns = [shared(column) for column in zip(*(type_.items for type_ in types), strict=True)]
        return None if None in columns else Type("tuple", items=tuple(column or ANY for column in columns))
    if kinds == {"list", "set"} and len({repr(type_.element) for type_ in types}) > 1:
        return ANY
    return _of_parts("set" if "set" in kinds else "list", types)


def _of_parts(kind: str, types: Sequence[Type]) -> Type | None:
    element = shared([part for type_ in types for part in _parts(type_)])
    return None if element is None else Type(kind, element)


def _parts(type_: Type) -> list[Type]:
    if type_.kind == "tuple":
        return list(type_.items)
    if type_.kind == "object":
        return [member.type for member in type_.members.values()]
    return [type_.element or ANY]
