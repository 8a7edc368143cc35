"""Attributes and indexes of values, known or not."""

from __future__ import annotations

from typing import Final

from restore_ready.readers.terraform.language._branches import either, spread
from restore_ready.readers.terraform.language._operators import number
from restore_ready.readers.terraform.language._types import kind_of
from restore_ready.readers.terraform.language._unknowns import follows, fresh, is_open, named, opened, origin_of
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
from restore_ready.readers.terraform.syntax import Real, Span
from restore_ready.readers.terraform.syntax._numbers import written

_MOST_CHOICES: Final = 15


def attribute(value: Value, name: str, span: Span | None) -> Value:
    """Return ``value.name``.

    Raises:
        EvalError: if there is none.
    """
    if isinstance(value, Obj):
        return _member(value, name, span)
    if isinstance(value, Lazy):
        return value.attribute(name, span)
    if isinstance(value, Ref):
        return Ref(value.target, (*value.path, name), span)
    if isinstance(value, Unknown):
        return _of_unknown(value, name)
    if isinstance(value, Either):
        return spread(lambda side: attribute(side, name, span), value)
    if isinstance(value, Rest):
        return value
    raise EvalError(why=f'{kind_of(value)} has no attribute "{name}"', span=span)


def _member(value: Obj, name: str, span: Span | None) -> Value:
    if name in value:
        found = value[name]
        typed = value.type if found is None else None
        if typed is None:
            return found
        return Null(typed.members[name].type if name in typed.members else typed.element or typed)
    if name in value.possible:
        maybe = value.possible[name]
        return either(fresh(maybe.unknown), maybe.value, Refused(f'there is no attribute "{name}"', span))
    if value.rest is not None:
        return opened(value.rest)
    raise EvalError(why=f'there is no attribute "{name}"', span=span)


def _of_unknown(value: Unknown, name: str) -> Unknown:
    kind = value.type.members[name].type if value.type is not None and name in value.type.members else None
    return Unknown(value.why, value.span, f"{value.origin}.{name}" if value.origin else "", kind)


def index(value: Value, key: Value, span: Span | None) -> Value:
    """Return ``value[key]``; with an unknown key, whatever it may be.

    Raises:
        EvalError: if there is none.
    """
    if isinstance(value, Either) or isinstance(key, Either):
        return spread(lambda of, at: index(of, at, span), value, key)
    if isinstance(value, Unknown):
        return follows(value, "{}[{}]", value, key)
    if is_open(key):
        return _open_index(value, key, span)
    if isinstance(value, Ref):
        return Ref(value.target, (*value.path, key if isinstance(key, (str, int)) else str(key)), span)
    if isinstance(value, Seq):
        return _element(value, key, span)
    if isinstance(key, (int, Real)) and not isinstance(key, bool):
        key = written(key)
    if isinstance(key, str) and isinstance(value, (Obj, Lazy)):
        return attribute(value, key, span)
    raise EvalError(why=f"{kind_of(value)} has no such element", span=span)


def _open_index(value: Value, key: Value, span: Span | None) -> Value:
    if isinstance(value, Ref):
        origin = origin_of(key)
        return Ref(value.target, (*value.path, f"?{origin}"), span) if origin else opened(key)
    if isinstance(value, Obj):
        choices: list[tuple[Value, Value]] = list(value.items())
        choices += [(name, maybe.value) for name, maybe in value.possible.items()]
        last = value.other if value.other is not None or value.rest is None else opened(key)
        return _choice(choices, fresh(named(key)), last, closed=value.rest is None)
    if isinstance(value, Seq) and value.kind != "set" and not any(isinstance(item, Rest) for item in value):
        return _choice(list(enumerate(value)), fresh(named(key)), opened(key), closed=value.maybe is None)
    return opened(key)


def _choice(choices: list[tuple[Value, Value]], key: Unknown, last: Value, *, closed: bool) -> Value:
    """Return what a choice by an unknown *key* may be: *last* if it is none of the keys that are known."""
    if len(choices) > _MOST_CHOICES or (closed and not choices):
        return opened(key)
    if closed:
        last = choices.pop()[1]
    for name, value in reversed(choices):
        last = either(Unknown(key.why, key.span, f"({name!r}=={key.origin})"), value, last)
    return last


def _element(value: Seq, key: Value, span: Span | None) -> Value:
    at = number(key, span)
    if isinstance(at, Unknown):
        return at
    if value.kind == "set":
        raise EvalError(why="a set has no index", span=span)
    for number_, item in enumerate(value):
        if isinstance(item, Rest):
            return _maybe(item, span) if number_ == at == 0 and len(value) == 1 else opened(item)
        if number_ == at:
            return Null(value.type.element) if item is None and value.type and value.type.element else item
    raise EvalError(why=f"there is no element {at}", span=span)


def _maybe(item: Rest, span: Span | None) -> Value:
    if not isinstance(item, Maybe):
        return opened(item)
    return either(fresh(item.unknown), item.value, Refused("there is no element 0", span))
