"""Files, blocks and attributes as they are written; what is inside them is read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from restore_ready.readers.terraform.syntax._nodes import Expr
from restore_ready.readers.terraform.syntax._span import Span


class Problem(msgspec.Struct, frozen=True, gc=False):
    """What can't be read, where and why."""

    span: Span
    why: str


class Attribute:
    """An attribute.

    Attributes:
        name: its name.
        span: the whole of it, from its name to the end of its value.
    """

    __slots__ = ("_expr", "_read", "name", "span")

    def __init__(self, name: str, span: Span, read: Callable[[], Expr]) -> None:
        """Take a name, a place, and what reads the value's expression."""
        self.name, self.span, self._read = name, span, read
        self._expr: Expr | None = None

    @property
    def expr(self) -> Expr:
        """Expression of its value."""
        if self._expr is None:
            self._expr = self._read()
        return self._expr


class Body:
    """Attributes by name, nested blocks in their order, and what can't be read."""

    __slots__ = ("attributes", "blocks", "problems")

    def __init__(
        self,
        attributes: dict[str, Attribute] | None = None,
        blocks: list[Written] | None = None,
        problems: list[Problem] | None = None,
    ) -> None:
        """Take what the body holds; nothing if it is left out."""
        self.attributes = {} if attributes is None else attributes
        self.blocks = [] if blocks is None else blocks
        self.problems = [] if problems is None else problems


class Written:
    """A block.

    Attributes:
        kind: the word that it begins with.
        labels: the labels after that.
        span: the whole of it.
    """

    __slots__ = ("_body", "_read", "kind", "labels", "span")

    def __init__(self, kind: str, labels: list[str], span: Span, read: Callable[[], Body]) -> None:
        """Take a head, a place, and what reads the body."""
        self.kind, self.labels, self.span, self._read = kind, labels, span, read
        self._body: Body | None = None

    @property
    def body(self) -> Body:
        """What stands between its braces."""
        if self._body is None:
            self._body = self._read()
        return self._body
