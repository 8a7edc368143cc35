"""Where the parts of a block are written, reckoned when that is asked for."""

from __future__ import annotations

import os

from restore_ready.model import Focus, Place
from restore_ready.readers._marks import Marks
from restore_ready.readers.terraform.configuration import BlockBody
from restore_ready.readers.terraform.syntax import Expr, Span, nodes


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
            return _encoded(attribute.expr)
        return tuple(BodyMarks(block.body) for block in self._body.named(name))


class ObjectMarks:
    """The places of the members of an object that is written out, such as a policy in ``jsonencode``."""

    __slots__ = ("_members",)

    def __init__(self, written: nodes.ObjectOf) -> None:
        """Take the expression of the object."""
        self._members = {key: (name.span, value) for name, value in written.items if (key := _key(name))}

    def focus(self, name: str) -> Focus | None:
        """Return where a member is written."""
        if name not in self._members:
            return None
        key, value = self._members[name]
        return Focus(_spot(key.to(value.span)))

    def blocks(self, name: str) -> tuple[Marks, ...]:
        """Return those of the object of one name, or of each in a list of them."""
        value = _bare(self._members[name][1]) if name in self._members else None
        entries = [_bare(entry) for entry in value.items] if isinstance(value, nodes.TupleOf) else [value]
        found = tuple(ObjectMarks(entry) for entry in entries if isinstance(entry, nodes.ObjectOf))
        return found if len(found) == len(entries) else ()


def _encoded(expr: Expr) -> tuple[Marks, ...]:
    call = _bare(expr)
    if isinstance(call, nodes.Call) and call.name == "jsonencode" and len(call.args) == 1:
        written = _bare(call.args[0])
        return (ObjectMarks(written),) if isinstance(written, nodes.ObjectOf) else ()
    return ()


def _bare(expr: Expr) -> Expr:
    return _bare(expr.of) if isinstance(expr, nodes.Paren) else expr


def _key(expr: Expr) -> str:
    if isinstance(expr, nodes.Literal):
        return expr.value if isinstance(expr.value, str) else ""
    return expr.name if isinstance(expr, nodes.Name) else ""


def place_of(span: Span) -> Place:
    """Return the place of a whole block as findings tell it."""
    return Place(os.path.normpath(span.file), span.line, span.end_line)


def _spot(span: Span) -> Place:
    return Place(os.path.normpath(span.file), span.line, span.end_line, span.column, span.end_column)
