"""Types of values and type constraints: https://developer.hashicorp.com/terraform/language/expressions/type-constraints."""

from __future__ import annotations

from typing import Final

import msgspec


class Member(msgspec.Struct, frozen=True):
    """An attribute of an object type: its type, whether it may be missing, and what then stands for it."""

    type: Type
    optional: bool = False
    default: object = None


class Type(msgspec.Struct, frozen=True):
    """A type.

    ``kind`` is string, number, bool, any, list, set, map, object or tuple; *element* is of lists, sets and maps,
    *members* of objects, *items* of tuples.
    """

    kind: str
    element: Type | None = None
    members: dict[str, Member] = {}
    items: tuple[Type, ...] = ()


ANY: Final = Type("any")
STRING: Final = Type("string")
NUMBER: Final = Type("number")
BOOL: Final = Type("bool")
SIMPLE: Final = {type_.kind: type_ for type_ in (ANY, STRING, NUMBER, BOOL)}
