"""Reads files of native syntax; bodies and expressions are read when they are asked for."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._bodies import Attribute, Body, Problem, Written
from restore_ready.readers.terraform.syntax._expressions import ExpressionReader, read_expression
from restore_ready.readers.terraform.syntax._lexer import Tokens, UnreadableError
from restore_ready.readers.terraform.syntax._span import Source, Span
from restore_ready.readers.terraform.syntax._templates import bare

_BOM: Final = b"\xef\xbb\xbf"
_HEAD: Final = re.compile(
    r"^(?=(?:resource|data|ephemeral|module|variable|locals|output|provider|terraform|moved|import|check|removed)\b)",
    re.MULTILINE,
)


def parse(code: bytes, file: str) -> tuple[Body, list[Problem]]:
    """Return the body of a file, and what of it can't be read.

    Where brackets or quotes do not match, each block that can be read alone is read.
    """
    marked = code.startswith(_BOM)
    text = code[len(_BOM) if marked else 0 :].decode("utf-8", "replace")
    return parse_source(Source(text, file, first_byte=len(_BOM) if marked else 0))


def parse_source(source: Source) -> tuple[Body, list[Problem]]:
    """Return the body of a text, which may stand in a file, and what of it can't be read; see `parse`."""
    try:
        return BodyReader(Tokens(source, 0, len(source.text))).whole(), []
    except UnreadableError:
        return _by_blocks(source)


def _by_blocks(source: Source) -> tuple[Body, list[Problem]]:
    body = Body()
    problems: list[Problem] = []
    starts = [0, *(found.start() for found in _HEAD.finditer(source.text)), len(source.text)]
    for start, end in pairwise(starts):
        try:
            part = BodyReader(Tokens(source, start, end)).whole()
        except UnreadableError as error:
            problems.append(_problem(source, error))
            continue
        for attribute in part.attributes.values():
            body.add(attribute)
        body.blocks += part.blocks
    return body, problems


def _problem(source: Source, error: UnreadableError) -> Problem:
    return Problem(source.span(error.at, error.at + 1), error.why)


def parse_expression(code: str, file: str, within: Span | None = None) -> nodes.Expr:
    """Return the expression that a text is; *within* is the place of the text in *file*."""
    return read_expression(Source(code, file, within=within), 0, len(code))


@lru_cache(maxsize=1024)
def parse_template(code: str, file: str, within: Span | None = None) -> nodes.Expr:
    """Return what a text with ``${…}`` and ``%{…}`` makes; *within* is the place of the text in *file*."""
    source = Source(code, file, within=within)
    try:
        return bare(source, lambda start, end: read_expression(source, start, end, 1))
    except UnreadableError as error:
        return nodes.Bad(source.span(error.at, error.at + 1), error.why)


class BodyReader:
    """Reads attributes and blocks from tokens."""

    __slots__ = ("_tokens",)

    def __init__(self, tokens: Tokens) -> None:
        """Take the tokens."""
        self._tokens = tokens

    def whole(self) -> Body:
        """Return the body that all tokens make.

        Raises:
            UnreadableError: if anything else than attributes and blocks is there.
        """
        return self._body(0, len(self._tokens.kinds))

    def _body(self, at: int, stop: int) -> Body:
        body, kinds = Body(), self._tokens.kinds
        while at < stop:
            kind = kinds[at]
            if kind in ("nl", ","):
                at += 1
                continue
            if kind not in ("id", "str"):
                raise UnreadableError(self._tokens.starts[at], "an attribute or block is expected here")
            if at + 1 < stop and kinds[at + 1] == "=":
                after = self._line_end(at + 2, stop)
                body.add(self._attribute(self._tokens.name(at), at, after))
                at = after
            else:
                at = self._block(body, at, stop)
        return body

    def _attribute(self, name: str, at: int, after: int) -> Attribute:
        tokens = self._tokens
        span = tokens.source.span(tokens.starts[at], tokens.ends[max(at + 1, after - 1)])
        return Attribute(name, span, lambda: self._value(at + 2, after))

    def _value(self, at: int, after: int) -> nodes.Expr:
        tokens = self._tokens
        if after == at + 1 and tokens.kinds[at] == "str":
            return nodes.Literal(tokens.source.span(tokens.starts[at], tokens.ends[at]), tokens.name(at))
        reader = ExpressionReader(tokens)
        reader.at = at
        try:
            return reader.only_expression(after)
        except UnreadableError as error:
            return nodes.Bad(tokens.source.span(error.at, error.at + 1), error.why)

    def _block(self, body: Body, at: int, stop: int) -> int:
        """Read the block that begins here and return the number of the token after it."""
        tokens, labels, brace = self._tokens, [], at + 1
        while brace < stop and tokens.kinds[brace] in ("id", "str"):
            labels.append(tokens.name(brace))
            brace += 1
        if brace >= stop or tokens.kinds[brace] != "{":
            raise UnreadableError(tokens.starts[at], "an attribute or block is expected here")
        close = tokens.pair[brace]
        span = tokens.source.span(tokens.starts[at], tokens.ends[close])
        braces = tokens.source.span(tokens.starts[brace], tokens.ends[close])
        body.blocks.append(Written(tokens.name(at), labels, span, braces, lambda: self._inner(brace + 1, close)))
        return close + 1

    def _inner(self, at: int, close: int) -> Body:
        try:
            return self._body(at, close)
        except UnreadableError as error:
            return Body(problems=[_problem(self._tokens.source, error)])

    def _line_end(self, at: int, stop: int) -> int:
        kinds, pair = self._tokens.kinds, self._tokens.pair
        while at < stop and kinds[at] not in ("nl", "}"):
            at = pair.get(at, at) + 1
        return at
