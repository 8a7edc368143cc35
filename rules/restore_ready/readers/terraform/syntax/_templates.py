"""Reads templates: quoted strings, heredocs, template files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._lexer import UnreadableError, code_end, literal, normal
from restore_ready.readers.terraform.syntax._span import Source
from restore_ready.readers.terraform.syntax._template import Piece, build

_MARK: Final = re.compile(r"\$\$\{|%%\{|[$%]\{|\\.", re.DOTALL)
_DIRECTIVE: Final = re.compile(r"\s*(if|else|endif|endfor|for)\b(?:\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b)?")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")

ReadExpression: TypeAlias = Callable[[int, int], nodes.Expr]
"""Reads the expression between two characters of the source."""


def quoted(source: Source, start: int, end: int, read: ReadExpression) -> nodes.Expr:
    """Return what the string with its quotes at *start* and before *end* makes.

    Raises:
        UnreadableError: if it can't be read.
    """
    pieces = list(_pieces(source, start + 1, end - 1, read, escapes=True))
    return build(pieces, source.span(start, end))


def heredoc(source: Source, start: int, end: int, read: ReadExpression) -> nodes.Expr:
    """Return what a heredoc, with its first and last line, makes.

    Raises:
        UnreadableError: if it can't be read.
    """
    text = source.text
    begin = text.index("\n", start) + 1
    last = max(text.rfind("\n", 0, end) + 1, begin)
    pieces = list(_pieces(source, begin, last, read, escapes=False))
    return build(pieces, source.span(start, end), flush=text.startswith("<<-", start))


def bare(source: Source, read: ReadExpression) -> nodes.Expr:
    """Return what a whole text makes that is a template without quotes.

    Raises:
        UnreadableError: if it can't be read.
    """
    end = len(source.text)
    return build(list(_pieces(source, 0, end, read, escapes=False)), source.span(0, end))


def _pieces(source: Source, start: int, end: int, read: ReadExpression, *, escapes: bool) -> Iterator[Piece]:
    text, at, seek = source.text, start, start
    while True:
        found = _MARK.search(text, seek, end)
        if found is not None and found[0] not in ("${", "%{"):
            seek = found.end() if escapes or not found[0].startswith("\\") else found.start() + 1
            continue
        stop = end if found is None else found.start()
        if stop > at:
            yield from _literals(source, at, stop, escapes=escapes)
        if found is None:
            return
        at = seek = code_end(text, found.end())
        if at > end:
            raise UnreadableError(found.start(), "an interpolation is not closed")
        yield _marked(source, found.start(), at, read)


def _literals(source: Source, start: int, end: int, *, escapes: bool) -> Iterator[Piece]:
    code, span = source.text[start:end], source.span(start, end)
    if escapes:
        yield Piece("literal", span, literal(code))
        return
    for line in _LINE.findall(code.replace("\r\n", "\n")):
        yield Piece("literal", span, normal(line.replace("$${", "${").replace("%%{", "%{")))


def _marked(source: Source, start: int, end: int, read: ReadExpression) -> Piece:
    text, span = source.text, source.span(start, end)
    left = text[start + 2] == "~"
    right = text[end - 2] == "~" and end - start > len("${~}")
    inner, stop = start + 2 + left, end - 1 - right
    if text[start] == "$":
        return Piece("interpolation", span, expr=read(inner, stop), left=left, right=right)
    found = _DIRECTIVE.match(text, inner, stop)
    if found is None:
        raise UnreadableError(start, "a directive can't be read")
    word = found[1]
    if word == "for":
        names = tuple(name for name in (found[2], found[3]) if name)
        return Piece("for", span, expr=read(found.end(), stop), names=names, left=left, right=right)
    if word == "if":
        return Piece("if", span, expr=read(found.end(1), stop), left=left, right=right)
    return Piece("else" if word == "else" else "end", span, left=left, right=right)
