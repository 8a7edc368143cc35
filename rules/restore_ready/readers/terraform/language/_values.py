"""Values of Terraform expressions, of which any part may be unknown and says why and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from restore_ready.readers.terraform.syntax._span import Span

_MOST_PARTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the configuration alone does not give."""

    why: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute of a resource, data source or unread module that exists only once deployed."""

    target: str
    path: tuple[str | int, ...]
    span: Span | None = None

    def __str__(self) -> str:
        steps = (f"[{one}]" if isinstance(one, int) else f".{one}" for one in self.path)
        return self.target + "".join(steps)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and (self.target, self.path) == (other.target, other.path)

    def __hash__(self) -> int:
        return hash((self.target, self.path))


@dataclass(frozen=True, slots=True)
class Text:
    """A string of which some parts are known. At least one part is not a ``str``."""

    parts: tuple[str | Ref | Unknown, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The JSON text of a value of which some parts are unknown."""

    value: Value


@dataclass(frozen=True, slots=True)
class Rest:
    """Stands in a sequence for any number of further elements."""

    unknown: Unknown


class Seq(list["Value"]):
    """A tuple, list or set. A set is in Terraform's order, without duplicates.

    ``maybe`` says why it may be empty instead: its elements are instances whose count is not known.
    """

    __slots__ = ("kind", "maybe")

    def __init__(self, items: Iterable[Value] = (), kind: str = "tuple", maybe: Unknown | None = None) -> None:
        super().__init__(items)
        self.kind = kind
        self.maybe = maybe


class Obj(dict[str, "Value"]):
    """An object or map; ``rest`` says what further keys it may have, or other values for those it has not."""

    __slots__ = ("kind", "rest")

    def __init__(
        self,
        items: Mapping[str, Value] | Iterable[tuple[str, Value]] = (),
        kind: str = "object",
        rest: Unknown | None = None,
    ) -> None:
        super().__init__(items)
        self.kind = kind
        self.rest = rest


class Lazy:
    """An object whose attributes are evaluated when asked for: a resource, a module call's outputs."""

    __slots__ = ()

    def attribute(self, name: str, span: Span | None) -> Value:
        raise NotImplementedError

    def whole(self) -> Value:
        raise NotImplementedError


Value: TypeAlias = "None | bool | int | Decimal | str | Text | Encoded | Ref | Unknown | Rest | Seq | Obj | Lazy"


class EvalError(Exception):
    """What Terraform itself would refuse."""

    def __init__(self, why: str, span: Span | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.span = span


class TooMuch(Exception):
    """The budget for the whole evaluation is used up."""


def is_open(value: Value) -> bool:
    """Tell whether the value itself, not just a part of it, is unknown."""
    return isinstance(value, (Unknown, Ref, Text, Encoded, Rest))


def opened(value: Value) -> Unknown:
    """Return an open value as the reason for what depends on it."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Ref):
        return Unknown(f"{value} is known only once it is deployed", value.span)
    if isinstance(value, Text):
        return next(opened(one) for one in value.parts if not isinstance(one, str))
    if isinstance(value, Rest):
        return value.unknown
    return first_open(value) or Unknown("a part of it is not known")


def first_open(value: Value) -> Unknown | None:
    """Return the reason of the first unknown part, ``None`` if all is known."""
    for one in walk(value):
        if is_open(one) and not isinstance(one, Encoded):
            return opened(one)
        if isinstance(one, Obj) and one.rest is not None:
            return one.rest
        if isinstance(one, Lazy):
            return Unknown("the attributes of a resource are known only once it is deployed")
    return None


def walk(value: Value) -> Iterator[Value]:
    """Give the value and every part of it."""
    todo = [value]
    while todo:
        one = todo.pop()
        yield one
        if isinstance(one, Encoded):
            todo.append(one.value)
        elif isinstance(one, Seq):
            todo.extend(reversed(one))
        elif isinstance(one, Obj):
            todo.extend(reversed(one.values()))


def text(parts: Iterable[Value]) -> Value:
    """Return *parts*, each a string or open, as one string as plain as it can be."""
    merged: list[str | Ref | Unknown] = []
    run: list[str] = []
    todo = list(parts)
    if len(todo) == 1 and isinstance(todo[0], Encoded):
        return todo[0]
    for part in todo:
        if isinstance(part, str):
            run.append(part)
            continue
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, str):
                run.append(piece)
                continue
            if run and (known := "".join(run)):
                merged.append(known)
            run = []
            merged.append(piece if isinstance(piece, (Ref, Unknown)) else opened(piece))
    if (known := "".join(run)) or not merged:
        merged.append(known)
    if len(merged) > _MOST_PARTS:
        return next(opened(one) for one in merged if not isinstance(one, str))
    return merged[0] if len(merged) == 1 else Text(tuple(merged))
