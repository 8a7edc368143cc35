"""Collections: what is known of a partly known one stays known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from restore_ready.readers.terraform.functions._registry import Number, Scoped, function
from restore_ready.readers.terraform.language._operators import equal
from restore_ready.readers.terraform.language._types import (
    ANY,
    STRING,
    Type,
    convert,
    set_of,
    shared,
    sort_key,
    type_of,
    unified,
)
from restore_ready.readers.terraform.language._values import (
    Encoded,
    EvalError,
    Lazy,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    TooMuch,
    Unknown,
    Value,
    first_open,
    is_open,
    opened,
)


def _rest(items: Seq) -> Unknown | None:
    return next((one.unknown for one in items if isinstance(one, Rest)), None)


def _whole(value: Value) -> Value:
    return value.whole() if isinstance(value, Lazy) else value


@function("length", "v")
def _length(value: Value) -> Value:
    value = _whole(value)
    if isinstance(value, str):
        return len(value)
    if is_open(value):
        return opened(value)
    if isinstance(value, Seq):
        if value.kind == "set" and len(value) > 1 and any(is_open(one) for one in value):
            return first_open(value)
        return value.maybe or _rest(value) or len(value)
    if isinstance(value, Obj):
        return value.rest or len(value)
    raise EvalError("a list, map or string is required")


@function("concat", "v*")
def _concat(*lists: Value) -> Value:
    found: list[Value] = []
    maybe: Unknown | None = None
    same = {one.kind for one in lists if isinstance(one, Seq)} == {"list"}
    for one in lists:
        if isinstance(one, Seq):
            found.extend(one)
            maybe = maybe or one.maybe
        elif is_open(one):
            found.append(Rest(opened(one)))
        else:
            raise EvalError("a list is required")
    return Seq(unified(found) if same else found, "list" if same else "tuple", maybe)


@function("flatten", "v")
def _flatten(value: Value) -> Value:
    if is_open(value):
        return Seq([Rest(opened(value))])
    if not isinstance(value, Seq):
        raise EvalError("a list is required")
    return Seq(_flat(value))


def _flat(items: Seq) -> Iterator[Value]:
    for one in items:
        if isinstance(one, Seq):
            yield from _flat(one)
        elif isinstance(one, Unknown):
            yield Rest(one)
        else:
            yield one


@function("merge", "v*")
def _merge(*given: Value) -> Value:
    found = Obj(kind="object")
    kinds = set()
    for one in map(_whole, given):
        if one is None:
            continue
        if is_open(one):
            found = Obj({key: opened(one) for key in found}, rest=opened(one))
        elif not isinstance(one, Obj):
            raise EvalError("a map or object is required")
        elif one.rest is not None:
            found = Obj({**{key: one.rest for key in found}, **one}, rest=one.rest)
        else:
            kinds.add(one.kind)
            found.update(one)
    if kinds == {"map"} and found.rest is None:
        return convert(found, Type("map", ANY))
    return found


@function("lookup", "mSv?")
def _lookup(mapping: Obj, key: str | Text | Encoded | Ref, *default: Value) -> Value:
    if not isinstance(key, str):
        return opened(key)
    if key in mapping:
        return mapping[key]
    if mapping.rest is not None:
        return mapping.rest
    if not default:
        raise EvalError(f'there is no key "{key}"')
    return convert(default[0], type_of(mapping).element or ANY) if mapping.kind == "map" else default[0]


@function("contains", "lv")
def _contains(items: Seq, wanted: Value) -> Value:
    unknown = None
    for one in items:
        same = opened(one) if isinstance(one, Rest) else _loosely(one, wanted)
        if same is True:
            return True
        if isinstance(same, Unknown):
            unknown = unknown or same
    return unknown if unknown is not None else False


def _loosely(one, other):
    if not is_open(one) and not is_open(other) and type_of(one) != type_of(other):
        to = shared([type_of(one), type_of(other)])
        if to is not None:
            return equal(convert(one, to), convert(other, to))
    return equal(one, other)


@function("index", "lv")
def _index(items: Seq, wanted: Value) -> Value:
    for at, one in enumerate(items):
        same = opened(one) if isinstance(one, Rest) else _loosely(one, wanted)
        if same is True:
            return at
        if isinstance(same, Unknown):
            return same
    raise EvalError("the element is not in the list")


@function("element", "ln")
def _element(items: Seq, at: Number) -> Value:
    rest = _rest(items)
    if rest is not None:
        return (
            items[int(at)]
            if 0 <= at < len(items) and not any(isinstance(one, Rest) for one in items[: int(at) + 1])
            else rest
        )
    if not items or items.kind == "set":
        raise EvalError("there is no such element")
    return items[int(at) % len(items)]


@function("one", "v")
def _one(items: Value) -> Value:
    if isinstance(items, Seq):
        rest = _rest(items)
        if rest is not None:
            return rest
        if len(items) > 1:
            raise EvalError("the list has more than one element")
        return items[0] if items else None
    return opened(items) if is_open(items) else items


@function("keys", "m")
def _keys(mapping: Obj) -> Value:
    found = Seq(sorted(mapping), "list" if mapping.kind == "map" else "tuple")
    if mapping.rest is not None:
        found.append(Rest(mapping.rest))
    return found


@function("values", "m")
def _values(mapping: Obj) -> Value:
    found = Seq([mapping[key] for key in sorted(mapping)], "list" if mapping.kind == "map" else "tuple")
    if mapping.rest is not None:
        found.append(Rest(mapping.rest))
    return found


@function("compact", "l")
def _compact(items: Seq) -> Value:
    found = (one if is_open(one) else convert(one, STRING) for one in items if one is not None and one != "")
    return Seq([Rest(one) if isinstance(one, Unknown) else one for one in found], "list")


@function("distinct", "l")
def _distinct(items: Seq) -> Value:
    found, seen = [], set()
    for one in unified(items):
        key = one if isinstance(one, (Ref, Text, Unknown, Rest)) else sort_key(one)
        if key not in seen:
            seen.add(key)
            found.append(one)
    return Seq(found, "list")


@function("sort", "l")
def _sort(items: Seq) -> Value:
    unknown = next((opened(one) for one in items if is_open(one)), None)
    if unknown is not None:
        return Seq(items, "set")
    return Seq(sorted((convert(one, STRING) for one in items), key=lambda one: one.encode()), "list")


@function("reverse", "l")
def _reverse(items: Seq) -> Value:
    return Seq(reversed(items), "tuple" if items.kind == "tuple" else "list")


@function("slice", "lnn")
def _slice(items: Seq, start: Number, end: Number) -> Value:
    if _rest(items) is not None:
        return Seq([Rest(_rest(items))])
    if not 0 <= start <= end <= len(items):
        raise EvalError("the indices do not lie in the list")
    return Seq(items[int(start) : int(end)], items.kind)


@function("chunklist", "ln")
def _chunklist(items: Seq, size: Number) -> Value:
    if size < 0:
        raise EvalError("the size is negative")
    step = int(size) or max(len(items), 1)
    items = unified(items)
    return Seq([Seq(items[at : at + step], "list") for at in range(0, len(items), step)], "list")


@function("coalesce", "v*")
def _coalesce(*given: Value) -> Value:
    to = shared([type_of(one) for one in given])
    for one in given:
        if isinstance(one, (Unknown, Rest)):
            return opened(one)
        if one is not None and one != "":
            return one if to is None else convert(one, to)
    raise EvalError("there is no value that is not null")


@function("coalescelist", "v*")
def _coalescelist(*given: Value) -> Value:
    for one in given:
        if one is None:
            continue
        if is_open(one):
            return opened(one)
        if one and all(isinstance(item, Rest) for item in one):
            return _rest(one)
        if one:
            return one
    raise EvalError("all lists are empty")


@function("zipmap", "ll")
def _zipmap(keys: Seq, values: Seq) -> Value:
    rest = _rest(keys) or _rest(values)
    if rest is not None:
        return Obj(rest=rest)
    if len(keys) != len(values):
        raise EvalError("there must be as many keys as values")
    found = Obj(kind="map" if values.kind == "list" else "object")
    for key, value in zip(keys, values):
        if is_open(key):
            found.rest = opened(key)
        else:
            found[convert(key, STRING)] = value
    return found


@function("matchkeys", "lkk")
def _matchkeys(values: Seq, keys: Value, wanted: Value) -> Value:
    if len(values) != len(keys):
        raise EvalError("there must be as many keys as values")
    return Seq([one for one, key in zip(values, keys) if any(_loosely(key, other) is True for other in wanted)], "list")


@function("transpose", "k")
def _transpose(mapping: Value) -> Value:
    found = {}
    for key in sorted(mapping):
        for one in mapping[key]:
            found.setdefault(convert(one, STRING), []).append(key)
    return Obj({key: Seq(sorted(found[key]), "list") for key in sorted(found)}, "map")


@function("alltrue", "l")
def _alltrue(items: Seq) -> Value:
    return _quantified(items, False)


@function("anytrue", "l")
def _anytrue(items: Seq) -> Value:
    return _quantified(items, True)


def _quantified(items, decides):
    unknown = None
    for one in items:
        if is_open(one):
            unknown = unknown or opened(one)
        elif (one in (True, "true")) is decides:
            return decides
    return unknown if unknown is not None else not decides


@function("setunion", "l*")
def _setunion(*sets: Seq | Rest) -> Value:
    return set_of(unified(one for items in sets for one in items))


@function("setintersection", "k*")
def _setintersection(*sets: Value) -> Value:
    return _sets(sets, lambda key, others: all(key in other for other in others))


@function("setsubtract", "kk")
def _setsubtract(*sets: Value) -> Value:
    return _sets(sets, lambda key, others: not any(key in other for other in others))


def _sets(sets, keeps):
    flat = unified(one for items in sets for one in items)
    parts, at = [], 0
    for items in sets:
        parts.append({sort_key(one): one for one in flat[at : at + len(items)]})
        at += len(items)
    return set_of(one for key, one in parts[0].items() if keeps(key, parts[1:]))


@function("setproduct", "l*", scoped=True)
def _setproduct(scope: Scoped, *sets: Seq | Rest) -> Value:
    if len(sets) < 2:  # noqa: PLR2004
        raise EvalError("it needs two or more sets")
    rest = next((found for one in sets if (found := _rest(one)) is not None), None)
    if rest is not None:
        return Seq([Rest(rest)])
    size = 1
    for one in sets:
        size *= len(one)
    if size > scope.budget.largest:
        raise TooMuch
    scope.budget.spend(size)
    rows = [Seq(one) for one in product(*(unified(one) for one in sets))]
    return set_of(rows) if any(one.kind == "set" for one in sets) else Seq(rows, "list")
