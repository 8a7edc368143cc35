"""Functions of lists: what is known of a partly known one stays known.

https://developer.hashicorp.com/terraform/language/functions#collection-functions
"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.readers.terraform.functions._graphemes import graphemes
from restore_ready.readers.terraform.functions._registry import function, rest_of, whole
from restore_ready.readers.terraform.language import (
    STRING,
    EvalError,
    Lazy,
    Maybe,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    Unknown,
    Value,
    convert,
    either,
    first_open,
    fresh,
    is_null,
    is_open,
    opened,
)  # fmt: skip
from restore_ready.readers.terraform.language._conversion import unified
from restore_ready.readers.terraform.language._sets import sort_key
from restore_ready.readers.terraform.language._types import shared, type_of
from restore_ready.readers.terraform.syntax import Number


@function("length", "v")
def _length(value: Value) -> Value:
    if isinstance(value, Lazy):
        value = value.whole()
    if is_open(value):
        return opened(value)
    if isinstance(value, Seq):
        return _count(value)
    if isinstance(value, Obj):
        return len(value) if value.rest is None else opened(value.rest)
    if isinstance(value, str):
        return len(graphemes(value))
    raise EvalError(why="a list, map or string is required")


def _count(items: Seq) -> Value:
    if items.kind == "set" and len(items) > 1 and any(is_open(item) for item in items):
        return first_open(items)
    rest = rest_of(items)
    return len(items) if rest is None else rest


@function("concat", "v*")
def _concat(*lists: Value) -> Value:
    found: list[Value] = []
    maybe: Unknown | None = None
    for listed in lists:
        if isinstance(listed, Seq) and listed.kind != "set":
            found.extend(listed)
            maybe = maybe or listed.maybe
        elif is_open(listed):
            found.append(Rest(opened(listed)))
        else:
            raise EvalError(why="a list is required")
    if not lists:
        raise EvalError(why="it needs an argument")
    types = [type_of(listed) for listed in lists]
    same = all(type_.kind == "list" and type_ == types[0] for type_ in types)
    return Seq(found, "list" if same else "tuple", maybe)


@function("flatten", "v")
def _flatten(value: Value) -> Value:
    if is_open(value):
        return Seq([Rest(opened(value))])
    if not isinstance(value, Seq):
        raise EvalError(why="a list is required")
    return Seq(_flat(value), maybe=value.maybe)


def _flat(items: Seq) -> Iterator[Value]:
    for item in items:
        if isinstance(item, Seq):
            yield from _flat(item)
            if item.maybe is not None:
                yield Rest(opened(item.maybe))
        elif isinstance(item, Unknown):
            yield Rest(opened(item)) if item.type is None else item
        else:
            yield item


@function("element", "ln")
def _element(items: Seq, at: Number) -> Value:
    number = whole(at)
    rest = rest_of(items)
    if rest is not None:
        known = 0 <= number < len(items) and not any(isinstance(item, Rest) for item in items[: number + 1])
        return items[number] if known and items.maybe is None else rest
    if items.kind == "set":
        raise EvalError(why="a set has no order")
    if not items:
        raise EvalError(why="the list is empty")
    return items[number % len(items)]


@function("one", "v")
def _one(items: Value) -> Value:
    if isinstance(items, Seq):
        if len(items) == 1 and isinstance(items[0], Maybe):
            return _either_null(items[0])
        rest = rest_of(items)
        if rest is not None:
            return rest
        if len(items) > 1:
            raise EvalError(why="the list has more than one element")
        return items[0] if items else None
    if is_open(items):
        return opened(items)
    if is_null(items):
        raise EvalError(why="an argument is null")
    return items


def _either_null(item: Maybe) -> Value:
    return either(fresh(item.unknown), item.value, None)


@function("compact", "l")
def _compact(items: Seq) -> Value:
    found = (item if is_open(item) else convert(item, STRING) for item in items if item is not None and item != "")
    return Seq([Rest(opened(item)) if isinstance(item, Unknown) else item for item in found], "list", items.maybe)


@function("distinct", "l")
def _distinct(items: Seq) -> Value:
    found: list[Value] = []
    seen: set[object] = set()
    for item in unified(items):
        key = item if isinstance(item, (Ref, Text, Unknown, Rest)) else sort_key(item)
        if key not in seen:
            seen.add(key)
            found.append(item)
    return Seq(found, "list", items.maybe)


def _bytes(text: str) -> bytes:
    return text.encode()


@function("sort", "l")
def _sort(items: Seq) -> Value:
    if rest_of(items) is not None or any(is_open(item) for item in items):
        return Seq(items, "set", items.maybe)
    if any(item is None for item in items):
        raise EvalError(why="an element is null")
    return Seq([*sorted((str(convert(item, STRING)) for item in items), key=_bytes)], "list")


@function("reverse", "l")
def _reverse(items: Seq) -> Value:
    return Seq(reversed(items), "tuple" if items.kind == "tuple" else "list", items.maybe)


@function("slice", "lnn")
def _slice(items: Seq, start: Number, end: Number) -> Value:
    first, last = whole(start), whole(end)
    rest = rest_of(items)
    if rest is not None:
        return Seq([Rest(rest)])
    if items.kind == "set":
        raise EvalError(why="a set has no order")
    if not 0 <= first <= last <= len(items):
        raise EvalError(why="the indices do not lie in the list")
    return Seq(items[first:last], items.kind)


@function("chunklist", "ln")
def _chunklist(items: Seq, size: Number) -> Value:
    step = whole(size)
    if step < 0:
        raise EvalError(why="the size is negative")
    rest = rest_of(items)
    if rest is not None:
        return Seq([Rest(rest)])
    step = step or max(len(items), 1)
    alike = unified(items)
    return Seq([Seq(alike[at : at + step], "list") for at in range(0, len(alike), step)], "list")


@function("coalesce", "v*", typed=True)
def _coalesce(*given: Value) -> Value:
    to = shared([type_of(value) for value in given if not isinstance(value, Rest)])
    if to is None:
        raise EvalError(why="all arguments must be of one type")
    for value in given:
        if isinstance(value, (Unknown, Rest)):
            return opened(value)
        if not is_null(value) and value != "":
            return convert(value, to)
    raise EvalError(why="there is no value that is not null")


@function("coalescelist", "v*")
def _coalescelist(*given: Value) -> Value:
    if not all(value is None or is_open(value) or (isinstance(value, Seq) and value.kind != "set") for value in given):
        raise EvalError(why="a list is required")
    for value in given:
        if is_open(value):
            return opened(value)
        if not isinstance(value, Seq):
            continue
        rest = rest_of(value)
        if rest is not None and (value.maybe is not None or all(isinstance(item, Rest) for item in value)):
            return rest
        if value:
            return value
    raise EvalError(why="all lists are empty")


@function("matchkeys", "lkk")
def _matchkeys(values: Seq, keys: Value, wanted: Value) -> Value:
    if not isinstance(keys, Seq) or not isinstance(wanted, Seq):
        raise EvalError(why="a list is required")
    rest = rest_of(values)
    if rest is not None:
        return Seq([Rest(rest)])
    if len(values) != len(keys):
        raise EvalError(why="there must be as many keys as values")
    alike = unified([*keys, *wanted])
    names, allowed = alike[: len(keys)], {sort_key(item) for item in alike[len(keys) :]}
    return Seq([value for value, name in zip(unified(values), names, strict=True) if sort_key(name) in allowed], "list")
