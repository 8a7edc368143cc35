"""Evaluates expressions: each unknown part keeps its reason, and what does not depend on it stays known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from restore_ready.readers.terraform.language._branches import accepted, either, filled, spread
from restore_ready.readers.terraform.language._conditions import conditional, side
from restore_ready.readers.terraform.language._conversion import text_of, within
from restore_ready.readers.terraform.language._loops import for_expression, splat, template_for
from restore_ready.readers.terraform.language._operators import binary, inverse, logical, negative, truth
from restore_ready.readers.terraform.language._scope import Scope
from restore_ready.readers.terraform.language._sizes import within_size
from restore_ready.readers.terraform.language._steps import attribute, index
from restore_ready.readers.terraform.language._type_records import STRING
from restore_ready.readers.terraform.language._unknowns import fresh, is_null, is_open, opened, text
from restore_ready.readers.terraform.language._values import (
    Either,
    EvalError,
    LimitError,
    Null,
    Obj,
    Ref,
    Refused,
    Rest,
    Seq,
    Text,
    TooMuchError,
    Unknown,
    Value,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Expr, nodes

_MOST_PARTS: Final = 1000


def evaluate(expr: Expr, scope: Scope) -> Value:
    """Return the value of an expression.

    Raises:
        EvalError: where Terraform would refuse it.
        TooMuchError: when the budget is used up, or one value goes beyond a bound.
    """
    budget = scope.names.budget
    budget.spend()
    if budget.depth > budget.deepest:
        return Unknown("it is nested too deep", expr.span)
    budget.depth += 1
    try:
        return _HANDLERS[type(expr)](expr, scope)
    finally:
        budget.depth -= 1


def settled(expr: Expr, scope: Scope) -> Value:
    """Return the value of an expression as it is kept in another one, or in an attribute.

    What Terraform would refuse is unknown and says why, unless ``try`` surrounds it; a null has no type.

    Raises:
        EvalError: where Terraform would refuse it, inside ``try``.
        TooMuchError: when the budget is used up.
    """
    try:
        value = evaluate(expr, scope)
    except EvalError as error:
        if scope.trying:
            raise
        return Unknown(error.why, error.span or expr.span)
    except LimitError as error:
        return Unknown(error.why, expr.span)
    except RecursionError:
        return Unknown("it is nested too deep", expr.span)
    if isinstance(value, Null):
        return None
    return _kept(value, scope) if isinstance(value, Either) else value


def _kept(value: Either, scope: Scope) -> Value:
    """Return an open value without the sides that are refused; inside ``try`` these make it unknown."""
    found = accepted(value)
    return found if found is value or not scope.trying else opened(value.test)


def _literal(expr: nodes.Literal, scope: Scope) -> Value:  # noqa: ARG001  # one of the handlers
    return expr.value


def _bad(expr: nodes.Bad, scope: Scope) -> Value:  # noqa: ARG001  # one of the handlers
    return Unknown(expr.why, expr.span)


def _name(expr: nodes.Name, scope: Scope) -> Value:
    if expr.name in scope.bound:
        return scope.bound[expr.name]
    return scope.names.lookup(expr.name, expr.span)


def _get_attr(expr: nodes.GetAttr, scope: Scope) -> Value:
    return attribute(evaluate(expr.of, scope), expr.name, expr.span)


def _index(expr: nodes.Index, scope: Scope) -> Value:
    return index(evaluate(expr.of, scope), evaluate(expr.key, scope), expr.span)


def _splat(expr: nodes.Splat, scope: Scope) -> Value:
    each = expr.each
    return spread(
        lambda of: splat(of, lambda item: evaluate(each, scope.bind(**{"*": item})), expr.span),
        evaluate(expr.of, scope),
    )


def _item(expr: nodes.Item, scope: Scope) -> Value:  # noqa: ARG001  # one of the handlers
    return scope.bound["*"]


def _paren(expr: nodes.Paren, scope: Scope) -> Value:
    return evaluate(expr.of, scope)


def _cond(expr: nodes.Cond, scope: Scope) -> Value:
    return conditional(expr, scope, evaluate)


def _binary(expr: nodes.Binary, scope: Scope) -> Value:
    left = evaluate(expr.left, scope)
    if expr.op in ("&&", "||"):
        return logical(expr.op, left, lambda: evaluate(expr.right, scope), expr.span)
    return binary(expr.op, left, evaluate(expr.right, scope), expr.span)


def _unary(expr: nodes.Unary, scope: Scope) -> Value:
    value = evaluate(expr.of, scope)
    return inverse(value, expr.span) if expr.op == "!" else negative(value, expr.span)


def _tuple(expr: nodes.TupleOf, scope: Scope) -> Value:
    return within_size(Seq([settled(item, scope) for item in expr.items]), scope.budget.largest)


def _object(expr: nodes.ObjectOf, scope: Scope) -> Value:
    found = Obj()
    for key, item in expr.items:
        name = text_of(evaluate(key, scope))
        value = settled(item, scope)
        if isinstance(name, str):
            found[name] = value
        elif is_null(name):
            raise EvalError(why="a key is null", span=key.span)
        else:
            found.rest = found.rest or opened(name)
    return within_size(found, scope.budget.largest)


def _for(expr: nodes.For, scope: Scope) -> Value:
    found = spread(lambda over: for_expression(expr, over, scope, evaluate, settled), evaluate(expr.over, scope))
    return within_size(found, scope.budget.largest)


def _template(expr: nodes.Template, scope: Scope) -> Value:
    parts = [_piece(part, scope) for part in expr.parts]
    if any(isinstance(part, Either) for part in parts):
        return spread(lambda *sides: _joined(list(sides), scope), *parts)
    return _joined(parts, scope)


def _joined(parts: list[Value], scope: Scope) -> Value:
    if sum(len(part) for part in parts if isinstance(part, str)) > scope.budget.largest:
        raise TooMuchError
    return text(parts, _MOST_PARTS)


def _piece(expr: Expr, scope: Scope) -> Value:
    value = settled(expr, scope)
    if isinstance(value, (str, Unknown, Ref, Text)):
        return value
    if value is None:
        raise EvalError(why="a null stands in a template", span=expr.span)
    return within(value, STRING)


def _template_if(expr: nodes.TemplateIf, scope: Scope) -> Value:
    test = evaluate(expr.test, scope)
    return spread(lambda side: _template_side(expr, side, scope), test)


def _template_side(expr: nodes.TemplateIf, test: Value, scope: Scope) -> Value:
    decided = truth(test, expr.test.span)
    if isinstance(decided, Unknown):
        return either(fresh(decided), side(expr.yes, scope, evaluate), side(expr.no, scope, evaluate))
    return _template(expr.yes if decided else expr.no, scope)


def _template_for(expr: nodes.TemplateFor, scope: Scope) -> Value:
    over = evaluate(expr.over, scope)
    return spread(lambda side: _joined(template_for(expr, side, scope, evaluate), scope), over)


def _call(expr: nodes.Call, scope: Scope) -> Value:
    name = expr.name.removeprefix("core::")
    if name in ("try", "can"):
        return _try(expr, 0, scope.attempt()) if name == "try" else _can(expr, scope.attempt())
    function = scope.names.functions.get(name)
    if function is None:
        if "::" in name:
            return Unknown(f"{name}() is a provider's and can't be evaluated", expr.span)
        raise EvalError(why=f"there is no function {name}", span=expr.span)
    args = _arguments(expr, scope)
    scope.budget.spend(len(args) + sum(map(_work, args)))
    try:
        value = function(scope, args, expr.span)
    except EvalError as error:
        raise EvalError(why=f"{name}(): {error.why}", span=error.span or expr.span) from None
    scope.budget.spend(_work(value) // 8)
    return within_size(value, scope.budget.largest)


def _work(value: Value) -> int:
    """Return how many steps it takes a function to look at a value."""
    if isinstance(value, str):
        return len(value) // 64
    return len(value) if isinstance(value, (Seq, Obj)) else 0


def _arguments(expr: nodes.Call, scope: Scope) -> list[Value]:
    args = [evaluate(arg, scope) for arg in expr.args]
    if not expr.spread or not args:
        return args
    last = args.pop()
    if isinstance(last, Seq):
        args.extend(last)
    elif is_open(last):
        args.append(Rest(opened(last)))
    else:
        raise EvalError(why="only a list can be spread", span=expr.span)
    return args


def _try(expr: nodes.Call, number: int, scope: Scope) -> Value:
    """Return the value of the first argument from *number* on that Terraform does not refuse."""
    if number >= len(expr.args):
        raise EvalError(why="none of the arguments of try() can be evaluated", span=expr.span)
    try:
        value = evaluate(expr.args[number], scope)
    except EvalError:
        return _try(expr, number + 1, scope)
    return filled(value, lambda: _try(expr, number + 1, scope)) if isinstance(value, Either) else value


def _can(expr: nodes.Call, scope: Scope) -> Value:
    if len(expr.args) != 1:
        raise EvalError(why="can() takes one argument", span=expr.span)
    try:
        value = evaluate(expr.args[0], scope)
    except EvalError:
        return False
    return _accepts(value)


def _accepts(value: Value) -> Value:
    if isinstance(value, Either):
        return either(value.test, _accepts(value.yes), _accepts(value.no))
    if isinstance(value, Refused):
        return False
    return opened(value) if isinstance(value, Unknown) else True


_HANDLERS: dict[type[Expr], Callable[[Any, Scope], Value]] = {
    nodes.Literal: _literal, nodes.Bad: _bad, nodes.Name: _name, nodes.GetAttr: _get_attr, nodes.Index: _index,
    nodes.Splat: _splat, nodes.Item: _item, nodes.Paren: _paren, nodes.Cond: _cond, nodes.Binary: _binary,
    nodes.Unary: _unary, nodes.TupleOf: _tuple, nodes.ObjectOf: _object, nodes.For: _for, nodes.Template: _template,
    nodes.TemplateIf: _template_if, nodes.TemplateFor: _template_for, nodes.Call: _call,
}  # fmt: skip
