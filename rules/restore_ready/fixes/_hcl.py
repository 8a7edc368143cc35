"""Turns what is read of HCL into nodes: exact offsets, comments and layout stay as they are."""

from __future__ import annotations

import re
from typing import Final

from restore_ready.fixes._node import ByHandError, Entry, Form, Node
from restore_ready.readers.terraform.syntax import Attribute, Body, Problem, Span, Written, nodes, parse

_KEY: Final = re.compile(r'"[^"]*"|[\w-]+')
_SIGN: Final = re.compile(r"\s*=\s*")
_HEREDOC: Final = re.compile(r"<<-?([\w-]+)")
_TEMPLATES: Final = (nodes.Literal, nodes.Paren, nodes.Template)
_LONGEST: Final = 60


def read_hcl(text: str) -> Node:
    """Return a configuration file as the node of its outermost body.

    Raises:
        ByHandError: if brackets or quotes of the file do not match.
    """
    code = text.encode()
    body, problems = parse(code, "")
    if problems:
        raise ByHandError(_reason(problems[0]))
    return Node(Form.BODY, 0, len(text), entries=_Reader(text, code).entries(body))


def _reason(problem: Problem | nodes.Bad) -> str:
    return f"line {problem.span.line} of its file is not understood: {problem.why}"


class _Reader:
    """Turns bodies and expressions, whose offsets count bytes, into nodes, whose offsets count characters."""

    def __init__(self, text: str, code: bytes) -> None:
        self._text = text
        self._at: list[int] | None = None
        if len(code) != len(text):
            self._at = [number for number, character in enumerate(text) for _ in character.encode()]
            self._at.append(len(text))

    def _offsets(self, span: Span) -> tuple[int, int]:
        if self._at is None:
            return span.start, span.end
        return self._at[span.start], self._at[span.end]

    def _end_of(self, pattern: re.Pattern[str], at: int) -> int:
        """Return where what *pattern* finds at an offset ends."""
        found = pattern.match(self._text, at)
        return at if found is None else found.end()

    def entries(self, body: Body) -> list[Entry]:
        """Return the attributes and nested blocks of a body in their order."""
        attributes = map(self._attribute, (*body.attributes.values(), *body.repeated))
        return sorted((*attributes, *map(self._block, body.blocks)), key=lambda entry: entry.start)

    def _attribute(self, attribute: Attribute) -> Entry:
        start, end = self._offsets(attribute.span)
        key_end = self._end_of(_KEY, start)
        value = attribute.expr
        if isinstance(value, nodes.Bad):
            node = Node(Form.HCL, self._end_of(_SIGN, key_end), end, unread=_reason(value))
        else:
            node = self._value(value)
        return Entry(attribute.name, start, key_end, node)

    def _block(self, block: Written) -> Entry:
        start, end = self._offsets(block.span)
        node = Node(Form.BODY, self._offsets(block.braces)[0], end, labels=tuple(block.labels))
        if block.body.problems:
            node.unread = _reason(block.body.problems[0])
        else:
            node.entries = self.entries(block.body)
        return Entry(block.kind, start, self._end_of(_KEY, start), node, is_block=True)

    def _value(self, value: nodes.Expr) -> Node:
        """Return an expression; one that is no literal, list or object is `computed`."""
        start, end = self._offsets(value.span)
        if isinstance(value, nodes.ObjectOf):
            return Node(Form.HCL, start, end, entries=[self._member(*member) for member in value.items])
        if isinstance(value, nodes.TupleOf):
            return Node(Form.HCL, start, end, items=[self._value(item) for item in value.items])
        content = self._content(value, start, end)
        written = self._text[start:end]
        if isinstance(value, nodes.Literal) and content is None:
            return Node(Form.HCL, start, end, text=value.value if isinstance(value.value, str) else written)
        computed = " ".join(written.split())
        if len(computed) > _LONGEST:
            computed = f"{computed[:_LONGEST]}…"
        return Node(Form.HCL, start, end, computed=computed, argument=self._argument(value), content=content)

    def _content(self, value: nodes.Expr, start: int, end: int) -> tuple[int, int] | None:
        """Return where the text in a heredoc stands: behind its first line, up to the mark that closes it."""
        found = _HEREDOC.match(self._text, start) if isinstance(value, _TEMPLATES) else None
        return (found.end(), end - len(found[1])) if found else None

    def _argument(self, value: nodes.Expr) -> Node | None:
        if isinstance(value, nodes.Call) and len(value.args) == 1 and not value.spread:
            return self._value(value.args[0])
        return None

    def _member(self, key: nodes.Expr, value: nodes.Expr) -> Entry:
        start, end = self._offsets(key.span)
        written = self._text[start:end]
        name = key.value if isinstance(key, nodes.Literal) and isinstance(key.value, str) else written
        return Entry(name, start, end, self._value(value))
