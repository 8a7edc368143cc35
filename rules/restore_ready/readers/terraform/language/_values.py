"""Values of Terraform expressions, of which any part may be unknown and says why and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from restore_ready.readers.terraform.language._type_records import Type
from restore_ready.readers.terraform.syntax import Number, Span


class Unknown(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A value that the configuration alone does not give.

    Attributes:
        why: the first reason, in words.
        span: where that is written.
        origin: what tells this value from other unknown ones: two of the same origin are the same value, whatever it
            is. Empty for a value that is like no other.
        type: its type, where that is known.
    """

    why: str
    span: Span | None = None
    origin: str = ""
    type: Type | None = None


class Ref(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An attribute of a resource, data source or unread module that exists only once deployed."""

    target: str
    path: tuple[str | int, ...]
    span: Span | None = None

    def __str__(self) -> str:
        """Return the reference as it would be written."""
        return self.target + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same attribute, wherever they are written."""
        return isinstance(other, Ref) and (self.target, self.path) == (other.target, other.path)

    def __hash__(self) -> int:
        """Return a hash that fits the comparison."""
        return hash((self.target, self.path))


class Text(msgspec.Struct, frozen=True):
    """A string of which some parts are known. At least one part is not a ``str``."""

    parts: tuple[str | Ref | Unknown, ...]


class Encoded(msgspec.Struct, frozen=True, eq=False):
    """The JSON text of a value of which some parts are unknown."""

    value: Value


class Either(msgspec.Struct, frozen=True, eq=False):
    """The value of ``test ? yes : no`` whose test is not known. Made by `either`."""

    test: Unknown
    yes: Value
    no: Value


class Refused(msgspec.Struct, frozen=True, eq=False):
    """Stands in an `Either` for the side that Terraform would refuse."""

    why: str
    span: Span | None = None


class Failed(Refused, frozen=True, eq=False):
    """A refused side of a condition, of which the type is known all the same."""

    type: Type | None = None


class Null(msgspec.Struct, frozen=True):
    """A null whose type is known. Only results of expressions are; what is kept in values is ``None``."""

    type: Type


class Rest(msgspec.Struct, frozen=True, eq=False):
    """Stands in a sequence for any number of further elements."""

    unknown: Unknown


class Maybe(Rest, frozen=True, eq=False):
    """Stands in a sequence for one element that is there only if ``unknown`` is true."""

    value: Value


class Seq(list["Value"]):
    """A tuple, list or set. A set is in Terraform's order, without duplicates.

    Attributes:
        kind: tuple, list or set.
        maybe: why it may have any other number of elements: they are instances whose count is not known.
        type: its type, where a conversion has settled it.
        size: how many parts it has in all, 0 until that is counted.
    """

    __slots__ = ("kind", "maybe", "size", "type")

    def __init__(
        self,
        items: Iterable[Value] = (),
        kind: str = "tuple",
        maybe: Unknown | None = None,
        type_: Type | None = None,
    ) -> None:
        """Take the elements and what is known of them together."""
        super().__init__(items)
        self.kind, self.maybe, self.type = kind, maybe, type_
        self.size = 0


class Obj(dict[str, "Value"]):
    """An object or map.

    Attributes:
        kind: object or map.
        rest: why it may have further keys, or other values for those that it has not.
        possible: keys that are there only under a condition; `rest` is set too.
        other: what the value of a key looks like that is not known.
        type: its type, where a conversion has settled it.
        size: how many parts it has in all, 0 until that is counted.
    """

    __slots__ = ("kind", "other", "possible", "rest", "size", "type")

    def __init__(
        self,
        items: Mapping[str, Value] | Iterable[tuple[str, Value]] = (),
        kind: str = "object",
        rest: Unknown | None = None,
        *,
        other: Value = None,
        type_: Type | None = None,
    ) -> None:
        """Take the pairs and what is known of them together."""
        super().__init__(items)
        self.kind, self.rest, self.other, self.type = kind, rest, other, type_
        self.possible: dict[str, Maybe] = {}
        self.size = 0


class Lazy:
    """An object whose attributes are evaluated when asked for: a resource, a module call's outputs."""

    __slots__ = ()

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return an attribute.

        Raises:
            EvalError: if there is none of that name.
        """
        raise NotImplementedError

    def whole(self) -> Value:
        """Return all of it as one value."""
        raise NotImplementedError


Value: TypeAlias = (
    "bool | Number | str | Text | Encoded | Ref | Unknown | Either | Refused | Rest | Seq | Obj | Lazy | Null | None"
)


class EvalError(Exception):
    """What Terraform itself would refuse."""

    def __init__(self, why: str, span: Span | None = None) -> None:
        """Take a reason and a place."""
        super().__init__(why)
        self.why, self.span = why, span


class TooMuchError(Exception):
    """The budget for the whole evaluation is used up."""


class LimitError(TooMuchError):
    """One value goes beyond a bound."""

    def __init__(self, why: str) -> None:
        """Take a reason."""
        super().__init__(why)
        self.why = why
