"""On what the existence of a block depends, where that is not known."""

from __future__ import annotations

from typing import Final

import msgspec

from restore_ready.readers.terraform.configuration._canonical import canonical
from restore_ready.readers.terraform.configuration._definitions import followed
from restore_ready.readers.terraform.language import Scope, Unknown, Value, is_open, opened, settled
from restore_ready.readers.terraform.syntax import Expr, nodes

_DEEPEST: Final = 30

STEP: Final = 2_000
"""What it costs to look into a part of an open expression, in steps of the evaluation."""


class Condition(msgspec.Struct, frozen=True):
    """Something not known that must hold for a block to exist.

    Attributes:
        key: the open expression, its names followed to what is open: ``var.on``, ``!module.a.var.on``,
            ``length(var.teams) > 0``. Of two blocks with the same key, either both meet it or none.
        unknown: why it is not known, and where that is written.
    """

    key: str
    unknown: Unknown

    def __str__(self) -> str:
        """Return it in words: ``var.on (var.on has no value: variables.tf:3)``."""
        where = f": {self.unknown.span}" if self.unknown.span is not None else ""
        return f"{self.key} ({self.unknown.why}{where})"


Conditions = tuple[Condition, ...]
"""All of them must hold."""


def conditions(test: Expr, scope: Scope, *, holds: bool = True) -> Conditions:
    """Return what must hold for the open expression *test* to be true, or false where it is not to hold."""
    return tuple(dict.fromkeys(_conditions(test, scope, holds, 0)))


def _conditions(test: Expr, scope: Scope, holds: bool, depth: int) -> Conditions:  # noqa: FBT001 - passed down
    scope.budget.spend(STEP)
    value = settled(test, scope)
    if isinstance(value, bool) and value is holds:
        return ()
    found = followed(test, scope)
    expr, scope = found.expr, found.scope
    if depth < _DEEPEST:
        if isinstance(expr, nodes.Unary) and expr.op == "!":
            return _conditions(expr.of, scope, not holds, depth + 1)
        if isinstance(expr, nodes.Binary) and expr.op == ("&&" if holds else "||"):
            return tuple(
                condition
                for side in (expr.left, expr.right)
                for condition in _conditions(side, scope, holds, depth + 1)
            )
        if isinstance(expr, nodes.Binary) and (same := _compared_with_bool(expr, scope)) is not None:
            return _conditions(same[0], scope, same[1] is holds, depth + 1)
        if isinstance(expr, nodes.Binary) and expr.op == "!=":
            return _conditions(nodes.Binary(expr.span, "==", expr.left, expr.right), scope, not holds, depth + 1)
    unknown = opened(value) if is_open(value) else Unknown("it is not true or false", test.span)
    key = canonical(expr, scope)
    return (Condition(key if holds else f"!{key}", unknown),)


def _compared_with_bool(expr: nodes.Binary, scope: Scope) -> tuple[Expr, bool] | None:
    """Return what is compared with true or false, and whether it must be true."""
    if expr.op not in {"==", "!="}:
        return None
    for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
        known = settled(side, scope)
        if isinstance(known, bool):
            return other, known is (expr.op == "==")
    return None


def condition_of(unknown: Unknown) -> Condition:
    """Return the condition that an open value is true."""
    return Condition(unknown.origin or f"{unknown.why} ({unknown.span})", unknown)


def more_than_none(expr: Expr, scope: Scope, value: Value, what: str) -> Condition:
    """Return the condition that an open count or collection is more than none; *what* says which of both."""
    return Condition(f"{canonical(expr, scope)} {what}", opened(value))
