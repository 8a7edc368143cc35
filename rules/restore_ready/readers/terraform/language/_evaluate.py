"""Evaluates expressions: each unknown part keeps its reason, and what does not depend on it stays known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from restore_ready.readers.terraform.language._operators import attribute, binary, equal, index, logical, number, truth
from restore_ready.readers.terraform.language._types import STRING, convert, plain, shared, type_of
from restore_ready.readers.terraform.language._values import (
    EvalError,
    Lazy,
    Obj,
    Ref,
    Rest,
    Seq,
    Span,
    Text,
    TooMuch,
    Unknown,
    Value,
    first_open,
    is_open,
    opened,
    text,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import _nodes as s


@dataclass(slots=True)
class Budget:
    """Bounds of one evaluation, so that no configuration can hang it."""

    steps: int = 3_000_000
    depth: int = 0
    deepest: int = 300
    largest: int = 1_000_000
    """Characters of a string, elements of a collection."""

    def spend(self, steps: int = 1) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch


class Names(Protocol):
    """Where an expression's names lead."""

    root: Path
    confines: list[Path]
    budget: Budget
    functions: Mapping[str, Callable[..., Value]]

    def lookup(self, name: str, span: Span) -> Value: ...


@dataclass(slots=True)
class Scope:
    """The names that an expression sees: its module's, and what surrounds it."""

    names: Names
    bound: dict[str, Value] = field(default_factory=dict)
    trying: bool = False

    @property
    def budget(self) -> Budget:
        return self.names.budget

    def bind(self, **bound: Value) -> Scope:
        return Scope(self.names, {**self.bound, **bound}, self.trying)


def evaluate(expr: s.Expr, scope: Scope) -> Value:
    """Evaluate an expression.

    Raises:
        EvalError: where Terraform would refuse it.
        TooMuch: when the budget is used up.
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


def settled(expr: s.Expr, scope: Scope) -> Value:
    """Evaluate; what Terraform would refuse is unknown, and says why."""
    try:
        return evaluate(expr, scope)
    except EvalError as error:
        if scope.trying:
            raise
        return Unknown(error.why, error.span or expr.span)
    except RecursionError:
        return Unknown("it is nested too deep", expr.span)


def _literal(expr: s.Literal, scope: Scope) -> Value:
    return expr.value


def _bad(expr: s.Bad, scope: Scope) -> Value:
    return Unknown(expr.why, expr.span)


def _name(expr: s.Name, scope: Scope) -> Value:
    if expr.name in scope.bound:
        return scope.bound[expr.name]
    return scope.names.lookup(expr.name, expr.span)


def _get_attr(expr: s.GetAttr, scope: Scope) -> Value:
    return attribute(evaluate(expr.of, scope), expr.name, expr.span)


def _index(expr: s.Index, scope: Scope) -> Value:
    return index(evaluate(expr.of, scope), evaluate(expr.key, scope), expr.span)


def _splat(expr: s.Splat, scope: Scope) -> Value:
    of = evaluate(expr.of, scope)
    if of is None:
        return Seq()
    if isinstance(of, Unknown):
        return Seq([Rest(of)])
    items = of if isinstance(of, Seq) else [of]
    found = (one if isinstance(one, Rest) else evaluate(expr.each, scope.bind(**{"*": one})) for one in items)
    kind = "tuple" if not isinstance(of, Seq) or of.kind == "tuple" else "list"
    return Seq(found, kind, of.maybe if isinstance(of, Seq) else None)


def _item(expr: s.Item, scope: Scope) -> Value:
    return scope.bound["*"]


def _paren(expr: s.Paren, scope: Scope) -> Value:
    return evaluate(expr.of, scope)


def _cond(expr: s.Cond, scope: Scope) -> Value:
    test = truth(evaluate(expr.test, scope), expr.span)
    if isinstance(test, Unknown):
        yes, no = settled(expr.yes, scope), settled(expr.no, scope)
        return yes if not is_open(yes) and equal(yes, no) is True else test
    taken, other = (expr.yes, expr.no) if test else (expr.no, expr.yes)
    value = evaluate(taken, scope)
    if value is None or is_open(value) or isinstance(other, s.Literal) and isinstance(other.value, type(value)):
        return value
    try:
        rival = evaluate(other, scope)
    except EvalError:
        return value
    to = shared([type_of(value), type_of(rival)])
    if to is None and scope.trying and not first_open(value) and not first_open(rival):
        raise EvalError("the results of a condition have different types", expr.span)
    return value if to is None else convert(value, to)


def _binary(expr: s.Binary, scope: Scope) -> Value:
    left = evaluate(expr.left, scope)
    if expr.op in ("&&", "||"):
        return logical(expr.op, left, lambda: evaluate(expr.right, scope), expr.span)
    return binary(expr.op, left, evaluate(expr.right, scope), expr.span)


def _unary(expr: s.Unary, scope: Scope) -> Value:
    value = evaluate(expr.of, scope)
    if expr.op == "!":
        found = truth(value, expr.span)
        return found if isinstance(found, Unknown) else not found
    negated = number(value, expr.span)
    return negated if isinstance(negated, Unknown) else plain(-negated)


def _tuple(expr: s.TupleOf, scope: Scope) -> Value:
    return Seq([settled(one, scope) for one in expr.items])


def _object(expr: s.ObjectOf, scope: Scope) -> Value:
    found = Obj()
    for key, one in expr.items:
        name = convert(evaluate(key, scope), STRING)
        value = settled(one, scope)
        if isinstance(name, str):
            found[name] = value
        elif name is None:
            raise EvalError("a key is null", key.span)
        else:
            found.rest = found.rest or opened(name)
    return found


def elements(over: Value, span: Span) -> Iterator[tuple[Value, Value]]:
    """Give the keys and values that ``for`` runs over; a `Rest` as the value stands for further ones."""
    if isinstance(over, Lazy):
        over = over.whole()
    if isinstance(over, Obj):
        yield from sorted(over.items()) if len(over) < 2 else ((key, over[key]) for key in sorted(over))  # noqa: PLR2004
        if over.rest is not None:
            yield over.rest, Rest(over.rest)
    elif isinstance(over, Seq):
        yield from ((one if over.kind == "set" else at, one) for at, one in enumerate(over))
    elif is_open(over):
        yield opened(over), Rest(opened(over))
    else:
        raise EvalError("only lists, sets, maps and objects can be run over", span)


def _for(expr: s.For, scope: Scope) -> Value:
    over = evaluate(expr.over, scope)
    listed: list[Value] = []
    mapped = Obj()
    for key, value in elements(over, expr.span):
        scope.budget.spend()
        inner = scope.bind(
            **{expr.key_name: key, expr.value_name: value} if expr.key_name else {expr.value_name: value}
        )
        if isinstance(value, Rest):
            listed.append(value)
            mapped.rest = value.unknown
            continue
        kept = truth(evaluate(expr.test, inner), expr.test.span) if expr.test is not None else True
        if kept is False:
            continue
        if expr.key is None:
            listed.append(settled(expr.value, inner) if kept is True else Rest(kept))
        elif isinstance(kept, Unknown):
            mapped.rest = kept
        else:
            _put(mapped, convert(evaluate(expr.key, inner), STRING), settled(expr.value, inner), expr)
    if expr.key is None:
        return Seq(listed)
    return mapped


def _put(mapped: Obj, key: Value, value: Value, expr: s.For) -> None:
    if not isinstance(key, str):
        if key is None:
            raise EvalError("a key is null", expr.span)
        mapped.rest = opened(key)
    elif expr.group:
        group = mapped.setdefault(key, Seq())
        if isinstance(group, Seq):
            group.append(value)
    elif key in mapped:
        raise EvalError(f'two elements have the key "{key}"', expr.span)
    else:
        mapped[key] = value


def _template(expr: s.Template, scope: Scope) -> Value:
    parts = [_piece(one, scope) for one in expr.parts]
    if sum(len(one) for one in parts if isinstance(one, str)) > scope.budget.largest:
        raise TooMuch
    return text(parts)


def _piece(expr: s.Expr, scope: Scope) -> Value:
    value = settled(expr, scope)
    if isinstance(value, (Unknown, Ref, Text)):
        return value
    if value is None and not isinstance(expr, (s.TemplateIf, s.TemplateFor)):
        raise EvalError("a null stands in a template", expr.span)
    return convert(value, STRING)


def _template_if(expr: s.TemplateIf, scope: Scope) -> Value:
    test = truth(evaluate(expr.test, scope), expr.span)
    return test if isinstance(test, Unknown) else _template(expr.yes if test else expr.no, scope)


def _template_for(expr: s.TemplateFor, scope: Scope) -> Value:
    parts: list[Value] = []
    for key, value in elements(evaluate(expr.over, scope), expr.span):
        if isinstance(value, Rest):
            parts.append(value.unknown)
            continue
        inner = scope.bind(
            **{expr.key_name: key, expr.value_name: value} if expr.key_name else {expr.value_name: value}
        )
        parts.append(_template(expr.body, inner))
    return text(parts)


def _call(expr: s.Call, scope: Scope) -> Value:
    name = expr.name.removeprefix("core::")
    if name in ("try", "can"):
        return _trying(expr, scope, can=name == "can")
    known = scope.names.functions.get(name)
    if known is None:
        if "::" in name:
            return Unknown(f"{name}() can't be evaluated", expr.span)
        raise EvalError(f"there is no function {name}", expr.span)
    args = [evaluate(one, scope) for one in expr.args]
    if expr.spread and args:
        last = args.pop()
        if is_open(last):
            args.append(Rest(opened(last)))
        elif isinstance(last, Seq):
            args.extend(last)
        else:
            raise EvalError("only a list can be spread", expr.span)
    scope.budget.spend(len(args))
    try:
        value = known(scope, args, expr.span)
    except EvalError as error:
        raise EvalError(f"{name}(): {error.why}", error.span or expr.span) from None
    scope.budget.spend((len(value) if isinstance(value, (str, Seq, Obj)) else 0) // 8)
    return value


def _trying(expr: s.Call, scope: Scope, *, can: bool) -> Value:
    inner = Scope(scope.names, scope.bound, trying=True)
    for one in expr.args:
        try:
            value = evaluate(one, inner)
        except EvalError:
            continue
        if can:
            return opened(value) if isinstance(value, Unknown) else True
        return value
    if can:
        return False
    raise EvalError("none of the arguments of try() can be evaluated", expr.span)


_HANDLERS: dict[type[s.Expr], Callable[[Any, Scope], Value]] = {
    s.Literal: _literal, s.Bad: _bad, s.Name: _name, s.GetAttr: _get_attr, s.Index: _index, s.Splat: _splat,
    s.Item: _item, s.Paren: _paren, s.Cond: _cond, s.Binary: _binary, s.Unary: _unary, s.TupleOf: _tuple,
    s.ObjectOf: _object, s.For: _for, s.Template: _template, s.TemplateIf: _template_if,
    s.TemplateFor: _template_for, s.Call: _call,
}  # fmt: skip
