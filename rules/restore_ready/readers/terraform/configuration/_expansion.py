"""The instances of a block with ``count`` or ``for_each``, and what each depends on.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from restore_ready.readers.terraform.configuration._bounds import MOST_INSTANCES
from restore_ready.readers.terraform.configuration._definitions import Definition, followed
from restore_ready.readers.terraform.configuration._existence import (
    STEP,
    Conditions,
    condition_of,
    conditions,
    more_than_none,
)
from restore_ready.readers.terraform.language import (
    NUMBER,
    STRING,
    EvalError,
    Ref,
    Scope,
    Unknown,
    Value,
    convert,
    identical,
    is_null,
    is_open,
    possible,
    settled,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Expr, nodes

_DEEPEST: Final = 20
_DISTRIBUTED: Final = frozenset({"toset", "tolist", "tomap", "nonsensitive", "sensitive"})
"""Functions that give the same whether they are applied to a condition or to both of its branches."""


class Element(msgspec.Struct, frozen=True):
    """An element that a block is repeated for.

    Attributes:
        key: its key or number; an `Unknown` stands for any number of further elements.
        maybe: on what it depends whether there is one.
    """

    key: Value
    value: Value
    maybe: Conditions = ()


class Counted(msgspec.Struct, frozen=True):
    """How many instances there are: at least so many as *each* has entries, each with what it depends on.

    Attributes:
        beyond: how many more there are than are listed.
    """

    each: tuple[Conditions, ...]
    beyond: int = 0


def counted(expr: Expr, scope: Scope, depth: int = 0) -> Counted:
    """Return the instances that a ``count`` gives.

    An open one gives a single instance that says so; of two branches of an open condition, those of both.

    Raises:
        EvalError: if it is known and is no number of instances.
    """
    value = settled(expr, scope)
    if not is_open(value):
        number = None if is_null(value) else convert(value, NUMBER)
        if not isinstance(number, int) or number < 0:
            reason = "the count is null" if number is None else "the count is not a whole number"
            raise EvalError(reason, expr.span)
        return Counted(((),) * min(number, MOST_INSTANCES), max(number - MOST_INSTANCES, 0))
    scope.budget.spend(STEP)
    branches = _branches(expr, scope) if depth < _DEEPEST else None
    if branches is None:
        return Counted(((more_than_none(expr, scope, value, "> 0"),),))
    test, yes, no = branches
    first, second = counted(yes.expr, yes.scope, depth + 1), counted(no.expr, no.scope, depth + 1)
    if first.each and second.each and (any(first.each) or any(second.each)):
        return Counted(((more_than_none(expr, scope, value, "> 0"),),))
    holds, fails = (conditions(test.expr, test.scope, holds=side) for side in (True, False))
    longer, shorter, met = (first, second, holds) if len(first.each) >= len(second.each) else (second, first, fails)
    sure = len(shorter.each)
    return Counted((*shorter.each, *((*met, *entry) for entry in longer.each[sure:])), longer.beyond)


def repeated(expr: Expr, scope: Scope, depth: int = 0) -> list[Element]:
    """Return the elements that ``for_each`` runs over, in their order, those that may not exist among them.

    Raises:
        EvalError: if it is known and nothing can be repeated for it.
    """
    value = settled(expr, scope)
    scope.budget.spend(STEP if is_open(value) else 0)
    branches = _branches(expr, scope) if is_open(value) and depth < _DEEPEST else None
    if branches is None:
        return list(_elements(expr, scope, value))
    test, yes, no = branches
    first, second = repeated(yes.expr, yes.scope, depth + 1), repeated(no.expr, no.scope, depth + 1)
    holds, fails = (conditions(test.expr, test.scope, holds=side) for side in (True, False))
    return list(_joined(first, second, holds, fails))


def _joined(first: list[Element], second: list[Element], holds: Conditions, fails: Conditions) -> Iterator[Element]:
    """Give the elements of both branches of an open condition: an equal one depends on it no more."""
    others = {element.key: element for element in second if isinstance(element.key, (str, int))}
    shared = set()
    for element in first:
        other = others.get(element.key) if isinstance(element.key, (str, int)) else None
        if other is None or element.maybe or other.maybe:
            yield Element(element.key, element.value, (*holds, *element.maybe))
        else:
            shared.add(element.key)
            value = element.value if identical(element.value, other.value) else (holds or fails)[0].unknown
            yield Element(element.key, value)
    for element in second:
        if not isinstance(element.key, (str, int)) or element.key not in shared:
            yield Element(element.key, element.value, (*fails, *element.maybe))


def _elements(expr: Expr, scope: Scope, value: Value) -> Iterator[Element]:
    for element in possible(value, expr.span):
        if isinstance(element.key, Unknown):
            yield Element(element.key, element.value, (more_than_none(expr, scope, element.key, "has more elements"),))
        else:
            key = _key(element.key, expr)
            yield Element(key, element.value, tuple(condition_of(unknown) for unknown in element.maybe))


def _key(key: Value, expr: Expr) -> Value:
    """Return a key as an instance has it; a number counts the elements of a list."""
    if isinstance(key, Ref) or (isinstance(key, int) and not isinstance(key, bool)):
        return key
    name = convert(key, STRING)
    return name if isinstance(name, str) else Unknown("a key is not a string", expr.span)


def _branches(expr: Expr, scope: Scope) -> tuple[Definition, Definition, Definition] | None:
    """Return the open condition and the branches that *expr* comes to; ``None`` if it is no such condition."""
    found = followed(expr, scope)
    inner, scope = found.expr, found.scope
    if isinstance(inner, nodes.Cond):
        test, yes, no = (Definition(part, scope) for part in (inner.test, inner.yes, inner.no))
        return (test, yes, no) if is_open(settled(inner.test, scope)) else _known_branch(test, yes, no)
    if isinstance(inner, nodes.Call) and inner.name in _DISTRIBUTED and len(inner.args) == 1:
        branches = _branches(inner.args[0], scope)
        if branches is not None:
            test, yes, no = branches
            return test, _called(inner, yes), _called(inner, no)
    return None


def _known_branch(
    test: Definition, yes: Definition, no: Definition
) -> tuple[Definition, Definition, Definition] | None:
    taken = yes if settled(test.expr, test.scope) is True else no
    return _branches(taken.expr, taken.scope)


def _called(call: nodes.Call, branch: Definition) -> Definition:
    return Definition(nodes.Call(call.span, call.name, [branch.expr], spread=False), branch.scope)
