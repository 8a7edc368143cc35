"""What a name stands for: an expression, and the names that it sees."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import msgspec

from restore_ready.readers.terraform.language import Scope
from restore_ready.readers.terraform.syntax import Expr, Span, nodes


class Definition(msgspec.Struct, frozen=True):
    """An expression and the scope that it is evaluated in."""

    expr: Expr
    scope: Scope


@runtime_checkable
class Definitions(Protocol):
    """Tells what the names of a module are defined as."""

    address: str

    def definition(self, kind: str, name: str, output: str) -> Definition | None:
        """Return what ``var.name``, ``local.name`` or ``module.name.output`` is defined as, where one place says it."""

    def default(self, name: str) -> Definition | None:
        """Return the default of a variable that is not given."""


def followed(expr: Expr, scope: Scope) -> Definition:
    """Return what *expr* comes to if it is a name in brackets or without: the definition that the name leads to."""
    found = Definition(expr, scope)
    for _ in range(_MOST_STEPS):
        inner = _next(found)
        if inner is None:
            break
        found = inner
    return found


def origin(expr: Expr, scope: Scope) -> Span | None:
    """Return where the value of *expr* is written, if that is elsewhere; ``None`` where no one place says it."""
    found = followed(expr, scope)
    for _ in range(_MOST_STEPS):
        inner = _inside(found) or _default(found)
        if inner is None:
            break
        found = followed(inner.expr, inner.scope)
    return None if found.expr is expr else found.expr.span


def _inside(found: Definition) -> Definition | None:
    """Return what ``name.key`` comes to where ``name`` is an object that is written out."""
    if not isinstance(found.expr, nodes.GetAttr):
        return None
    whole = followed(found.expr.of, found.scope)
    pairs = whole.expr.items if isinstance(whole.expr, nodes.ObjectOf) else []
    values = [value for key, value in pairs if _key(key) == found.expr.name]
    return Definition(values[-1], whole.scope) if values else None


def _key(expr: Expr) -> str:
    return expr.name if isinstance(expr, nodes.Name) else str(getattr(expr, "value", ""))


def _default(found: Definition) -> Definition | None:
    """Return the default of ``var.name``, where nothing else gives it a value."""
    expr, names = found.expr, found.scope.names
    if not isinstance(names, Definitions) or not isinstance(expr, nodes.GetAttr):
        return None
    is_variable = isinstance(expr.of, nodes.Name) and expr.of.name == "var"
    return names.default(expr.name) if is_variable else None


_MOST_STEPS = 100


def _next(found: Definition) -> Definition | None:
    expr = found.expr
    if isinstance(expr, nodes.Paren):
        return Definition(expr.of, found.scope)
    names = found.scope.names
    if not isinstance(expr, nodes.GetAttr) or not isinstance(names, Definitions):
        return None
    if isinstance(expr.of, nodes.Name) and expr.of.name in {"var", "local"}:
        return names.definition(expr.of.name, expr.name, "")
    called = expr.of.of if isinstance(expr.of, nodes.GetAttr) else None
    if isinstance(expr.of, nodes.GetAttr) and isinstance(called, nodes.Name) and called.name == "module":
        return names.definition("module", expr.of.name, expr.name)
    return None
