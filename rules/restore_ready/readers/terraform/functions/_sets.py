"""Functions of sets, and questions about what a list holds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

from restore_ready.readers.terraform.functions._registry import function, rest_of
from restore_ready.readers.terraform.language import (
    BOOL,
    EvalError,
    Rest,
    Scope,
    Seq,
    TooMuchError,
    Unknown,
    Value,
    convert,
    equal,
    is_open,
    opened,
)  # fmt: skip
from restore_ready.readers.terraform.language._conversion import unified
from restore_ready.readers.terraform.language._sets import set_of, sort_key
from restore_ready.readers.terraform.language._types import shared, type_of

Keys: TypeAlias = "dict[object, Value]"


@function("contains", "lv")
def _contains(items: Seq, wanted: Value) -> Value:
    unknown = rest_of(items)
    for item in items:
        same = opened(item) if isinstance(item, Rest) else _loosely(item, wanted)
        if same is True:
            return True
        if isinstance(same, Unknown):
            unknown = unknown or opened(same)
    return False if unknown is None else unknown


def _loosely(item: Value, wanted: Value) -> bool | Unknown:
    """Return whether two values are the same once they are of the type that they have in common."""
    if not is_open(item) and not is_open(wanted):
        one, other = type_of(item), type_of(wanted)
        to = shared([one, other]) if one != other else None
        if to is not None:
            return equal(convert(item, to), convert(wanted, to))
    return equal(item, wanted)


@function("index", "lv")
def _index(items: Seq, wanted: Value) -> Value:
    if items.kind == "set":
        raise EvalError(why="a set has no order")
    for at, item in enumerate(items):
        same = opened(item) if isinstance(item, Rest) else _loosely(item, wanted)
        if same is True:
            return at
        if isinstance(same, Unknown):
            return opened(same)
    rest = rest_of(items)
    if rest is not None:
        return rest
    raise EvalError(why="the element is not in the list")


@function("alltrue", "l")
def _alltrue(items: Seq) -> Value:
    return _quantified(items, decides=False)


@function("anytrue", "l")
def _anytrue(items: Seq) -> Value:
    return _quantified(items, decides=True)


def _quantified(items: Seq, *, decides: bool) -> Value:
    unknown = rest_of(items)
    for item in items:
        if is_open(item):
            unknown = unknown or opened(item)
        elif (item is not None and convert(item, BOOL) is True) is decides:
            return decides
    return not decides if unknown is None else unknown


@function("setunion", "l*")
def _setunion(*sets: Seq | Rest) -> Value:
    if not sets:
        raise EvalError(why="it needs an argument")
    return set_of(unified(item for items in sets for item in ([items] if isinstance(items, Rest) else items)))


@function("setintersection", "k*")
def _setintersection(*sets: Value) -> Value:
    return _sets(sets, lambda key, others: all(key in other for other in others))


@function("setsubtract", "kk")
def _setsubtract(*sets: Value) -> Value:
    return _sets(sets, lambda key, others: not any(key in other for other in others))


def _sets(sets: tuple[Value, ...], keeps: Callable[[object, list[Keys]], bool]) -> Value:
    lists = [items for items in sets if isinstance(items, Seq)]
    if len(lists) < len(sets) or not lists:
        raise EvalError(why="a set is required")
    flat = unified(item for items in lists for item in items)
    parts: list[Keys] = []
    at = 0
    for items in lists:
        parts.append({sort_key(item): item for item in flat[at : at + len(items)]})
        at += len(items)
    return set_of(item for key, item in parts[0].items() if keeps(key, parts[1:]))


@function("setproduct", "l*", scoped=True)
def _setproduct(scope: Scope, *sets: Seq | Rest) -> Value:
    lists = [items for items in sets if isinstance(items, Seq)]
    rest = next((opened(items) for items in sets if isinstance(items, Rest)), None)
    rest = rest or next((found for items in lists if (found := rest_of(items)) is not None), None)
    if rest is not None:
        return Seq([Rest(rest)])
    if len(lists) < 2:  # noqa: PLR2004  # a product has two factors
        raise EvalError(why="it needs two or more sets")
    size = 1
    for items in lists:
        size *= len(items)
    if size > scope.budget.largest:
        raise TooMuchError
    scope.budget.spend(size)
    rows = [Seq(row) for row in product(*(unified(items) for items in lists))]
    return set_of(rows) if any(items.kind == "set" for items in lists) else Seq(rows, "list")
