"""Values of open conditions: what both sides share stays known, and equal conditions go together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from restore_ready.readers.terraform.language._unknowns import fresh, identical, opened
from restore_ready.readers.terraform.language._values import Either, EvalError, Refused, Unknown, Value

_MOST_LEAVES: Final = 16
_MOST_TESTS: Final = 4


def negated(test: Unknown) -> Unknown:
    """Return the opposite of an open condition."""
    if not test.origin:
        return Unknown(test.why, test.span)
    origin = test.origin[1:] if test.origin.startswith("!") else f"!{test.origin}"
    return Unknown(test.why, test.span, origin)


def either(test: Unknown, yes: Value, no: Value) -> Value:
    """Return ``test ? yes : no``.

    One side alone if both are the same; the test itself for true and false; a plain unknown if it would be too large.
    """
    test = fresh(test)
    if test.origin.startswith("!"):
        test, yes, no = negated(test), no, yes
    yes, no = given(yes, test, holds=True), given(no, test, holds=False)
    if identical(yes, no) or (isinstance(yes, Refused) and isinstance(no, Refused)):
        return yes
    if yes is True and no is False:
        return test
    if yes is False and no is True:
        return negated(test)
    return Either(test, yes, no) if _size(yes) + _size(no) <= _MOST_LEAVES else opened(test)


def _size(value: Value) -> int:
    return _size(value.yes) + _size(value.no) if isinstance(value, Either) else 1


def given(value: Value, test: Unknown, *, holds: bool) -> Value:
    """Return what *value* is if *test* is true, or if it is false."""
    if isinstance(value, Either):
        if value.test.origin == test.origin:
            return given(value.yes if holds else value.no, test, holds=holds)
        yes, no = given(value.yes, test, holds=holds), given(value.no, test, holds=holds)
        return value if yes is value.yes and no is value.no else either(value.test, yes, no)
    if isinstance(value, Unknown) and value.origin.lstrip("!") == test.origin and test.origin:
        return holds != value.origin.startswith("!")
    return value


def leaves(value: Value) -> Iterator[tuple[tuple[Unknown, ...], Value]]:
    """Yield each value that an open one may have, with the conditions under which it has it."""
    if not isinstance(value, Either):
        yield (), value
        return
    for conditions, leaf in leaves(value.yes):
        yield (value.test, *conditions), leaf
    for conditions, leaf in leaves(value.no):
        yield (negated(value.test), *conditions), leaf


def spread(operation: Callable[..., Value], *values: Value) -> Value:
    """Apply an operation to every combination of what open conditions leave.

    Where one side is refused the other one counts: the refusal stays in it for ``try`` to see.

    Raises:
        EvalError: if every side is refused.
    """
    return _spread(operation, values, _MOST_TESTS)


def _spread(operation: Callable[..., Value], values: tuple[Value, ...], left: int) -> Value:
    test: Unknown | None = None
    for value in values:
        if isinstance(value, Refused):
            raise EvalError(value.why, value.span)
        if test is None and isinstance(value, Either):
            test = value.test
    if test is None:
        return operation(*values)
    if not left:
        return opened(test)
    yes, no = (_side(operation, values, test, left - 1, holds=holds) for holds in (True, False))
    if isinstance(yes, Refused) and isinstance(no, Refused):
        raise EvalError(yes.why, yes.span)
    return either(test, yes, no)


def _side(
    operation: Callable[..., Value], values: tuple[Value, ...], test: Unknown, left: int, *, holds: bool
) -> Value:
    try:
        return _spread(operation, tuple(given(value, test, holds=holds) for value in values), left)
    except EvalError as error:
        return Refused(error.why, error.span)


def accepted(value: Value) -> Value:
    """Return *value* without the sides that Terraform would refuse: where they hold there is no plan at all."""
    if not isinstance(value, Either):
        return value
    yes, no = accepted(value.yes), accepted(value.no)
    if isinstance(yes, Refused):
        return no
    if isinstance(no, Refused):
        return yes
    return value if yes is value.yes and no is value.no else either(value.test, yes, no)


def filled(value: Value, instead: Callable[[], Value]) -> Value:
    """Return *value* with what *instead* gives in place of the sides that Terraform would refuse."""
    if isinstance(value, Refused):
        return instead()
    if not isinstance(value, Either):
        return value
    return either(value.test, filled(value.yes, instead), filled(value.no, instead))
