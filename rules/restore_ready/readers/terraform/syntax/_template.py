"""Puts templates together: escapes, strip markers, indentation of heredocs, directives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from restore_ready.readers.terraform.syntax import _nodes as s
from restore_ready.readers.terraform.syntax._span import Span

_ESCAPE = re.compile(r'\\([nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|\$\$\{|%%\{')
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(slots=True)
class Token:
    kind: str
    text: str = ""
    expr: s.Expr | None = None
    names: list[str] = field(default_factory=list)
    left: bool = False
    right: bool = False
    span: Span | None = None


def literal(code: str) -> str:
    """Return what stands between quotes without its escapes."""
    if "\\" not in code and "$${" not in code and "%%{" not in code:
        return code
    return _ESCAPE.sub(_unescaped, code)


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if escape is None:
        return found[0][1:]
    if escape in _PLAIN:
        return _PLAIN[escape]
    try:
        return chr(int(escape[1:], 16))
    except (ValueError, OverflowError):
        return "\N{REPLACEMENT CHARACTER}"


def build(tokens: list[Token], span: Span, *, flush: bool = False) -> s.Expr:
    """Return the template that *tokens* make."""
    for number, one in enumerate(tokens):
        if one.left and number and tokens[number - 1].kind == "literal":
            tokens[number - 1].text = tokens[number - 1].text.rstrip()
        if one.right and number + 1 < len(tokens) and tokens[number + 1].kind == "literal":
            tokens[number + 1].text = tokens[number + 1].text.lstrip()
    if flush:
        _flush(tokens)
    parts, _ = _parts(tokens, 0, span)
    if len(parts) == 1 and tokens[0].kind == "interpolation" and len(tokens) == 1:
        return s.Paren(span, parts[0])
    if all(isinstance(one, s.Literal) and isinstance(one.value, str) for one in parts):
        return s.Literal(span, "".join(str(one.value) for one in parts if isinstance(one, s.Literal)))
    return s.Template(span, parts)


def _flush(tokens: list[Token]) -> None:
    """Take off the indentation that all lines share."""
    least, starts, adjust = 1 << 30, True, []
    for one in tokens:
        if starts:
            starts = False
            spaces = 0
            if one.kind == "literal":
                trimmed = one.text.lstrip()
                if not trimmed and one.text.endswith("\n"):
                    spaces = 1 << 30
                else:
                    spaces = len(one.text) - len(trimmed)
                    adjust.append(one)
            least = min(least, spaces)
        if one.kind == "literal" and one.text.endswith("\n"):
            starts = True
    for one in adjust:
        one.text = one.text[least:]


def _parts(tokens: list[Token], at: int, span: Span) -> tuple[list[s.Expr], int]:
    """Return the parts up to the directive that ends them, and where that is."""
    parts: list[s.Expr] = []
    while at < len(tokens) and tokens[at].kind not in ("else", "end"):
        one = tokens[at]
        here = one.span or span
        if one.kind == "literal":
            parts.append(s.Literal(here, one.text))
        elif one.kind == "interpolation":
            parts.append(one.expr or s.Bad(here, "an interpolation is empty"))
        else:
            inner, at = _parts(tokens, at + 1, span)
            over = one.expr or s.Bad(here, "a directive is empty")
            if one.kind == "if":
                other: list[s.Expr] = []
                if at < len(tokens) and tokens[at].kind == "else":
                    other, at = _parts(tokens, at + 1, span)
                parts.append(s.TemplateIf(here, over, s.Template(here, inner), s.Template(here, other)))
            else:
                names = ["", *one.names][-2:]
                parts.append(s.TemplateFor(here, names[0], names[1], over, s.Template(here, inner)))
        at += 1
    return parts, at
