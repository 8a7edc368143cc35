"""Where the parts of a block are written, reckoned when that is asked for."""

from __future__ import annotations

import os

from restore_ready.model import Focus, Place
from restore_ready.readers.terraform.configuration import BlockBody
from restore_ready.readers.terraform.syntax import Span


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

    def blocks(self, name: str) -> tuple[BodyMarks, ...]:
        """Return those of the nested blocks of one name."""
        return tuple(BodyMarks(block.body) for block in self._body.named(name))


def place_of(span: Span) -> Place:
    """Return the place of a whole block as findings tell it."""
    return Place(os.path.normpath(span.file), span.line, span.end_line)


def _spot(span: Span) -> Place:
    return Place(os.path.normpath(span.file), span.line, span.end_line, span.column, span.end_column)
