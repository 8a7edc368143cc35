"""Functions of maps and objects: what is known of a partly known one stays known."""

from __future__ import annotations

from typing import Final

from restore_ready.readers.terraform.functions._registry import function, rest_of
from restore_ready.readers.terraform.language import (
    ANY,
    STRING,
    Encoded,
    EvalError,
    Lazy,
    Maybe,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    Type,
    Value,
    attribute,
    convert,
    index,
    is_open,
    opened,
)  # fmt: skip
from restore_ready.readers.terraform.language._types import shared, type_of

_MAP: Final = Type("map", ANY)


@function("merge", "v*")
def _merge(*given: Value) -> Value:
    found = Obj()
    types: list[Type] = []
    for value in given:
        part = value.whole() if isinstance(value, Lazy) else value
        if part is None:
            continue
        if is_open(part):
            found = Obj({key: opened(part) for key in found}, rest=opened(part))
        elif not isinstance(part, Obj):
            raise EvalError(why="a map or object is required")
        else:
            found = _merged(found, part)
            types.append(type_of(part))
    if types and all(type_.kind == "map" and type_ == types[0] for type_ in types) and found.rest is None:
        return Obj(found, "map", type_=types[0])
    if all(type_.kind == "map" for type_ in types) and types and found.rest is None and shared(types) is not None:
        return convert(found, _MAP)
    return found


def _merged(found: Obj, part: Obj) -> Obj:
    if part.rest is None:
        found.update(part)
        found.possible = {key: value for key, value in found.possible.items() if key not in part}
        return found
    return Obj({**{key: opened(part.rest) for key in found}, **part}, rest=part.rest)


@function("lookup", "mSv?")
def _lookup(mapping: Obj, key: str | Text | Encoded | Ref, *default: Value) -> Value:
    if not isinstance(key, str):
        return index(mapping, key, None) if not default else opened(key)
    instead = default[0] if default else None
    if default and mapping.kind == "map":
        instead = convert(instead, type_of(mapping).element or ANY)
    if key in mapping or mapping.rest is not None:
        return attribute(mapping, key, None) if key not in mapping.possible else opened(mapping.possible[key])
    if not default:
        raise EvalError(why=f'there is no key "{key}"')
    return instead


@function("keys", "m")
def _keys(mapping: Obj) -> Value:
    kind = "list" if mapping.kind == "map" else "tuple"
    found: list[Value] = [
        key if key in mapping else Maybe(mapping.possible[key].unknown, key)
        for key in sorted({*mapping, *mapping.possible})
    ]
    return Seq(_with_rest(found, mapping), kind)


@function("values", "m")
def _values(mapping: Obj) -> Value:
    kind = "list" if mapping.kind == "map" else "tuple"
    found = [mapping[key] if key in mapping else mapping.possible[key] for key in sorted({*mapping, *mapping.possible})]
    return Seq(_with_rest(found, mapping), kind)


def _with_rest(found: list[Value], mapping: Obj) -> list[Value]:
    if mapping.rest is not None and not mapping.possible:
        found.append(Rest(opened(mapping.rest)))
    return found


@function("zipmap", "ll")
def _zipmap(keys: Seq, values: Seq) -> Value:
    if values.kind == "set":
        raise EvalError(why="a list is required, not a set")
    rest = rest_of(keys) or rest_of(values)
    if rest is not None:
        return Obj(rest=rest)
    if len(keys) != len(values):
        raise EvalError(why="there must be as many keys as values")
    found = Obj(kind="map" if values.kind == "list" else "object")
    for key, value in zip(keys, values, strict=True):
        name = convert(key, STRING)
        if isinstance(name, str):
            found[name] = value
        elif is_open(name):
            found.rest = found.rest or opened(name)
        else:
            raise EvalError(why="a key is null")
    return found


@function("transpose", "k")
def _transpose(mapping: Value) -> Value:
    if not isinstance(mapping, Obj):
        raise EvalError(why="a map is required")
    found: dict[str, list[str]] = {}
    for key in sorted(mapping):
        names = convert(mapping[key], Type("list", STRING))
        if not isinstance(names, Seq):
            raise EvalError(why="a list is required, not null")
        for name in names:
            if name is None:
                raise EvalError(why="an element is null")
            found.setdefault(str(name), []).append(key)
    return Obj({name: Seq(sorted(found[name]), "list") for name in sorted(found)}, "map")
