"""Where the parts of a block are written, reckoned when that is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from restore_ready.model import Focus, Place
from restore_ready.readers._marks import Marks
from restore_ready.readers.terraform.configuration import BlockBody, followed
from restore_ready.readers.terraform.language import EvalError, Scope, TooMuchError, evaluate
from restore_ready.readers.terraform.syntax import Expr, Span, nodes

_OF_FILES: Final = frozenset({"file", "templatefile"})


class BodyMarks:
    """The places of an evaluated body's attributes and nested blocks."""

    __slots__ = ("_body",)

    def __init__(self, body: BlockBody) -> None:
        """Take the body."""
        self._body = body

    def focus(self, name: str) -> Focus | None:
        """Return where an attribute is written and its value given, or where the first block of that name is."""
        attribute = self._body.attributes.get(name)
        if attribute is not None:
            given = attribute.given()
            return Focus(_spot(attribute.span), None if given is None or not given.line else _spot(given))
        blocks = self._body.named(name)
        return Focus(_spot(blocks[0].body.span)) if blocks else None

    def blocks(self, name: str) -> tuple[Marks, ...]:
        """Return those of the nested blocks of one name, or of the object that an argument of that name encodes."""
        attribute = self._body.attributes.get(name)
        if attribute is not None:
            return _encoded(attribute.expr, attribute.scope)
        return tuple(BodyMarks(block.body) for block in self._body.named(name))


class ObjectMarks:
    """The places of the members of an object that is written out, such as a policy in ``jsonencode``."""

    __slots__ = ("_members", "_scope")

    def __init__(self, written: nodes.ObjectOf, scope: Scope) -> None:
        """Take the expression of the object, and what its names lead to."""
        self._scope = scope
        self._members = {key: (name.span, value) for name, value in written.items if (key := _key(name))}

    def focus(self, name: str) -> Focus | None:
        """Return where a member is written."""
        if name not in self._members:
            return None
        key, value = self._members[name]
        return Focus(_spot(key.to(value.span)))

    def blocks(self, name: str) -> tuple[Marks, ...]:
        """Return those of the object of one name, or of each in a list of them."""
        if name not in self._members:
            return ()
        value = followed(self._members[name][1], self._scope)
        listed = value.expr.items if isinstance(value.expr, nodes.TupleOf) else [value.expr]
        found = tuple(marks for entry in listed for marks in _object(entry, value.scope))
        return found if len(found) == len(listed) else ()


def _encoded(expr: Expr, scope: Scope) -> tuple[Marks, ...]:
    """Return the marks of the object that an expression encodes: in ``jsonencode``, as text, or in a file."""
    found = followed(expr, scope)
    if isinstance(found.expr, (nodes.Literal, nodes.Template)):
        return _in_heredoc(found.expr.span)
    if not isinstance(found.expr, nodes.Call) or not found.expr.args:
        return ()
    if found.expr.name in _OF_FILES:
        return _in_file(found.expr.args[0], found.scope)
    return _object(found.expr.args[0], found.scope) if found.expr.name == "jsonencode" else ()


def _object(expr: Expr, scope: Scope) -> tuple[Marks, ...]:
    found = followed(expr, scope)
    return (ObjectMarks(found.expr, found.scope),) if isinstance(found.expr, nodes.ObjectOf) else ()


def _in_heredoc(span: Span) -> tuple[Marks, ...]:
    if not span.text.startswith("<<"):
        return ()
    lines = span.text.splitlines()[1:-1]
    return _in_text(os.path.normpath(span.file), span.line + 1, lambda: "\n".join(lines))


def _in_file(path: Expr, scope: Scope) -> tuple[Marks, ...]:
    """Return the marks of the object that a file holds, such as the template of a policy, where it may be read."""
    try:
        written = evaluate(path, scope)
    except (EvalError, TooMuchError):
        return ()
    if not isinstance(written, str):
        return ()
    file = Path(os.path.normpath(scope.names.root / written))
    if scope.names.readable(Path(os.path.realpath(file))):
        return ()
    return _in_text(str(file), 1, lambda: file.read_text(encoding="utf-8", errors="replace"))


def _in_text(file: str, first: int, read: Callable[[], str]) -> tuple[Marks, ...]:
    from restore_ready.readers._text_marks import document_marks  # noqa: PLC0415  # most sources need no YAML

    return (document_marks(file, first, read),)


def _key(expr: Expr) -> str:
    if isinstance(expr, nodes.Literal):
        return expr.value if isinstance(expr.value, str) else ""
    return expr.name if isinstance(expr, nodes.Name) else ""


def place_of(span: Span) -> Place:
    """Return the place of a whole block as findings tell it."""
    return Place(os.path.normpath(span.file), span.line, span.end_line)


def place_in(span: Span, calls: Sequence[Span]) -> Place:
    """Return the place of a whole block, with the innermost of the module *calls* to it that the repository has."""
    place = place_of(span)
    if not place.is_downloaded:
        return place
    inside_out = map(place_of, reversed(calls))
    return replace(place, call=next((call for call in inside_out if not call.is_downloaded), None))


def _spot(span: Span) -> Place:
    return Place(os.path.normpath(span.file), span.line, span.end_line, span.column, span.end_column)
