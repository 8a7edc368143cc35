"""What runs over lists, sets, maps and objects: ``for``, splats, ``for_each``, ``dynamic``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec

from restore_ready.readers.terraform.language._branches import leaves
from restore_ready.readers.terraform.language._conversion import text_of
from restore_ready.readers.terraform.language._operators import truth
from restore_ready.readers.terraform.language._scope import Scope
from restore_ready.readers.terraform.language._types import kind_of
from restore_ready.readers.terraform.language._unknowns import fresh, identical, is_null, is_open, named, opened
from restore_ready.readers.terraform.language._values import (
    Either,
    EvalError,
    Lazy,
    Maybe,
    Null,
    Obj,
    Ref,
    Refused,
    Rest,
    Seq,
    Unknown,
    Value,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Expr, Span, nodes

Evaluate: TypeAlias = Callable[[Expr, Scope], Value]


def elements(over: Value, span: Span | None) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and values that ``for`` runs over; a `Rest` as the value stands for further ones.

    Raises:
        EvalError: if nothing can run over it.
    """
    if isinstance(over, Lazy):
        over = over.whole()
    if isinstance(over, Obj):
        yield from _pairs(over)
    elif isinstance(over, Seq):
        for at, item in enumerate(over):
            yield (item if over.kind == "set" else at), item
        if over.maybe is not None:
            yield opened(over.maybe), Rest(opened(over.maybe))
    elif is_open(over):
        yield opened(over), Rest(opened(over))
    else:
        raise EvalError(why=f"only lists, sets, maps and objects can be run over, not {kind_of(over)}", span=span)


def _pairs(over: Obj) -> Iterator[tuple[Value, Value]]:
    for key in sorted({*over, *over.possible}):
        yield key, over[key] if key in over else over.possible[key]
    if over.rest is not None and not over.possible:
        yield opened(over.rest), Rest(opened(over.rest))


class Element(msgspec.Struct, frozen=True):
    """One element that ``for_each`` gives, and the conditions under which it does.

    A key of `Unknown` stands for any number of elements.
    """

    key: Value
    value: Value
    maybe: tuple[Unknown, ...] = ()


def possible(over: Value, span: Span | None) -> list[Element]:
    """Return what ``for_each`` or ``dynamic`` gives for *over*, with what each element depends on.

    Raises:
        EvalError: if nothing can run over it.
    """
    if not isinstance(over, Either):
        return [_element(key, value, over) for key, value in elements(over, span)]
    sides = [(conditions, possible(leaf, span)) for conditions, leaf in leaves(over) if not isinstance(leaf, Refused)]
    found: list[Element] = []
    for conditions, side in sides:
        for element in side:
            always = all(any(_same(element, other) for other in others) for _, others in sides)
            if not any(_same(element, other) for other in found):
                found.append(
                    element if always else msgspec.structs.replace(element, maybe=(*conditions, *element.maybe))
                )
    return found


def _same(one: Element, other: Element) -> bool:
    return one.key == other.key and (one.value is other.value or identical(one.value, other.value))


def _element(key: Value, value: Value, over: Value) -> Element:
    if isinstance(value, Maybe):
        key = value.value if isinstance(over, Seq) and over.kind == "set" else key
        return Element(key, value.value, (value.unknown,))
    if isinstance(value, Rest):
        return Element(value.unknown, value.unknown, (value.unknown,))
    if isinstance(over, Seq) and over.kind == "set" and is_open(value) and not isinstance(value, Ref):
        return Element(named(value), value, (opened(value),))
    return Element(key, value)


def _bound(expr: nodes.For | nodes.TemplateFor, key: Value, value: Value, scope: Scope) -> Scope:
    if expr.key_name:
        return scope.bind(**{expr.key_name: key, expr.value_name: value})
    return scope.bind(**{expr.value_name: value})


def for_expression(expr: nodes.For, over: Value, scope: Scope, evaluate: Evaluate, settle: Evaluate) -> Value:
    """Return what a ``for`` expression gives.

    Raises:
        EvalError: where Terraform would refuse it.
    """
    if isinstance(expr.test, nodes.Literal) and expr.test.value is None:
        raise EvalError(why="the condition is null", span=expr.test.span)
    listed: list[Value] = []
    mapped = Obj()
    for key, value in elements(over, expr.span):
        scope.budget.spend()
        if isinstance(value, Rest) and not isinstance(value, Maybe):
            listed.append(value)
            mapped.rest = mapped.rest or value.unknown
            continue
        inner = _bound(expr, key, value.value if isinstance(value, Maybe) else value, scope)
        kept = truth(evaluate(expr.test, inner), expr.test.span) if expr.test is not None else True
        if kept is False:
            continue
        if isinstance(value, Maybe):
            kept = value.unknown if kept is True else opened(kept if isinstance(kept, Unknown) else value)
        result = settle(expr.value, inner)
        if expr.key is None:
            listed.append(Maybe(fresh(kept), result) if isinstance(kept, Unknown) else result)
        else:
            name = text_of(evaluate(expr.key, inner))
            _put(mapped, name, Maybe(kept, result) if isinstance(kept, Unknown) else result, expr)
    return Seq(listed) if expr.key is None else mapped


def _put(mapped: Obj, key: Value, value: Value, expr: nodes.For) -> None:
    if is_null(key):
        raise EvalError(why="a key is null", span=expr.span)
    if not isinstance(key, str):
        mapped.rest = mapped.rest or opened(key)
    elif isinstance(value, Maybe):
        mapped.rest = mapped.rest or opened(value)
        if not expr.group:
            mapped.possible[key] = Maybe(fresh(value.unknown), value.value)
    elif expr.group:
        group = mapped.setdefault(key, Seq())
        if isinstance(group, Seq):
            group.append(value)
    elif key in mapped:
        raise EvalError(why=f'two elements have the key "{key}"', span=expr.span)
    else:
        mapped[key] = value


def splat(of: Value, each: Callable[[Value], Value], span: Span | None) -> Value:
    """Return what ``of[*]`` gives, *each* of whose elements is taken further.

    Raises:
        EvalError: where Terraform would refuse it.
    """
    if of is None:
        return Seq()
    if isinstance(of, Null):
        if of.type.kind in ("list", "set", "tuple"):
            raise EvalError(why="a list is required, not null", span=span)
        return Seq()
    if isinstance(of, Unknown) or (isinstance(of, Ref) and of.path):
        return Seq([Rest(opened(of))])
    if not isinstance(of, Seq):
        return Seq([_plain(each(of))])
    items = [_splat_item(item, each) for item in of]
    return Seq(items, "tuple" if of.kind == "tuple" else "list", of.maybe)


def _splat_item(item: Value, each: Callable[[Value], Value]) -> Value:
    if isinstance(item, Maybe):
        return Maybe(item.unknown, _plain(each(item.value)))
    return item if isinstance(item, Rest) else _plain(each(item))


def _plain(value: Value) -> Value:
    return None if isinstance(value, Null) else value


def template_for(expr: nodes.TemplateFor, over: Value, scope: Scope, evaluate: Evaluate) -> list[Value]:
    """Return the parts of the text that a ``%{ for }`` gives.

    Raises:
        EvalError: where Terraform would refuse it.
    """
    parts: list[Value] = []
    for key, value in elements(over, expr.span):
        if isinstance(value, Rest):
            parts.append(value.unknown)
        else:
            found = evaluate(expr.body, _bound(expr, key, value, scope))
            parts.append(opened(found) if isinstance(found, Either) else found)
    return parts
