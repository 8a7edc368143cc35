"""What is a source, whatever its language? A tree whose every part knows where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct


class ByHandError(Exception):
    """A change can't be made by an exact edit; the text says why, as the end of "by hand: …"."""


class Form(Enum):
    """How a value is written."""

    BODY = "HCL block"
    HCL = "HCL expression"
    JSON = "JSON"
    FLOW = "YAML in brackets"
    BLOCK = "YAML by indentation"


class Node(Struct):
    """A value, or the body of an HCL block.

    Attributes:
        start: offset of its first character; *end* is that behind its last one.
        text: the value of a literal string, number or truth value.
        entries: of a mapping or body, in order; nested blocks of HCL stand under their type, once each.
        items: of a list.
        labels: those of an HCL block.
        computed: what it is computed from, such as ``var.x`` or ``!Ref X``; empty for literals.
        argument: what an HCL function is called with, if that is one value; the function's name is in *computed*.
        content: offsets of the text in an HCL heredoc.
        shared: whether it is a YAML alias, or has one.
    """

    form: Form
    start: int
    end: int
    text: str | None = None
    entries: list[Entry] | None = None
    items: list[Node] | None = None
    labels: tuple[str, ...] = ()
    computed: str = ""
    argument: Node | None = None
    content: tuple[int, int] | None = None
    shared: bool = False

    def all(self, key: str) -> Iterator[Entry]:
        """Return the entries called *key*."""
        return (entry for entry in self.entries or () if entry.key == key)

    def entry(self, key: str) -> Entry | None:
        """Return the entry called *key*, or ``None``.

        Raises:
            ByHandError: if there are several.
        """
        found = list(self.all(key))
        if len(found) > 1:
            msg = f"{key} is given more than once"
            raise ByHandError(msg)
        return found[0] if found else None


class Entry(Struct):
    """One key of a mapping with its value, one attribute of an HCL block, or one nested block."""

    key: str
    start: int
    key_end: int
    value: Node
    is_block: bool = False

    @property
    def end(self) -> int:
        """Offset behind the value, or behind the closing brace of a block."""
        return self.value.end


def literal(node: Node) -> Node:
    """Return *node* if it is written out where it stands.

    Raises:
        ByHandError: if it comes from elsewhere.
    """
    if node.shared:
        msg = "it is shared by a YAML alias"
        raise ByHandError(msg)
    if node.computed:
        msg = f"its value comes from {node.computed}"
        raise ByHandError(msg)
    return node


def mapping(node: Node) -> Node:
    """Return *node* if it is a mapping that is written out.

    Raises:
        ByHandError: if it is not.
    """
    if literal(node).entries is None:
        msg = "it is not written as a mapping"
        raise ByHandError(msg)
    return node
