"""Equality of values that are partly known: what is known of them may settle it."""

from __future__ import annotations

from restore_ready.readers.terraform.language._branches import spread
from restore_ready.readers.terraform.language._sets import sort_key
from restore_ready.readers.terraform.language._types import kind_of
from restore_ready.readers.terraform.language._unknowns import (
    derived,
    first_open,
    identical,
    is_null,
    is_open,
    opened,
    origin_of,
)
from restore_ready.readers.terraform.language._values import Encoded, Lazy, Obj, Ref, Rest, Seq, Text, Unknown, Value
from restore_ready.readers.terraform.syntax import Real


def equal(left: Value, right: Value) -> bool | Unknown:
    """Return whether two values are the same, unknown if what is not known decides it."""
    found = spread(_equal, left, right)
    if isinstance(found, (bool, Unknown)):
        return found
    return _undecided(found, left, right)


def _undecided(why: Value, left: Value, right: Value) -> Unknown:
    origins = sorted((origin_of(left), origin_of(right)))
    return derived(why, f"({origins[0]}=={origins[1]})" if all(origins) else "")


def _equal(left: Value, right: Value) -> bool | Unknown:
    if is_null(left) or is_null(right):
        return _null(right if is_null(left) else left, left, right)
    if (is_open(left) or is_open(right)) and identical(left, right):
        return True
    if isinstance(left, (Seq, Obj)) and isinstance(right, (Seq, Obj)):
        found = _composed(left, right)
    elif is_open(left) or is_open(right) or isinstance(left, Lazy) or isinstance(right, Lazy):
        found = _open(left, right)
    else:
        return kind_of(left) == kind_of(right) and left == right
    return _undecided(found, left, right) if isinstance(found, Unknown) else found


def _null(other: Value, left: Value, right: Value) -> bool | Unknown:
    if is_null(other):
        return True
    if isinstance(other, Unknown) or (isinstance(other, Ref) and not _never_null(other)):
        return _undecided(opened(other), left, right)
    return False


def _never_null(ref: Ref) -> bool:
    return ref.path[-1:] in (("id",), ("arn",)) and ref.target.split(".")[-2:-1] != ["module"]


def _composed(left: Seq | Obj, right: Seq | Obj) -> bool | Unknown:
    if left.kind != right.kind:
        return False
    if isinstance(left, Seq) and isinstance(right, Seq):
        return _sequences(left, right)
    if isinstance(left, Obj) and isinstance(right, Obj):
        return _mappings(left, right)
    return False


def _sequences(left: Seq, right: Seq) -> bool | Unknown:
    loose = left.maybe or right.maybe
    rest = next((item.unknown for item in (*left, *right) if isinstance(item, Rest)), loose)
    if len(left) != len(right) and rest is None:
        return False
    if left.kind == "set":
        missing = first_open(left) or first_open(right)
        return missing if missing is not None else sort_key(left) == sort_key(right)
    found = _all_equal([pair for pair in zip(left, right, strict=False) if not any(isinstance(x, Rest) for x in pair)])
    if rest is None or (found is False and loose is None and not any(isinstance(x, Rest) for x in (*left, *right))):
        return found
    return opened(rest)


def _mappings(left: Obj, right: Obj) -> bool | Unknown:
    if left.rest is None and right.rest is None and left.keys() != right.keys():
        return False
    found = _all_equal([(item, right[key]) for key, item in left.items() if key in right])
    rest = left.rest or right.rest
    return found if found is not True or rest is None else opened(rest)


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool | Unknown:
    unknown: Unknown | None = None
    for one, other in pairs:
        same = equal(one, other)
        if same is False:
            return False
        if isinstance(same, Unknown):
            unknown = unknown or same
    return True if unknown is None else opened(unknown)


def _open(left: Value, right: Value) -> bool | Unknown:
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Text) and isinstance(other, str) and not _may_be(side, other):
            return False
        if isinstance(side, (Text, Encoded)) and isinstance(other, (Seq, Obj, bool, int, Real)):
            return False
    return opened(left if is_open(left) or isinstance(left, Lazy) else right)


def _may_be(text: Text, known: str) -> bool:
    """Tell whether a text may be *known*: its known parts are there, in their order."""
    first, last = text.parts[0], text.parts[-1]
    if isinstance(first, str) and not known.startswith(first):
        return False
    if isinstance(last, str) and not known.endswith(last):
        return False
    at = 0
    for part in text.parts:
        if isinstance(part, str):
            at = known.find(part, at)
            if at < 0:
                return False
            at += len(part)
    return True
