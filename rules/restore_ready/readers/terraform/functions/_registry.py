"""How functions take their arguments.

Each parameter is a letter: ``s`` a known string, ``n`` number, ``l`` list, set or tuple whose elements may be unknown,
``m`` map or object likewise, ``k`` anything wholly known, ``v`` anything at all; capital ``S`` a string that may be
partly known. A last letter followed by ``*`` takes all further arguments, one followed by ``?`` may be missing. An
argument that is unknown where it must not be makes the result unknown, with that reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from restore_ready.readers.terraform.language import (
    NUMBER,
    STRING,
    Either,
    EvalError,
    Function,
    Lazy,
    Null,
    Obj,
    Rest,
    Scope,
    Seq,
    Unknown,
    Value,
    convert,
    first_open,
    is_null,
    is_open,
    opened,
    spread,
)  # fmt: skip
from restore_ready.readers.terraform.language._types import kind_of
from restore_ready.readers.terraform.language._unknowns import follows
from restore_ready.readers.terraform.syntax import Real, Span

FUNCTIONS: Final[dict[str, Function]] = {}
_INT64: Final = 1 << 63
_TYPES: Final = {"s": STRING, "n": NUMBER, "S": STRING}
_Body = TypeVar("_Body", bound=Callable[..., Value])


class _OpenArgumentError(Exception):
    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.why)
        self.unknown = unknown


class _Parameters(msgspec.Struct, frozen=True):
    letters: str
    least: int
    more: str

    def kinds(self, count: int) -> str:
        return self.letters[:count] + self.more * (count - len(self.letters))


def _parameters(written: str) -> _Parameters:
    wanted = re.findall(r"\w[*?]?", written)
    more = wanted[-1][0] if wanted and wanted[-1].endswith("*") else ""
    letters = "".join(letter[0] for letter in wanted if not letter.endswith("*"))
    return _Parameters(letters, sum(len(letter) == 1 for letter in wanted), more)


def function(
    name: str,
    parameters: str,
    *,
    scoped: bool = False,
    typed: bool = False,
    table: dict[str, Function] = FUNCTIONS,
) -> Callable[[_Body], _Body]:
    """Return a decorator that registers a function.

    Args:
        name: what Terraform calls it.
        parameters: letters, see above.
        scoped: whether it gets the scope before its arguments.
        typed: whether it gets nulls with their types.
        table: the functions that it is put among.
    """
    wanted = _parameters(parameters)

    def register(body: _Body) -> _Body:
        def call(scope: Scope, args: list[Value], span: Span) -> Value:
            if any(isinstance(arg, Either) for arg in args):
                return spread(lambda *sides: call(scope, list(sides), span), *args)
            value = _result(
                wanted, args, span, lambda taken: body(scope, *taken) if scoped else body(*taken), typed=typed
            )
            if isinstance(value, Unknown) and not value.origin:
                return follows(value, f"{name}({','.join('{}' for _ in args)})", *args, span=span)
            return value

        table[name] = call
        return body

    return register


def _result(
    wanted: _Parameters,
    args: list[Value],
    span: Span,
    body: Callable[[list[Value]], Value],
    *,
    typed: bool,
) -> Value:
    spread_ = next((arg for arg in args if isinstance(arg, Rest)), None)
    if spread_ is not None and wanted.more not in ("v", "l"):
        return opened(spread_)
    if (len(args) < wanted.least and spread_ is None) or (not wanted.more and len(args) > len(wanted.letters)):
        raise EvalError(why="the number of arguments is wrong", span=span)
    try:
        return body([_taken(arg, kind, typed=typed) for arg, kind in zip(args, wanted.kinds(len(args)), strict=True)])
    except _OpenArgumentError as error:
        return error.unknown
    except (TypeError, ValueError, AttributeError, IndexError, KeyError, ArithmeticError, RecursionError) as error:
        return Unknown(f"it can't be evaluated: {error}", span)


def _taken(value: Value, kind: str, *, typed: bool) -> Value:
    if isinstance(value, Null) and not typed:
        value = None
    if kind == "v" or isinstance(value, Rest):
        return value
    if isinstance(value, Lazy):
        value = value.whole()
    if kind == "k":
        return _known(value)
    if is_null(value):
        raise EvalError(why="an argument is null")
    return _open(value, kind) if is_open(value) else _converted(value, kind)


def _known(value: Value) -> Value:
    unknown = first_open(value)
    if unknown is not None:
        raise _OpenArgumentError(unknown)
    return value


def _open(value: Value, kind: str) -> Value:
    if kind != "S" or isinstance(value, Unknown):
        raise _OpenArgumentError(opened(value))
    return value


def _converted(value: Value, kind: str) -> Value:
    if kind in _TYPES:
        return convert(value, _TYPES[kind])
    if not isinstance(value, Seq if kind == "l" else Obj):
        raise EvalError(why=f"a {'list' if kind == 'l' else 'map'} is required, not {kind_of(value)}")
    return value


def whole(number: int | Real) -> int:
    """Return a number that must have no fraction.

    Raises:
        EvalError: if it has one.
    """
    if number.denominator != 1 or not -_INT64 <= number < _INT64:
        raise EvalError(why="a whole number is required")
    return int(number)


def rest_of(items: Seq) -> Unknown | None:
    """Return why a sequence may have further elements, ``None`` if it has none."""
    if items.maybe is not None:
        return opened(items.maybe)
    return next((opened(item) for item in items if isinstance(item, Rest)), None)


def absent(name: str, why: str, table: dict[str, Function] = FUNCTIONS) -> None:
    """Register a function whose result is never known."""

    def call(_scope: Any, _args: list[Value], span: Span) -> Value:  # noqa: ANN401  # a Function
        return Unknown(f"{name}() {why}", span)

    table[name] = call
