"""Expressions and bodies as they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from restore_ready.readers.terraform.syntax._span import Span


@dataclass(slots=True)
class Expr:
    span: Span


@dataclass(slots=True)
class Literal(Expr):
    value: Any


@dataclass(slots=True)
class Bad(Expr):
    why: str


@dataclass(slots=True)
class Name(Expr):
    name: str


@dataclass(slots=True)
class GetAttr(Expr):
    of: Expr
    name: str


@dataclass(slots=True)
class Index(Expr):
    of: Expr
    key: Expr


@dataclass(slots=True)
class Item(Expr):
    """Stands within a splat's ``each`` for one element."""


@dataclass(slots=True)
class Splat(Expr):
    of: Expr
    each: Expr


@dataclass(slots=True)
class Call(Expr):
    name: str
    args: list[Expr]
    spread: bool


@dataclass(slots=True)
class Cond(Expr):
    test: Expr
    yes: Expr
    no: Expr


@dataclass(slots=True)
class Binary(Expr):
    op: str
    left: Expr
    right: Expr


@dataclass(slots=True)
class Unary(Expr):
    op: str
    of: Expr


@dataclass(slots=True)
class Paren(Expr):
    of: Expr


@dataclass(slots=True)
class TupleOf(Expr):
    items: list[Expr]


@dataclass(slots=True)
class ObjectOf(Expr):
    items: list[tuple[Expr, Expr]]


@dataclass(slots=True)
class For(Expr):
    key_name: str
    value_name: str
    over: Expr
    key: Expr | None
    value: Expr
    test: Expr | None
    group: bool


@dataclass(slots=True)
class Template(Expr):
    parts: list[Expr]


@dataclass(slots=True)
class TemplateIf(Expr):
    test: Expr
    yes: Template
    no: Template


@dataclass(slots=True)
class TemplateFor(Expr):
    key_name: str
    value_name: str
    over: Expr
    body: Template


def names(expr: Expr) -> Iterator[list[str]]:
    """Give the beginnings of what an expression refers to: ``["aws_efs_file_system", "x", "arn"]``."""
    todo: list[Any] = [expr]
    while todo:
        one = todo.pop()
        steps: list[str] = []
        inner = one
        while isinstance(inner, (GetAttr, Index)):
            if isinstance(inner, Index):
                todo.append(inner.key)
                steps = []
            else:
                steps.append(inner.name)
            inner = inner.of
        if isinstance(inner, Name):
            yield [inner.name, *reversed(steps)]
        elif inner is not one:
            todo.append(inner)
        elif isinstance(one, Expr):
            todo.extend(getattr(one, part.name) for part in fields(one) if part.name != "span")
        elif isinstance(one, (list, tuple)):
            todo.extend(one)


@dataclass(slots=True)
class Attribute:
    """An attribute as written; its expression is read when it is needed."""

    name: str
    span: Span
    read: Callable[[], Expr]
    _expr: Expr | None = None

    @property
    def expr(self) -> Expr:
        if self._expr is None:
            self._expr = self.read()
        return self._expr


@dataclass(slots=True)
class Body:
    """Attributes by name, and nested blocks in their order."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Written] = field(default_factory=list)


@dataclass(slots=True)
class Written:
    """A block as written."""

    kind: str
    labels: list[str]
    span: Span
    read: Callable[[], Body]
    _body: Body | None = None

    @property
    def body(self) -> Body:
        if self._body is None:
            self._body = self.read()
        return self._body
