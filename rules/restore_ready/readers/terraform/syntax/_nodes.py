"""Expressions as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from restore_ready.readers.terraform.syntax._numbers import Number
from restore_ready.readers.terraform.syntax._span import Span

Constant: TypeAlias = "bool | Number | str | None"


class Expr(msgspec.Struct, frozen=True, gc=False, eq=False):
    """An expression, and where it is written."""

    span: Span


class Literal(Expr, frozen=True, gc=False, eq=False):
    """A constant."""

    value: Constant


class Bad(Expr, frozen=True, gc=False, eq=False):
    """What can't be read, and why."""

    why: str


class Name(Expr, frozen=True, gc=False, eq=False):
    """The first step of a reference: ``var``, ``each``, ``aws_efs_file_system``."""

    name: str


class GetAttr(Expr, frozen=True, gc=False, eq=False):
    """``of.name``."""

    of: Expr
    name: str


class Index(Expr, frozen=True, gc=False, eq=False):
    """``of[key]``."""

    of: Expr
    key: Expr


class Item(Expr, frozen=True, gc=False, eq=False):
    """Stands within a splat's ``each`` for one element."""


class Splat(Expr, frozen=True, gc=False, eq=False):
    """``of[*].each``."""

    of: Expr
    each: Expr


class Call(Expr, frozen=True, gc=False, eq=False):
    """A function's call; with *spread* the last argument gives any number of them."""

    name: str
    args: list[Expr]
    spread: bool


class Cond(Expr, frozen=True, gc=False, eq=False):
    """``test ? yes : no``."""

    test: Expr
    yes: Expr
    no: Expr


class Binary(Expr, frozen=True, gc=False, eq=False):
    """``left op right``."""

    op: str
    left: Expr
    right: Expr


class Unary(Expr, frozen=True, gc=False, eq=False):
    """``!of`` or ``-of``."""

    op: str
    of: Expr


class Paren(Expr, frozen=True, gc=False, eq=False):
    """``(of)``, or a template that is nothing but one interpolation."""

    of: Expr


class TupleOf(Expr, frozen=True, gc=False, eq=False):
    """``[…]``."""

    items: list[Expr]


class ObjectOf(Expr, frozen=True, gc=False, eq=False):
    """``{…}``."""

    items: list[tuple[Expr, Expr]]


class For(Expr, frozen=True, gc=False, eq=False):
    """``[for … in over : value if test]``; with *key* the one in braces, which *group* ends in ``...``."""

    key_name: str
    value_name: str
    over: Expr
    key: Expr | None
    value: Expr
    test: Expr | None
    group: bool


class Template(Expr, frozen=True, gc=False, eq=False):
    """A text of which parts are evaluated."""

    parts: list[Expr]


class TemplateIf(Expr, frozen=True, gc=False, eq=False):
    """``%{ if test }…%{ else }…%{ endif }``."""

    test: Expr
    yes: Template
    no: Template


class TemplateFor(Expr, frozen=True, gc=False, eq=False):
    """``%{ for … in over }…%{ endfor }``."""

    key_name: str
    value_name: str
    over: Expr
    body: Template


def names(expr: Expr) -> Iterator[list[str]]:
    """Yield the beginnings of what an expression refers to: ``["aws_efs_file_system", "x", "arn"]``."""
    todo: list[object] = [expr]
    while todo:
        part = todo.pop()
        if isinstance(part, (list, tuple)):
            todo.extend(part)
        elif isinstance(part, (GetAttr, Index, Name)):
            yield from _reference(part, todo)
        elif isinstance(part, Expr):
            todo.extend(getattr(part, field) for field in part.__struct_fields__ if field != "span")


def _reference(expr: GetAttr | Index | Name, todo: list[object]) -> Iterator[list[str]]:
    steps: list[str] = []
    inner: Expr = expr
    while isinstance(inner, (GetAttr, Index)):
        if isinstance(inner, Index):
            todo.append(inner.key)
            steps = []
        else:
            steps.append(inner.name)
        inner = inner.of
    if isinstance(inner, Name):
        yield [inner.name, *reversed(steps)]
    else:
        todo.append(inner)
