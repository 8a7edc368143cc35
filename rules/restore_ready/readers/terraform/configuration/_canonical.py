"""Writes open expressions so that two of the same value are written alike, wherever they stand.

Names are followed to what is open, and what is known stands there as its value: a local value ``on = var.create`` and a
module's argument ``enabled = local.on`` both give ``var.create``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from restore_ready.readers.terraform.configuration._definitions import Definitions, followed
from restore_ready.readers.terraform.language import (
    EvalError,
    Null,
    Ref,
    Scope,
    TooMuchError,
    Value,
    first_open,
    settled,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Expr, Real, nodes

_DEEPEST: Final = 40
_LONGEST: Final = 2000
_STEPS: Final = 5_000


def canonical(expr: Expr, scope: Scope) -> str:
    """Return what an open expression is, in Terraform's syntax; one that is too long stands as its place."""
    budget = scope.names.budget
    outer = budget.steps
    given = budget.steps = min(outer, _STEPS)
    try:
        written = _written(expr, scope, 0)
    except (EvalError, TooMuchError, RecursionError):
        return _at(expr, scope)
    finally:
        budget.steps = outer - (given - budget.steps)
    return written if len(written) <= _LONGEST else _at(expr, scope)


def _written(expr: Expr, scope: Scope, depth: int) -> str:
    if depth > _DEEPEST:
        return _at(expr, scope)
    found = followed(expr, scope)
    expr, scope = found.expr, found.scope
    value = settled(expr, scope)
    if isinstance(value, Ref):
        return str(value)
    if first_open(value) is None:
        return _known(value)
    write = _WRITERS.get(type(expr))
    return write(expr, scope, depth + 1) if write is not None else _at(expr, scope)


def _known(value: Value) -> str:
    if isinstance(value, Null):
        return "null"
    return json.dumps(value, default=lambda part: float(part) if isinstance(part, Real) else repr(part), sort_keys=True)


def _at(expr: Expr, scope: Scope) -> str:
    module = _module(scope)
    return f"the expression in {expr.span}:{expr.span.start}{' of ' if module else ''}{module}"


def _module(scope: Scope) -> str:
    """Return the address of the module whose names are in *scope*."""
    names: object = scope.names
    return names.address if isinstance(names, Definitions) else ""


def _name(expr: nodes.Name, scope: Scope, _: int) -> str:
    value = scope.bound.get(expr.name)
    if value is None:
        module = _module(scope)
        return f"{module}{'.' if module else ''}{expr.name}"
    unknown = first_open(value)
    return f"{expr.name} ({unknown.why})" if unknown is not None else expr.name


def _get_attr(expr: nodes.GetAttr, scope: Scope, depth: int) -> str:
    if isinstance(expr.of, nodes.Name):
        unknown = first_open(settled(expr, scope)) if expr.of.name == "each" else None
        return unknown.why if unknown is not None else f"{_name(expr.of, scope, depth)}.{expr.name}"
    return f"{_written(expr.of, scope, depth)}.{expr.name}"


def _index(expr: nodes.Index, scope: Scope, depth: int) -> str:
    return f"{_written(expr.of, scope, depth)}[{_written(expr.key, scope, depth)}]"


def _splat(expr: nodes.Splat, scope: Scope, depth: int) -> str:
    each = _written(expr.each, scope.bind(**{"*": Ref("*", ())}), depth)
    return f"{_written(expr.of, scope, depth)}[{each}]"


def _call(expr: nodes.Call, scope: Scope, depth: int) -> str:
    given = ", ".join(_written(argument, scope, depth) for argument in expr.args)
    return f"{expr.name}({given}{'...' if expr.spread else ''})"


def _cond(expr: nodes.Cond, scope: Scope, depth: int) -> str:
    known = settled(expr.test, scope)
    if isinstance(known, bool):
        return _written(expr.yes if known else expr.no, scope, depth)
    test, yes, no = (_written(part, scope, depth) for part in (expr.test, expr.yes, expr.no))
    return f"({test} ? {yes} : {no})"


def _binary(expr: nodes.Binary, scope: Scope, depth: int) -> str:
    return f"({_written(expr.left, scope, depth)} {expr.op} {_written(expr.right, scope, depth)})"


def _unary(expr: nodes.Unary, scope: Scope, depth: int) -> str:
    return f"{expr.op}{_written(expr.of, scope, depth)}"


def _tuple(expr: nodes.TupleOf, scope: Scope, depth: int) -> str:
    return f"[{', '.join(_written(item, scope, depth) for item in expr.items)}]"


def _object(expr: nodes.ObjectOf, scope: Scope, depth: int) -> str:
    items = (f"{_written(key, scope, depth)} = {_written(value, scope, depth)}" for key, value in expr.items)
    return f"{{{', '.join(items)}}}"


def _for(expr: nodes.For, scope: Scope, depth: int) -> str:
    named = [name for name in (expr.key_name, expr.value_name) if name]
    inner = scope.bind(**{name: Ref(name, ()) for name in named})
    head = f"for {', '.join(named)} in {_written(expr.over, scope, depth)}"
    key = f"{_written(expr.key, inner, depth)} => " if expr.key is not None else ""
    test = f" if {_written(expr.test, inner, depth)}" if expr.test is not None else ""
    body = f"{head} : {key}{_written(expr.value, inner, depth)}{'...' if expr.group else ''}{test}"
    return f"{{{body}}}" if key else f"[{body}]"


def _template(expr: nodes.Template, scope: Scope, depth: int) -> str:
    return f'"{"".join(f"${{{_written(part, scope, depth)}}}" for part in expr.parts)}"'


_WRITERS: Final[dict[type[Expr], Callable[[Any, Scope, int], str]]] = {
    nodes.Name: _name, nodes.GetAttr: _get_attr, nodes.Index: _index, nodes.Splat: _splat, nodes.Call: _call,
    nodes.Cond: _cond, nodes.Binary: _binary, nodes.Unary: _unary, nodes.TupleOf: _tuple, nodes.ObjectOf: _object,
    nodes.For: _for, nodes.Template: _template,
}  # fmt: skip
