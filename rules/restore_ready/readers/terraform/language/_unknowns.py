"""What is not known in a value: the reason, and what tells one unknown value from another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from restore_ready.model._why_open import DEPLOYED, UNREAD_MODULE, WHOLE_RESOURCE
from restore_ready.readers.terraform.language._values import (
    Either,
    Encoded,
    Lazy,
    Null,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    Unknown,
    Value,
)
from restore_ready.readers.terraform.syntax import Real, Span

_LONGEST_ORIGIN: Final = 200
_MOST_PARTS: Final = 40
_FRESH: Final = itertools.count(1)


def is_null(value: Value) -> bool:
    """Tell whether a value is null, of whatever type."""
    return value is None or isinstance(value, Null)


def is_open(value: Value) -> bool:
    """Tell whether the value itself, not just a part of it, is unknown."""
    return isinstance(value, (Unknown, Ref, Text, Encoded, Rest, Either))


def opened(value: Value) -> Unknown:
    """Return an open value as the reason for what depends on it: another value, so of no origin."""
    if isinstance(value, Unknown):
        return Unknown(value.why, value.span) if value.origin or value.type else value
    if isinstance(value, Ref):
        is_unread = value.target.split(".")[-2:-1] == ["module"]
        why = UNREAD_MODULE if is_unread else DEPLOYED
        return Unknown(why.said(what=value), value.span)
    if isinstance(value, Text):
        return next(opened(part) for part in value.parts if not isinstance(part, str))
    if isinstance(value, Rest):
        return opened(value.unknown)
    if isinstance(value, Either):
        return opened(value.test)
    return first_open(value) or Unknown("a part of it is not known")


def first_open(value: Value) -> Unknown | None:
    """Return the reason of the first unknown part, ``None`` if all is known."""
    for part in walk(value):
        if isinstance(part, (Unknown, Ref, Text, Rest, Either)):
            return opened(part)
        if isinstance(part, Obj) and part.rest is not None:
            return opened(part.rest)
        if isinstance(part, Seq) and part.maybe is not None:
            return opened(part.maybe)
        if isinstance(part, Lazy):
            return Unknown(WHOLE_RESOURCE.said(what="a resource"))
    return None


def walk(value: Value) -> Iterator[Value]:
    """Yield the value and every part of it."""
    todo = [value]
    while todo:
        part = todo.pop()
        yield part
        if isinstance(part, Encoded):
            todo.append(part.value)
        elif isinstance(part, Either):
            todo += (part.no, part.yes)
        elif isinstance(part, Seq):
            todo.extend(reversed(part))
        elif isinstance(part, Obj):
            todo.extend(reversed(part.values()))


def fresh(value: Unknown) -> Unknown:
    """Return an unknown value that has an origin: its own, or one like no other."""
    return value if value.origin else Unknown(value.why, value.span, f"?{next(_FRESH)}", value.type)


def named(value: Value) -> Unknown:
    """Return an open value as `Unknown`, with the origin that it has."""
    return value if isinstance(value, Unknown) else derived(value, origin_of(value))


def derived(value: Value, origin: str) -> Unknown:
    """Return what follows from an open *value*, with its reason and an origin of its own."""
    reason = opened(value)
    return Unknown(reason.why, reason.span, _short(origin)) if origin else reason


def follows(value: Value, pattern: str, *parts: Value, span: Span | None = None) -> Unknown:
    """Return what follows from an open *value* by an operation, in which *parts* take the places of ``{}``.

    Its origin is the operation over the origins of its parts: the same operation on the same parts is the same value.
    """
    origins = [origin_of(part) for part in parts]
    found = derived(value, pattern.format(*origins) if all(origins) else "")
    return found if found.span is not None else Unknown(found.why, span, found.origin)


def origin_of(value: Value) -> str:
    """Return what tells a value from all others, empty if nothing does."""
    pieces: list[str] = []
    return _short("".join(pieces)) if _collect(value, pieces) and len(pieces) <= _MOST_PARTS else ""


def _short(origin: str) -> str:
    if len(origin) <= _LONGEST_ORIGIN:
        return origin
    negation = "!" if origin.startswith("!") else ""
    import hashlib  # noqa: PLC0415  # OpenSSL takes 8 ms to load

    return (
        negation
        + "#"
        + hashlib.blake2b(origin.removeprefix("!").encode("utf-8", "replace"), digest_size=16).hexdigest()
    )


def _collect(value: Value, pieces: list[str]) -> bool:
    """Add what tells *value* apart to *pieces*; return whether anything does."""
    if len(pieces) > _MOST_PARTS:
        return False
    if isinstance(value, Unknown):
        pieces.append(value.origin)
        return bool(value.origin)
    if isinstance(value, (str, bool, int, Real)) or is_null(value):
        pieces.append("null" if is_null(value) else repr(value))
        return True
    if isinstance(value, Ref):
        pieces.append(f"&{value}")
        return True
    return _collect_parts(value, pieces)


def _collect_parts(value: Value, pieces: list[str]) -> bool:
    if isinstance(value, Text):
        pieces.append("$")
        return all(_collect(part, pieces) for part in value.parts)
    if isinstance(value, Encoded):
        pieces.append("json")
        return _collect(value.value, pieces)
    if isinstance(value, Either):
        pieces.append("?:")
        return all(_collect(part, pieces) for part in (value.test, value.yes, value.no))
    if isinstance(value, Seq) and value.maybe is None:
        pieces.append(f"{value.kind}{len(value)}")
        return all(_collect(part, pieces) for part in value)
    if isinstance(value, Obj) and value.rest is None:
        pieces.append(f"{value.kind}{len(value)}")
        return all(_collect(part, pieces) for pair in sorted(value.items()) for part in pair)
    return False


def identical(left: Value, right: Value) -> bool:
    """Tell whether two values are known to be the same, and of the same type.

    An unknown value of no origin is not even itself: the same object is the reason of many values.
    """
    if left is right:
        return not isinstance(left, Unknown) or bool(left.origin)
    if type(left) is not type(right):
        return False
    if isinstance(left, (bool, int, Real, str, Ref, Null)):
        return left == right
    origin = origin_of(left)
    return bool(origin) and origin == origin_of(right)


def text(parts: list[Value], most: int) -> Value:
    """Return *parts*, each a string or open, as one string as plain as it can be, of at most *most* open parts."""
    if len(parts) == 1 and isinstance(parts[0], Encoded):
        return parts[0]
    merged: list[str | Ref | Unknown] = []
    known: list[str] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, str):
                known.append(piece)
                continue
            if run := "".join(known):
                merged.append(run)
            known = []
            merged.append(piece if isinstance(piece, Ref) else named(piece))
    if (run := "".join(known)) or not merged:
        merged.append(run)
    if len(merged) > most:
        return next(opened(piece) for piece in merged if not isinstance(piece, str))
    return merged[0] if len(merged) == 1 else Text(tuple(merged))
