"""Puts templates together: strip markers, indentation of heredocs, directives."""

from __future__ import annotations

from typing import Final

import msgspec

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._span import Span

_NO_INDENT: Final = 1 << 30


class Piece(msgspec.Struct):
    """A piece of a template as written.

    ``kind`` is literal, interpolation, if, for, else or end; *left* and *right* say whether blanks before and after it
    go.
    """

    kind: str
    span: Span
    text: str = ""
    expr: nodes.Expr | None = None
    names: tuple[str, ...] = ()
    left: bool = False
    right: bool = False


def build(pieces: list[Piece], span: Span, *, flush: bool = False) -> nodes.Expr:
    """Return the expression that *pieces* make; with *flush* without the indentation that all lines share."""
    for number, piece in enumerate(pieces):
        if piece.left and number and pieces[number - 1].kind == "literal":
            pieces[number - 1].text = pieces[number - 1].text.rstrip()
        if piece.right and number + 1 < len(pieces) and pieces[number + 1].kind == "literal":
            pieces[number + 1].text = pieces[number + 1].text.lstrip()
    if flush:
        _unindent(pieces)
    parts, end = _parts(pieces, 0)
    if end < len(pieces):
        return nodes.Bad(pieces[end].span, "a directive ends what was not begun")
    if len(parts) == 1 and pieces[0].kind == "interpolation":
        return nodes.Paren(span, parts[0])
    texts = [part.value for part in parts if isinstance(part, nodes.Literal) and isinstance(part.value, str)]
    return nodes.Literal(span, "".join(texts)) if len(texts) == len(parts) else nodes.Template(span, parts)


def _unindent(pieces: list[Piece]) -> None:
    least, starts = _NO_INDENT, True
    indented: list[Piece] = []
    for piece in pieces:
        literal = piece.kind == "literal"
        if starts:
            trimmed = piece.text.lstrip()
            if not literal:
                least = 0
            elif trimmed or not piece.text.endswith("\n"):
                least = min(least, len(piece.text) - len(trimmed))
                indented.append(piece)
        starts = literal and piece.text.endswith("\n")
    for piece in indented:
        piece.text = piece.text[least:]


def _parts(pieces: list[Piece], at: int) -> tuple[list[nodes.Expr], int]:
    """Return the parts up to the directive that ends them, and where that is."""
    parts: list[nodes.Expr] = []
    while at < len(pieces) and pieces[at].kind not in ("else", "end"):
        piece = pieces[at]
        if piece.kind == "literal":
            parts.append(nodes.Literal(piece.span, piece.text))
        elif piece.kind == "interpolation":
            parts.append(piece.expr or nodes.Bad(piece.span, "an interpolation is empty"))
        else:
            part, at = _directive(pieces, at)
            parts.append(part)
        at += 1
    return parts, at


def _directive(pieces: list[Piece], at: int) -> tuple[nodes.Expr, int]:
    """Return what an ``if`` or ``for`` makes, and where its end is."""
    piece = pieces[at]
    span = piece.span
    over = piece.expr or nodes.Bad(span, "a directive is empty")
    inner, at = _parts(pieces, at + 1)
    body = nodes.Template(span, inner)
    other: list[nodes.Expr] = []
    if piece.kind == "if" and at < len(pieces) and pieces[at].kind == "else":
        other, at = _parts(pieces, at + 1)
    if at >= len(pieces) or pieces[at].kind != "end":
        return nodes.Bad(span, "a directive has no end"), at
    if piece.kind == "if":
        return nodes.TemplateIf(span, over, body, nodes.Template(span, other)), at
    key, value = ("", *piece.names)[-2:]
    return nodes.TemplateFor(span, key, value, over, body), at
