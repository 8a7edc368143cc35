"""Conditions: https://developer.hashicorp.com/terraform/language/expressions/conditionals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from restore_ready.readers.terraform.language._branches import either, spread
from restore_ready.readers.terraform.language._conversion import convert
from restore_ready.readers.terraform.language._operators import truth
from restore_ready.readers.terraform.language._scope import Scope
from restore_ready.readers.terraform.language._type_records import ANY, BOOL, NUMBER, Type
from restore_ready.readers.terraform.language._types import shared, type_of
from restore_ready.readers.terraform.language._unknowns import fresh, is_open
from restore_ready.readers.terraform.language._values import (
    Either,
    EvalError,
    Failed,
    Null,
    Refused,
    Text,
    Unknown,
    Value,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Expr, nodes

_ARITHMETIC: Final = frozenset("+-*/%")
Evaluate: TypeAlias = Callable[[Expr, Scope], Value]


def conditional(expr: nodes.Cond, scope: Scope, evaluate: Evaluate) -> Value:
    """Return the value of a condition's side, of both where the test is not known.

    Raises:
        EvalError: where Terraform would refuse it.
    """
    return spread(lambda test: _chosen(expr, test, scope, evaluate), evaluate(expr.test, scope))


def _chosen(expr: nodes.Cond, test: Value, scope: Scope, evaluate: Evaluate) -> Value:
    decided = truth(test, expr.test.span)
    if isinstance(decided, Unknown):
        return _undecided(expr, decided, scope, evaluate)
    taken, other = (expr.yes, expr.no) if decided else (expr.no, expr.yes)
    value = evaluate(taken, scope)
    if isinstance(other, nodes.Literal) and type(other.value) is type(value):
        return value
    return _unified(expr, value, side(other, scope, evaluate))


def _undecided(expr: nodes.Cond, test: Unknown, scope: Scope, evaluate: Evaluate) -> Value:
    yes, no = side(expr.yes, scope, evaluate), side(expr.no, scope, evaluate)
    if isinstance(yes, Refused) and isinstance(no, Refused):
        raise EvalError(yes.why, yes.span)
    first, second = _unified(expr, yes, no), _unified(expr, no, yes)
    return either(fresh(test), _untyped(first), _untyped(second))


def _untyped(value: Value) -> Value:
    return None if isinstance(value, Null) else value


def side(expr: Expr, scope: Scope, evaluate: Evaluate) -> Value:
    """Return the value of one side of a condition, `Failed` where Terraform would refuse it."""
    try:
        return evaluate(expr, scope)
    except EvalError as error:
        return Failed(error.why, error.span or expr.span, _failed_type(expr, scope, evaluate))


def _failed_type(expr: Expr, scope: Scope, evaluate: Evaluate) -> Type | None:
    """Return the type that an expression has even where Terraform refuses it."""
    while isinstance(expr, nodes.Paren):
        expr = expr.of
    if isinstance(expr, nodes.Cond):
        sides = (side(expr.yes, scope, evaluate), side(expr.no, scope, evaluate))
        return shared([_side_type(value) for value in sides])
    if isinstance(expr, nodes.Binary):
        return NUMBER if expr.op in _ARITHMETIC else BOOL
    return (BOOL if expr.op == "!" else NUMBER) if isinstance(expr, nodes.Unary) else None


def _side_type(value: Value) -> Type:
    return value.type or ANY if isinstance(value, Failed) else type_of(value)


def _unified(expr: nodes.Cond, value: Value, rival: Value) -> Value:
    """Return *value* with the type that it and *rival*, the other result, have in common."""
    if isinstance(value, (Refused, Either)) or (is_open(value) and not isinstance(value, (Text, Unknown))):
        return value
    to = shared([type_of(value), _side_type(rival)])
    if to is None:
        raise EvalError(why="the results of a condition have different types", span=expr.span)
    return convert(value, to)
