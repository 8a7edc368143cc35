"""What an expression can see, and how much it may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import msgspec

from restore_ready.readers.terraform.language._values import TooMuchError, Value
from restore_ready.readers.terraform.syntax import Expr, Span


class Budget:
    """Bounds of one evaluation, so that no configuration can hang it.

    Attributes:
        steps: how many expressions may still be evaluated; functions spend them by the size of their results.
        depth: how many expressions surround the one being evaluated.
        deepest: how many may.
        largest: characters of a string, elements of a collection.
    """

    __slots__ = ("deepest", "depth", "largest", "steps")

    def __init__(self, steps: int = 1_500_000, deepest: int = 300, largest: int = 1_000_000) -> None:
        """Begin with all that may be spent."""
        self.steps, self.depth, self.deepest, self.largest = steps, 0, deepest, largest

    def spend(self, steps: int = 1) -> None:
        """Take *steps* off.

        Raises:
            TooMuchError: if none are left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise TooMuchError


class Names(Protocol):
    """Where an expression's names lead, and what its functions may use."""

    @property
    def root(self) -> Path:
        """Folder that paths of files begin at."""

    @property
    def budget(self) -> Budget:
        """What the evaluation may take."""

    @property
    def functions(self) -> Mapping[str, Function]:
        """Functions by name."""

    def readable(self, path: Path) -> str:
        """Return why expressions may not read the file *path*, its links resolved; empty if they may."""

    def lookup(self, name: str, span: Span) -> Value:
        """Return what a reference begins with.

        Raises:
            EvalError: if there is nothing of that name.
        """


_NONE: Final[Mapping[str, Repetition]] = {}


class Repetition(msgspec.Struct, frozen=True):
    """What ``each`` or the iterator of a ``dynamic`` block runs over, and where it is.

    Attributes:
        expr: the ``for_each``.
        scope: in which that is evaluated.
        key: of the element.
    """

    expr: Expr
    scope: Scope
    key: Value


class Scope:
    """The names that an expression sees: its module's, and what surrounds it.

    Attributes:
        names: the module's.
        repetitions: what ``each`` and the iterators of ``dynamic`` run over.
        bound: those of ``for``, ``each``, ``count``, iterators of ``dynamic``.
        trying: whether ``try`` or ``can`` surrounds it, so that a refusal is one and not an unknown value.
    """

    __slots__ = ("bound", "names", "repetitions", "trying")

    def __init__(
        self,
        names: Names,
        bound: dict[str, Value] | None = None,
        *,
        repetitions: Mapping[str, Repetition] = _NONE,
        trying: bool = False,
    ) -> None:
        """Take the names."""
        self.names, self.bound, self.repetitions, self.trying = (
            names,
            {} if bound is None else bound,
            repetitions,
            trying,
        )

    @property
    def budget(self) -> Budget:
        """What the evaluation may take."""
        return self.names.budget

    def bind(self, **bound: Value) -> Scope:
        """Return a scope inside this one, with more names."""
        return Scope(self.names, {**self.bound, **bound}, repetitions=self.repetitions, trying=self.trying)

    def repeat(self, iterator: str, value: Value, expr: Expr, key: Value) -> Scope:
        """Return a scope inside this one for the element *key* of the ``for_each`` *expr*; *value* is its iterator."""
        repetitions = {**self.repetitions, iterator: Repetition(expr, self, key)}
        return Scope(self.names, {**self.bound, iterator: value}, repetitions=repetitions, trying=self.trying)

    def attempt(self) -> Scope:
        """Return the scope inside ``try``."""
        return Scope(self.names, self.bound, repetitions=self.repetitions, trying=True)


Function: TypeAlias = Callable[[Any, "list[Value]", Span], Value]
"""A function: it gets the scope, its arguments and the place of the call."""
