"""Where is the value of an expression given, if the names in it lead elsewhere: to a module's call, a local, a default?

A part of what is written out is found there: ``var.rules[0].start``, or ``rule.value.start`` of the element that a
``dynamic`` block repeats for. Of what a function makes, the whole expression is told.
"""

from __future__ import annotations

from typing import Final

from restore_ready.readers.terraform.configuration._definitions import Definition, default, next_definition
from restore_ready.readers.terraform.language import Scope
from restore_ready.readers.terraform.syntax import Expr, Span, nodes

_MOST_STEPS: Final = 100
_CONVERSIONS: Final = frozenset({"toset", "tolist", "tomap", "nonsensitive", "sensitive"})
_LOOKUP_ARGUMENTS: Final = 2


def origin(expr: Expr, scope: Scope) -> Span | None:
    """Return where the value of *expr* is written, if that is elsewhere; ``None`` where no one place says it."""
    while isinstance(expr, nodes.Paren):
        expr = expr.of
    search = _Search()
    found = search.follow(expr, scope)
    return None if found.expr is expr or search.is_given_up else found.expr.span


class _Search:
    """Follows names, in a bounded number of steps."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    @property
    def is_given_up(self) -> bool:
        """Whether it took too many steps."""
        return self._left <= 0

    def follow(self, expr: Expr, scope: Scope) -> Definition:
        """Return the last definition that *expr* leads to."""
        found = Definition(expr, scope)
        while self._left > 0:
            self._left -= 1
            inner = next_definition(found) or default(found) or self._inside(found)
            if inner is None:
                break
            found = inner
        return found

    def _inside(self, found: Definition) -> Definition | None:
        """Return the part that an access leads to, or a call that is one as long as it finds something."""
        expr, scope = found.expr, found.scope
        if not isinstance(expr, nodes.Call):
            return self._accessed(expr, scope, exact=False)
        if expr.name == "try" and expr.args:
            return self._accessed(expr.args[0], scope, exact=True)
        if expr.name == "lookup" and len(expr.args) >= _LOOKUP_ARGUMENTS and isinstance(expr.args[1], nodes.Literal):
            return self._part(Definition(expr.args[0], scope), expr.args[1].value, exact=True)
        return None

    def _accessed(self, expr: Expr, scope: Scope, *, exact: bool) -> Definition | None:
        if isinstance(expr, nodes.Index):
            return self._part(Definition(expr.of, scope), _index(expr.key, scope), exact=exact)
        if not isinstance(expr, nodes.GetAttr):
            return None
        repetition = scope.repetitions.get(expr.of.name) if isinstance(expr.of, nodes.Name) else None
        if repetition is None:
            return self._part(Definition(expr.of, scope), expr.name, exact=exact)
        whole = Definition(repetition.expr, repetition.scope)
        return self._part(whole, repetition.key, exact=exact) if expr.name == "value" else None

    def _part(self, whole: Definition, key: object, *, exact: bool) -> Definition | None:
        """Return a part of what *whole* leads to; unless *exact*, all of that where it can't be told."""
        found = self.follow(whole.expr, whole.scope)
        while isinstance(found.expr, nodes.Call) and found.expr.name in _CONVERSIONS and len(found.expr.args) == 1:
            found = self.follow(found.expr.args[0], found.scope)
        if key is not None and isinstance(found.expr, (nodes.ObjectOf, nodes.TupleOf)):
            part = _member(found.expr, key)
            return Definition(part, found.scope) if part is not None else None
        return None if exact or found.expr is whole.expr else found


def _index(key: Expr, scope: Scope) -> object:
    """Return what ``[0]``, ``["a"]`` and ``[each.key]`` ask for; ``None`` for any other index."""
    if isinstance(key, nodes.Literal):
        return key.value
    if isinstance(key, nodes.GetAttr) and isinstance(key.of, nodes.Name) and key.name == "key":
        repetition = scope.repetitions.get(key.of.name)
        return repetition.key if repetition is not None else None
    return None


def _member(whole: nodes.ObjectOf | nodes.TupleOf, key: object) -> Expr | None:
    """Return the value of a key, the item of a number, or the one that equals the key of a set."""
    if isinstance(whole, nodes.ObjectOf):
        values = [value for written, value in whole.items if _key(written) == str(key)]
        return values[-1] if values else None
    if isinstance(key, int):
        return whole.items[key] if 0 <= key < len(whole.items) else None
    return next((item for item in whole.items if isinstance(item, nodes.Literal) and item.value == key), None)


def _key(expr: Expr) -> str:
    return expr.name if isinstance(expr, nodes.Name) else str(getattr(expr, "value", ""))
