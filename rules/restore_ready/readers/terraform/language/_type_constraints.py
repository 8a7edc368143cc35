"""Type constraints as they are written: https://developer.hashicorp.com/terraform/language/expressions/type-constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from restore_ready.readers.terraform.language._conversion import convert
from restore_ready.readers.terraform.language._type_records import ANY, SIMPLE, Member, Type
from restore_ready.readers.terraform.language._values import Value
from restore_ready.readers.terraform.syntax import Expr, nodes

_BARE: Final = {kind: Type(kind, ANY) for kind in ("list", "set", "map")}
_WITH_DEFAULT: Final = 2
Constant = Callable[[Expr], Value]


def read_type(expr: Expr, constant: Constant | None = None) -> Type:
    """Return the type that an expression names, any for what is none; *constant* evaluates defaults."""
    if isinstance(expr, (nodes.Literal, nodes.Name)):
        name = expr.name if isinstance(expr, nodes.Name) else str(expr.value)
        return SIMPLE.get(name) or _BARE.get(name) or ANY
    return _composed(expr, constant) if isinstance(expr, nodes.Call) and expr.args else ANY


def _composed(expr: nodes.Call, constant: Constant | None) -> Type:
    first = expr.args[0]
    if expr.name in _BARE:
        return Type(expr.name, read_type(first, constant))
    if expr.name == "tuple" and isinstance(first, nodes.TupleOf):
        return Type("tuple", items=tuple(read_type(item, constant) for item in first.items))
    if expr.name == "object" and isinstance(first, nodes.ObjectOf):
        pairs = [(key.value, item) for key, item in first.items if isinstance(key, nodes.Literal)]
        return Type("object", members={str(name): _member(item, constant) for name, item in pairs})
    return ANY


def _member(expr: Expr, constant: Constant | None) -> Member:
    if not isinstance(expr, nodes.Call) or expr.name != "optional" or not expr.args:
        return Member(read_type(expr, constant))
    inner = read_type(expr.args[0], constant)
    given = constant is not None and len(expr.args) == _WITH_DEFAULT
    return Member(inner, optional=True, default=convert(constant(expr.args[1]), inner) if given and constant else None)
