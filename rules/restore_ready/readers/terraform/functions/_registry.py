"""How functions take their arguments.

Each parameter is a letter: ``s`` a known string, ``n`` number, ``b`` bool, ``l`` list, set or tuple whose elements may
be unknown, ``m`` map or object likewise, ``k`` anything wholly known, ``v`` anything at all; capital ``S``: a string
that may be partly known. A last letter followed by ``*`` takes all further arguments, ``?`` makes it optional.
An argument that is unknown where it must not be makes the result unknown, with that reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from restore_ready.readers.terraform.language._types import BOOL, NUMBER, STRING, convert, kind_of
from restore_ready.readers.terraform.language._values import (
    EvalError,
    Lazy,
    Obj,
    Rest,
    Seq,
    Span,
    Unknown,
    Value,
    first_open,
    is_open,
    opened,
)

Number: TypeAlias = "int | Decimal"


class Scoped(Protocol):
    """What functions need of the scope that they are called in."""

    @property
    def names(self) -> Any: ...

    @property
    def budget(self) -> Any: ...

    trying: bool


Function = Callable[[Any, "list[Value]", Span], Value]
FUNCTIONS: dict[str, Function] = {}
_TYPES = {"s": STRING, "n": NUMBER, "b": BOOL, "S": STRING}


class _Open(Exception):
    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown


def function(
    name: str, parameters: str, *, scoped: bool = False
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function; with *scoped* it gets the scope first."""
    wanted = re.findall(r"\w[*?]?", parameters)
    least = sum(len(one) == 1 for one in wanted)
    more = wanted[-1][0] if wanted and wanted[-1].endswith("*") else ""
    letters = [one[0] for one in wanted if not one.endswith("*")]

    def register(body: Callable[..., Value]) -> Callable[..., Value]:
        def call(scope: Any, args: list[Value], span: Span) -> Value:
            spread = next((one for one in args if isinstance(one, Rest)), None)
            if spread is not None and more not in ("v", "l"):
                return spread.unknown
            if (len(args) < least and spread is None) or (not more and len(args) > len(letters)):
                raise EvalError("the number of arguments is wrong", span)
            kinds = [*letters[: len(args)], *more * (len(args) - len(letters))]
            try:
                taken = [_taken(one, kind) for one, kind in zip(args, kinds)]
            except _Open as error:
                return error.unknown
            try:
                return body(scope, *taken) if scoped else body(*taken)
            except (TypeError, ValueError, AttributeError, IndexError, KeyError, ArithmeticError):
                raise EvalError("the arguments are not of the right kinds", span) from None

        FUNCTIONS[name] = call
        return body

    return register


def _taken(value: Value, kind: str) -> Value:
    if kind == "v" or isinstance(value, Rest):
        return value
    if isinstance(value, Lazy):
        value = value.whole()
    if kind == "k":
        unknown = first_open(value)
        if unknown is not None:
            raise _Open(unknown)
        return value
    if value is None:
        raise EvalError("an argument is null")
    if is_open(value) and not (kind == "S" and not isinstance(value, Unknown)):
        if kind == "S":
            return value
        raise _Open(opened(value))
    if kind in _TYPES:
        return convert(value, _TYPES[kind])
    if not isinstance(value, Seq if kind == "l" else Obj):
        raise EvalError(f"a {'list' if kind == 'l' else 'map'} is required, not {kind_of(value)}")
    return value
