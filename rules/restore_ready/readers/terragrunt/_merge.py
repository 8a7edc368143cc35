"""Merges what an included file gives with what the file gives that includes it.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#include: a shallow merge takes the key of the file that
includes, a deep one merges maps key by key and puts its lists behind those of the included file.
"""

from __future__ import annotations

from restore_ready.readers.terraform.language import Lazy, Obj, Seq, Unknown, Value, is_null, is_open, opened


def both(below: Value, above: Value, *, deep: bool) -> Value:
    """Return two objects as one, in which *above* wins; either may be ``None``."""
    below, above = _plain(below), _plain(above)
    if is_null(above) or is_null(below):
        return below if is_null(above) else above
    if deep:
        return deeply(below, above)
    for value in (below, above):
        if is_open(value) or not isinstance(value, Obj):
            return _not_known(value)
    merged = Obj({**_as_object(below), **_as_object(above)}, rest=_rest(below) or _rest(above))
    above_rest = _rest(above)
    if above_rest is not None:
        merged.update({key: opened(above_rest) for key in _as_object(below) if key not in _as_object(above)})
    return merged


def deeply(below: Value, above: Value) -> Value:
    """Return two values as one: maps key by key, lists one behind the other, of anything else that of *above*.

    An empty value replaces none that is there, so it is not known what comes of one.
    """
    below, above = _plain(below), _plain(above)
    if is_open(below) or is_open(above):
        return _not_known(above if is_open(above) else below)
    if isinstance(below, Obj) and isinstance(above, Obj):
        return _objects(below, above)
    if isinstance(below, Seq) and isinstance(above, Seq):
        return Seq([*below, *above], maybe=below.maybe or above.maybe)
    if not is_null(below) and (is_null(above) or above in (False, 0, "", [], {})):
        return Unknown("a deep merge keeps what an empty value is to replace, by its kind")
    return above


def _objects(below: Obj, above: Obj) -> Value:
    rest = _rest(below) or _rest(above)
    if rest is not None:
        return Obj(rest=opened(rest))
    return Obj({key: _member(below, above, key) for key in {**below, **above}})


def _member(below: Obj, above: Obj, key: str) -> Value:
    if key in below and key in above:
        return deeply(below[key], above[key])
    return above[key] if key in above else below[key]


def _plain(value: Value) -> Value:
    return value.whole() if isinstance(value, Lazy) else value


def _as_object(value: Value) -> Obj:
    return value if isinstance(value, Obj) else Obj()


def _rest(value: Value) -> Unknown | None:
    return value.rest if isinstance(value, Obj) else None


def _not_known(value: Value) -> Unknown:
    return opened(value) if is_open(value) else Unknown("what is merged is no map")
