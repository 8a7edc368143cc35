"""Objects whose attributes are evaluated when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from restore_ready.readers.terraform.configuration._existence import Conditions
from restore_ready.readers.terraform.language import Lazy, Obj, Ref, Seq, Unknown, Value, is_open
from restore_ready.readers.terraform.syntax import Span

SOME = '["?"]'
"""Stands in an address for a key that is not known."""


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


class Instances(Obj):
    """The instances of a block with ``for_each``, by key; ``rest`` says that there are others.

    Attributes:
        address: that of the block, without key.
    """

    __slots__ = ("address",)

    def __init__(self, found: Sequence[tuple[Value, Lazy]], address: str) -> None:
        """Take the instances with their keys."""
        open_key = next((key for key, _ in found if isinstance(key, Unknown)), None)
        super().__init__(((key, instance) for key, instance in found if isinstance(key, str)), rest=open_key)
        self.address = address

    def beyond(self, span: Span | None) -> Value:
        """Return what stands for an instance whose key is not known."""
        return Ref(self.address + SOME, (), span)


def suffix(key: Value) -> str:
    """Return what follows an address for the instance with that number or key."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    return '["' + key.replace("\\", "\\\\").replace('"', '\\"') + '"]' if isinstance(key, str) else SOME


def fewer(each: Iterable[Conditions], of_module: Conditions) -> Unknown | None:
    """Return why there may be fewer instances; *each* has on what one depends, the module's own conditions first."""
    return next((maybe[-1].unknown for maybe in each if len(maybe) > len(of_module)), None)


def together(found: Sequence[tuple[Value, Lazy]], address: str, maybe: Unknown | None) -> Value:
    """Return what the name of a block stands for: one instance, or all by number or key.

    *maybe* says why there may be fewer.
    """
    if len(found) == 1 and found[0][0] is None:
        return found[0][1]
    if found and (isinstance(found[0][0], str) or is_open(found[0][0])):
        return Instances(found, address)
    return Seq([instance for _, instance in found], maybe=maybe)
