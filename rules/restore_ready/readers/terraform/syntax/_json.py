"""Reads Terraform's JSON syntax, with positions, as the same bodies and expressions as the native one."""

from __future__ import annotations

import re
from json.decoder import scanstring
from typing import Final

from restore_ready.readers.terraform.syntax import _nodes as s
from restore_ready.readers.terraform.syntax._front import Problem, parse_expression, parse_template
from restore_ready.readers.terraform.syntax._numbers_written import number
from restore_ready.readers.terraform.syntax._span import Span

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}
_DEEPEST = 100
_LABELS: Final = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "locals": 0}
BLOCKS: Final = frozenset(
    """advanced_backup_setting assume_role authorization_config backup_policy condition copy_action default_tags ec2_config
    efs_volume_configuration environment file_system_config inline_policy lifecycle_policy not_principals posix_user principals
    protected_resource_conditions protection recovery_point_selection root_directory rule selection_tag statement string_equals
    string_like string_not_equals string_not_like volume vpc_config content creation_info""".split()
)
"""Nested blocks by name: JSON configuration writes them like maps."""


def parse_json(code: bytes, file: str) -> tuple[s.Body, list[Problem]]:
    """Read a ``.tf.json`` or ``.tfvars.json`` file."""
    try:
        reader = _Reader(code.decode("utf-8-sig"), file)
        whole = reader.value(0)
        if not isinstance(whole, s.ObjectOf):
            raise ValueError(0)  # noqa: TRY004, TRY301
    except (ValueError, IndexError, RecursionError):
        return s.Body(), [Problem(Span(file, 1, 1), "the file is not a JSON object")]
    return _top(whole), []


class _Reader:
    def __init__(self, code: str, file: str) -> None:
        self.code, self.file, self.at = code, file, 0
        self.breaks = [found.start() for found in re.finditer("\n", code)]

    def span(self, start: int) -> Span:
        from bisect import bisect_left  # noqa: PLC0415

        return Span(
            self.file, bisect_left(self.breaks, start) + 1, bisect_left(self.breaks, self.at) + 1, start, self.at
        )

    def skip(self) -> str:
        found = _SPACE.match(self.code, self.at)
        self.at = found.end() if found else self.at
        return self.code[self.at]

    def value(self, depth: int) -> s.Expr:
        first = self.skip()
        start = self.at
        if depth > _DEEPEST:
            raise ValueError(depth)
        if first == "{":
            items: list[tuple[s.Expr, s.Expr]] = []
            for _ in self._items("}"):
                key_at = self.at
                key, self.at = scanstring(self.code, self.at + 1, True)
                key_span = self.span(key_at)
                if self.skip() != ":":
                    raise ValueError(self.at)
                self.at += 1
                items.append((s.Literal(key_span, key), self.value(depth + 1)))
            return s.ObjectOf(self.span(start), items)
        if first == "[":
            listed = [self.value(depth + 1) for _ in self._items("]")]
            return s.TupleOf(self.span(start), listed)
        if first == '"':
            text, self.at = scanstring(self.code, self.at + 1, True)
            return _Text(self.span(start), text)
        for word, value in _WORDS.items():
            if self.code.startswith(word, self.at):
                self.at += len(word)
                return s.Literal(self.span(start), value)
        found = _NUMBER.match(self.code, self.at)
        if found is None:
            raise ValueError(self.at)
        self.at = found.end()
        return s.Literal(self.span(start), number(found[0]))

    def _items(self, end: str):
        self.at += 1
        if self.skip() == end:
            self.at += 1
            return
        while True:
            self.skip()
            yield
            mark = self.skip()
            self.at += 1
            if mark == end:
                return
            if mark != ",":
                raise ValueError(self.at)


class _Text(s.Literal):
    """A string that may be a template, once it is known to be an expression."""


def _expr(node: s.Expr) -> s.Expr:
    if isinstance(node, _Text):
        return parse_template(str(node.value), node.span.file, node.span.line)
    if isinstance(node, s.TupleOf):
        return s.TupleOf(node.span, [_expr(one) for one in node.items])
    if isinstance(node, s.ObjectOf):
        return s.ObjectOf(node.span, [(_expr(key), _expr(one)) for key, one in node.items])
    return node


def _pairs(node: s.Expr) -> list[tuple[s.Literal, s.Expr]]:
    if isinstance(node, s.ObjectOf):
        return [(key, one) for key, one in node.items if isinstance(key, s.Literal) and key.value != "//"]
    return [pair for one in node.items for pair in _pairs(one)] if isinstance(node, s.TupleOf) else []


def _top(whole: s.ObjectOf) -> s.Body:
    body = s.Body()
    for key, node in _pairs(whole):
        kind = str(key.value)
        if kind in _LABELS:
            body.blocks += _labelled(kind, [], key, node, _LABELS[kind])
        body.attributes[kind] = s.Attribute(kind, _joined(key, node), lambda node=node: _expr(node))
    return body


def _labelled(kind: str, labels: list[str], key: s.Literal, node: s.Expr, left: int) -> list[s.Written]:
    if left:
        return [
            found
            for label, one in _pairs(node)
            for found in _labelled(kind, [*labels, str(label.value)], label, one, left - 1)
        ]
    bodies = node.items if isinstance(node, s.TupleOf) else [node]
    return [s.Written(kind, labels, _joined(key, one), lambda one=one: _body(one, kind)) for one in bodies]


def _joined(key: s.Expr, node: s.Expr) -> Span:
    return Span(key.span.file, key.span.line, node.span.end_line, key.span.start, node.span.end)


def _body(node: s.Expr, kind: str) -> s.Body:
    body = s.Body()
    for key, one in _pairs(node):
        name = str(key.value)
        span = _joined(key, one)
        if kind == "variable" and name == "type" and isinstance(one, _Text):
            body.attributes[name] = s.Attribute(
                name, span, lambda one=one: parse_expression(str(one.value), one.span.file, one.span.line)
            )
        elif name == "dynamic":
            body.blocks += _labelled("dynamic", [], key, one, 1)
        elif name in BLOCKS and kind not in ("locals", "variable", "output", "module") and _is_block(one):
            body.blocks += _labelled(name, [], key, one, 0)
        else:
            body.attributes[name] = s.Attribute(name, span, lambda one=one: _expr(one))
    return body


def _is_block(node: s.Expr) -> bool:
    if isinstance(node, s.TupleOf):
        return all(isinstance(one, s.ObjectOf) for one in node.items)
    return isinstance(node, s.ObjectOf)
