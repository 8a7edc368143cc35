"""What a name stands for: an expression, and the names that it sees."""

from __future__ import annotations

from abc import ABC, abstractmethod

import msgspec

from restore_ready.readers.terraform.language import Scope
from restore_ready.readers.terraform.syntax import Expr, nodes


class Definition(msgspec.Struct, frozen=True):
    """An expression and the scope that it is evaluated in."""

    expr: Expr
    scope: Scope


class Definitions(ABC):
    """Tells what the names of a module are defined as."""

    address: str

    @abstractmethod
    def definition(self, kind: str, name: str, output: str) -> Definition | None:
        """Return what ``var.name``, ``local.name`` or ``module.name.output`` is defined as, where one place says it."""

    @abstractmethod
    def default(self, name: str) -> Definition | None:
        """Return the default of a variable that is not given."""


def followed(expr: Expr, scope: Scope) -> Definition:
    """Return what *expr* comes to if it is a name in brackets or without: the definition that the name leads to."""
    found = Definition(expr, scope)
    for _ in range(_MOST_STEPS):
        inner = next_definition(found)
        if inner is None:
            break
        found = inner
    return found


def default(found: Definition) -> Definition | None:
    """Return the default of ``var.name``, where nothing else gives it a value."""
    expr, names = found.expr, found.scope.names
    if not isinstance(names, Definitions) or not isinstance(expr, nodes.GetAttr):
        return None
    is_variable = isinstance(expr.of, nodes.Name) and expr.of.name == "var"
    return names.default(expr.name) if is_variable else None


_MOST_STEPS = 100


def next_definition(found: Definition) -> Definition | None:
    """Return what brackets hold, or what a name is defined as; ``None`` for anything else."""
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
