"""Files, blocks and attributes as they are written; what is inside them is read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from restore_ready.readers.terraform.syntax._nodes import Bad, Expr
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
    """What stands in a file or between the braces of a block.

    Attributes:
        attributes: by name.
        blocks: nested blocks in their order.
        problems: what can't be read.
        repeated: attributes whose name is given again after them. Terraform refuses that, so which value holds is not
            known: `attributes` has the last one, whose expression says so.
    """

    __slots__ = ("attributes", "blocks", "problems", "repeated")

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
        self.repeated: list[Attribute] = []

    def add(self, attribute: Attribute) -> None:
        """Take an attribute in."""
        earlier = self.attributes.get(attribute.name)
        self.attributes[attribute.name] = attribute
        if earlier is not None:
            self.repeated.append(earlier)
            why = f"{attribute.name} is given twice"
            self.attributes[attribute.name] = Attribute(
                attribute.name, attribute.span, lambda: Bad(attribute.span, why)
            )


class Written:
    """A block.

    Attributes:
        kind: the word that it begins with.
        labels: the labels after that.
        span: the whole of it.
        braces: its braces and what stands between them.
    """

    __slots__ = ("_body", "_read", "braces", "kind", "labels", "span")

    def __init__(self, kind: str, labels: list[str], span: Span, braces: Span, read: Callable[[], Body]) -> None:
        """Take a head, the places of the whole and of the braces, and what reads the body."""
        self.kind, self.labels, self.span, self.braces, self._read = kind, labels, span, braces, read
        self._body: Body | None = None

    @property
    def body(self) -> Body:
        """What stands between its braces."""
        if self._body is None:
            self._body = self._read()
        return self._body
