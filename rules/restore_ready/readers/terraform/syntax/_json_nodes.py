"""Reads JSON as expressions with their places: https://developer.hashicorp.com/terraform/language/syntax/json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._native import parse_template
from restore_ready.readers.terraform.syntax._numbers import number
from restore_ready.readers.terraform.syntax._span import Source

_DEEPEST: Final = 100
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


class JsonText(nodes.Literal, frozen=True, gc=False, eq=False):
    """A string that may be a template, once it is known to be an expression."""


def evaluated(node: nodes.Expr) -> nodes.Expr:
    """Return *node* with its strings, keys too, as the templates that they are."""
    if isinstance(node, JsonText):
        return parse_template(str(node.value), node.span.file, node.span)
    if isinstance(node, nodes.TupleOf):
        return nodes.TupleOf(node.span, [evaluated(item) for item in node.items])
    if isinstance(node, nodes.ObjectOf):
        return nodes.ObjectOf(node.span, [(evaluated(key), evaluated(item)) for key, item in node.items])
    return node


class JsonReader:
    """Reads one JSON text."""

    __slots__ = ("_at", "_code", "_source")

    def __init__(self, source: Source) -> None:
        """Take the text."""
        self._source, self._code, self._at = source, source.text, 0

    def whole(self) -> nodes.Expr:
        """Return the one value that the text holds.

        Raises:
            ValueError: if it is not JSON.
        """
        found = self._value(0)
        if self._next(end=True):
            raise ValueError(self._at)
        return found

    def _next(self, *, end: bool = False) -> str:
        """Pass over blanks and return the next character; none at the end, if that is allowed here."""
        found = _SPACE.match(self._code, self._at)
        self._at = found.end() if found else self._at
        if self._at >= len(self._code) and not end:
            raise ValueError(self._at)
        return self._code[self._at : self._at + 1]

    def _value(self, depth: int) -> nodes.Expr:
        first = self._next()
        start = self._at
        if depth > _DEEPEST:
            raise ValueError(depth)
        if first == "{":
            pairs = [self._pair(depth) for _ in self._items("}")]
            return nodes.ObjectOf(self._source.span(start, self._at), pairs)
        if first == "[":
            listed = [self._value(depth + 1) for _ in self._items("]")]
            return nodes.TupleOf(self._source.span(start, self._at), listed)
        if first == '"':
            return self._string()
        return self._constant(start)

    def _pair(self, depth: int) -> tuple[nodes.Expr, nodes.Expr]:
        key = self._string()
        if self._next() != ":":
            raise ValueError(self._at)
        self._at += 1
        return key, self._value(depth + 1)

    def _string(self) -> JsonText:
        start = self._at
        found = _STRING.match(self._code, start)
        if found is None:
            raise ValueError(start)
        self._at = found.end()
        return JsonText(self._source.span(start, self._at), json.loads(found[0]))

    def _constant(self, start: int) -> nodes.Literal:
        for word, value in _WORDS.items():
            if self._code.startswith(word, start):
                self._at += len(word)
                return nodes.Literal(self._source.span(start, self._at), value)
        found = _NUMBER.match(self._code, start)
        if found is None:
            raise ValueError(start)
        self._at = found.end()
        return nodes.Literal(self._source.span(start, self._at), number(found[0]))

    def _items(self, end: str) -> Iterator[None]:
        """Yield where each item of a list or object begins, up to its closing bracket."""
        self._at += 1
        if self._next() == end:
            self._at += 1
            return
        while True:
            self._next()
            yield
            mark = self._next()
            self._at += 1
            if mark == end:
                return
            if mark != ",":
                raise ValueError(self._at)
