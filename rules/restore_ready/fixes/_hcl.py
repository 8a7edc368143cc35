"""What stands where in HCL? Read by tree-sitter: exact offsets; comments and layout stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from restore_ready.fixes._node import ByHandError, Entry, Form, Node

if TYPE_CHECKING:
    import tree_sitter

_LITERALS = frozenset({"numeric_lit", "bool_lit", "null_lit"})
_LONGEST = 60


@cache
def _parser() -> tree_sitter.Parser:
    import tree_sitter  # noqa: PLC0415  # only fixes need it
    import tree_sitter_hcl  # noqa: PLC0415  # only fixes need it

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def read_hcl(text: str) -> Node:
    """Return a configuration file as the node of its outermost body.

    Raises:
        ByHandError: if the file is not understood as a whole.
    """
    encoded = text.encode("utf-8", "surrogatepass")
    root = _parser().parse(encoded).root_node
    if root.has_error:
        msg = "its file is not understood in full"
        raise ByHandError(msg)
    body = next((child for child in root.children if child.type == "body"), None)
    reader = _Reader(text, encoded)
    return Node(Form.BODY, 0, len(text), entries=[] if body is None else list(reader.entries(body)))


class _Reader:
    """Turns syntax nodes, whose offsets count bytes, into nodes whose offsets count characters."""

    def __init__(self, text: str, encoded: bytes) -> None:
        self._text = text
        self._at: list[int] | None = None
        if len(encoded) != len(text):
            self._at = []
            for number, character in enumerate(text):
                self._at += [number] * len(character.encode("utf-8", "surrogatepass"))
            self._at.append(len(text))

    def _span(self, node: tree_sitter.Node) -> tuple[int, int]:
        if self._at is None:
            return node.start_byte, node.end_byte
        return self._at[node.start_byte], self._at[node.end_byte]

    def _source(self, node: tree_sitter.Node) -> str:
        start, end = self._span(node)
        return self._text[start:end]

    def entries(self, body: tree_sitter.Node) -> Iterator[Entry]:
        for child in body.children:
            if child.type == "attribute":
                start, end = self._span(child.children[0])
                yield Entry(self._text[start:end], start, end, self.value(child.children[-1]))
            elif child.type == "block":
                yield self._block(child)

    def _block(self, block: tree_sitter.Node) -> Entry:
        start, end = self._span(block)
        key_end = self._span(block.children[0])[1]
        names = [child for child in block.children[1:] if child.type in ("identifier", "string_lit")]
        labels = tuple(self._source(name).strip('"') for name in names)
        body = next((child for child in block.children if child.type == "body"), None)
        opening = next(child for child in block.children if child.type == "block_start")
        entries = [] if body is None else list(self.entries(body))
        value = Node(Form.BODY, self._span(opening)[0], end, entries=entries, labels=labels)
        return Entry(self._source(block.children[0]), start, key_end, value, is_block=True)

    def value(self, node: tree_sitter.Node) -> Node:
        """Return an expression; one that is no literal, list, object or call of one argument is `computed`."""
        inner = node
        while inner.child_count == 1 and inner.type not in _LITERALS:
            inner = inner.children[0]
        start, end = self._span(inner)
        if inner.type == "object":
            return Node(Form.HCL, start, end, entries=list(self._members(inner)))
        if inner.type == "tuple":
            items = [self.value(child) for child in inner.children if child.type == "expression"]
            return Node(Form.HCL, start, end, items=items)
        if inner.type in _LITERALS or _is_plain(inner):
            text = self._source(inner)
            return Node(Form.HCL, start, end, text=_unquoted(text))
        written = " ".join(self._source(inner).split())
        computed = written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
        return Node(
            Form.HCL, start, end, computed=computed, argument=self._argument(inner), content=self._content(inner)
        )

    def _content(self, node: tree_sitter.Node) -> tuple[int, int] | None:
        if node.type != "heredoc_template":
            return None
        names = [child for child in node.children if child.type == "heredoc_identifier"]
        return self._span(names[0])[1], self._span(names[-1])[0]

    def _argument(self, node: tree_sitter.Node) -> Node | None:
        if node.type != "function_call":
            return None
        given = next((child for child in node.children if child.type == "function_arguments"), None)
        values = [] if given is None else [child for child in given.children if child.type == "expression"]
        return self.value(values[0]) if len(values) == 1 else None

    def _members(self, node: tree_sitter.Node) -> Iterator[Entry]:
        for child in node.children:
            if child.type == "object_elem":
                start, end = self._span(child.children[0])
                key = self._text[start:end]
                yield Entry(_unquoted(key), start, end, self.value(child.children[-1]))


def _is_plain(node: tree_sitter.Node) -> bool:
    """Return whether a node is a quoted string without interpolation."""
    if node.type not in ("string_lit", "quoted_template"):
        return False
    return all(
        child.type in ("quoted_template_start", "template_literal", "quoted_template_end") for child in node.children
    )


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] == '"' and text[-1:] == '"' and len(text) > 1 else text
