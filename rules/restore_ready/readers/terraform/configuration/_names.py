"""Objects whose attributes are evaluated when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from restore_ready.readers.terraform._addresses import SOME
from restore_ready.readers.terraform.configuration._existence import Conditions
from restore_ready.readers.terraform.language import Lazy, Maybe, Obj, Seq, Unknown, Value, either, opened
from restore_ready.readers.terraform.syntax import Span


class Named(msgspec.Struct, frozen=True):
    """One instance of a block: its number or key, what it is to expressions, and on what its existence depends."""

    key: Value
    stands_for: Lazy
    maybe: Conditions


class Space(Lazy):
    """The names after ``var.``, ``local.`` or a type of resources."""

    __slots__ = ("_find", "_of")

    def __init__(self, of: str, find: Callable[[str, Span | None], Value]) -> None:
        """Take what is before the point, and what finds a name after it."""
        self._of = of
        self._find = find

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return what *name* stands for."""
        return self._find(name, span)

    def whole(self) -> Value:
        """Return that it is no value."""
        return Unknown(f"{self._of} alone is not a value")


def suffix(key: Value) -> str:
    """Return what follows an address for the instance with that number or key."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    return '["' + key.replace("\\", "\\\\").replace('"', '\\"') + '"]' if isinstance(key, str) else SOME


def together(found: Sequence[Named], maybe: Conditions) -> Value:
    """Return what the name of a block stands for: one instance, or all by number or key.

    *maybe* is what the existence of the module around it depends on.
    """
    if len(found) == 1 and found[0].key is None:
        return found[0].stands_for
    if found and not isinstance(found[0].key, int):
        return _by_key(found, maybe)
    return _by_number(found, maybe)


def _by_key(found: Sequence[Named], maybe: Conditions) -> Obj:
    """Return the instances by key; what may not be there, and what has an open key, is not among those that are."""
    shape = Obj()
    for instance in found:
        why = instance.maybe[-1].unknown if len(instance.maybe) > len(maybe) else None
        if not isinstance(instance.key, str):
            unknown = instance.key if isinstance(instance.key, Unknown) else opened(instance.key)
            shape.rest, shape.other = shape.rest or unknown, instance.stands_for
        elif why is None:
            shape[instance.key] = instance.stands_for
        else:
            shape.rest = shape.rest or opened(why)
            shape.possible[instance.key] = Maybe(_test(instance, maybe), instance.stands_for)
    return shape


def _by_number(found: Sequence[Named], maybe: Conditions) -> Value:
    """Return the instances by number: either so many or fewer, where it is open how many there are."""
    sure = [instance.stands_for for instance in found if len(instance.maybe) <= len(maybe)]
    more = [instance for instance in found if len(instance.maybe) > len(maybe)]
    if not more:
        return Seq(sure)
    everything = Seq([*sure, *(instance.stands_for for instance in more)])
    tests = {instance.maybe[len(maybe) :] for instance in more}
    if len(tests) == 1 and not more[-1].maybe[-1].key.endswith("> 0"):
        return either(_test(more[0], maybe), everything, Seq(sure))
    everything.maybe = opened(more[0].maybe[-1].unknown)
    return everything


def _test(instance: Named, maybe: Conditions) -> Unknown:
    """Return whether the instance is there as an open value; equal ones are the same."""
    own = instance.maybe[len(maybe) :]
    return Unknown(own[0].unknown.why, own[0].unknown.span, " && ".join(condition.key for condition in own))
