"""Reads expressions of native syntax: https://developer.hashicorp.com/terraform/language/expressions."""

from __future__ import annotations

from typing import Final

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._cursor import Cursor
from restore_ready.readers.terraform.syntax._lexer import Tokens, UnreadableError, literal
from restore_ready.readers.terraform.syntax._numbers import number
from restore_ready.readers.terraform.syntax._span import Source
from restore_ready.readers.terraform.syntax._templates import heredoc, quoted

_POWER: Final = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def read_expression(source: Source, start: int, end: int, depth: int = 0) -> nodes.Expr:
    """Return the expression between two characters, where line ends have no meaning; `Bad` if it can't be read."""
    try:
        reader = ExpressionReader(Tokens(source, start, end), depth)
        return reader.only_expression(len(reader.tokens.kinds), loose=True)
    except UnreadableError as error:
        return nodes.Bad(source.span(error.at, error.at + 1), error.why)


class ExpressionReader(Cursor):
    """Reads expressions from tokens."""

    def only_expression(self, end: int, *, loose: bool = False) -> nodes.Expr:
        """Return the expression that reaches up to the token *end*.

        Raises:
            UnreadableError: if there is anything else.
        """
        self.loose += loose
        found = self.expression()
        self.loose -= loose
        if loose:
            self.skip()
        if self.at < end:
            raise self.problem(why="this is not Terraform syntax")
        return found

    def expression(self) -> nodes.Expr:
        """Return the expression that begins here.

        Raises:
            UnreadableError: if there is none.
        """
        self.deeper()
        self.peek()
        start = self.at
        found = self._operation(0)
        if self.peek() == "?":
            self.at += 1
            yes = self.expression()
            self.take(":")
            no = self.expression()
            found = nodes.Cond(self.since(start), found, yes, no)
        self.depth -= 1
        return found

    def _operation(self, power: int) -> nodes.Expr:
        self.peek()
        start = self.at
        left = self._unary()
        while (mine := _POWER.get(op := self.peek(), 0)) > power:
            self.at += 1
            right = self._operation(mine)
            left = nodes.Binary(self.since(start), op, left, right)
        return left

    def _unary(self) -> nodes.Expr:
        op = self.peek()
        start = self.at
        if op not in ("!", "-"):
            return self._further(self._primary(), start, legacy=False)
        self.at += 1
        self.deeper()
        of = self._unary()
        self.depth -= 1
        return nodes.Unary(self.since(start), op, of)

    def _further(self, found: nodes.Expr, start: int, *, legacy: bool) -> nodes.Expr:
        """Return *found* with the attributes, indexes and splats that follow it."""
        while (kind := self.peek()) in (".", "["):
            if kind == "[":
                if legacy:
                    return found
                found = self._bracketed(found, start)
            else:
                self.at += 1
                found = self._dotted(found, start)
        return found

    def _bracketed(self, found: nodes.Expr, start: int) -> nodes.Expr:
        close = self.tokens.pair[self.at]
        if close == self.at + 2 and self.tokens.kinds[self.at + 1] == "*":
            self.at = close + 1
            each = self._further(nodes.Item(found.span), start, legacy=False)
            return nodes.Splat(self.since(start), found, each)
        key = self._inside(close)
        return nodes.Index(self.since(start), found, key)

    def _dotted(self, found: nodes.Expr, start: int) -> nodes.Expr:
        if self.peek() == "*":
            self.at += 1
            each = self._further(nodes.Item(found.span), start, legacy=True)
            return nodes.Splat(self.since(start), found, each)
        if self.kind() == "num":
            self.at += 1
            span = self.since(start)
            for digits in self.tokens.code(self.at - 1).split("."):
                found = nodes.Index(span, found, nodes.Literal(span, self._number(digits, self.at - 1)))
            return found
        name = self.tokens.name(self.take("id"))
        return nodes.GetAttr(self.since(start), found, name)

    def _inside(self, close: int) -> nodes.Expr:
        """Return the one expression between the brackets that open here and close at *close*."""
        self.at += 1
        found = self.only_expression(close, loose=True)
        self.at += 1
        return found

    def _number(self, code: str, token: int) -> nodes.Constant:
        try:
            return number(code)
        except ValueError:
            raise UnreadableError(self.tokens.starts[token], "the number is too large") from None

    def _primary(self) -> nodes.Expr:
        kind, start = self.peek(), self.at
        if kind in ("(", "[", "{"):
            return self._enclosed(kind, start)
        if kind not in ("id", "num", "str", "tpl", "here"):
            raise self.problem(why="a value is expected here")
        self.at += 1
        code, span = self.tokens.code(start), self.since(start)
        if kind == "id":
            return self._word(code, start)
        if kind == "num":
            return nodes.Literal(span, self._number(code, start))
        if kind == "str":
            return nodes.Literal(span, literal(code[1:-1]))
        read = quoted if kind == "tpl" else heredoc
        tokens, depth = self.tokens, self.depth + 1
        return read(
            tokens.source, tokens.starts[start], tokens.ends[start],
            lambda first, last: read_expression(tokens.source, first, last, depth),
        )  # fmt: skip

    def _word(self, code: str, start: int) -> nodes.Expr:
        if code in _WORDS:
            return nodes.Literal(self.since(start), _WORDS[code])
        if self.kind() in ("(", "::"):
            return self._call(start, code)
        return nodes.Name(self.since(start), code)

    def _enclosed(self, kind: str, start: int) -> nodes.Expr:
        if kind == "[":
            return self._tuple(start)
        if kind == "{":
            return self._object(start)
        inner = self._inside(self.tokens.pair[start])
        return nodes.Paren(self.since(start), inner)

    def _call(self, start: int, name: str) -> nodes.Expr:
        while self.peek() == "::":
            self.at += 1
            name += "::" + self.tokens.name(self.take("id"))
        close = self.tokens.pair[self.take("(")]
        args, spread = self._list(close, spreads=True)
        return nodes.Call(self.since(start), name, args, spread)

    def _tuple(self, start: int) -> nodes.Expr:
        close = self.tokens.pair[start]
        self.at += 1
        if self._begins_for():
            return self._for(start, close)
        items, _ = self._list(close, spreads=False)
        return nodes.TupleOf(self.since(start), items)

    def _list(self, close: int, *, spreads: bool) -> tuple[list[nodes.Expr], bool]:
        """Return the expressions up to the bracket *close*, and whether ``...`` follows the last."""
        items: list[nodes.Expr] = []
        spread = False
        self.loose += 1
        while self.peek() and self.at < close:
            items.append(self.expression())
            if spreads and self.peek() == "...":
                self.at += 1
                spread = True
            if self.peek() and self.at < close:
                self.take(",")
        self.loose -= 1
        self.at = close + 1
        return items, spread

    def _object(self, start: int) -> nodes.Expr:
        close = self.tokens.pair[start]
        self.at += 1
        self.skip()
        if self._begins_for():
            return self._for(start, close)
        loose, self.loose = self.loose, 0
        items: list[tuple[nodes.Expr, nodes.Expr]] = []
        while self.at < close:
            if self.kind() in ("nl", ","):
                self.at += 1
            else:
                items.append(self._item(close))
        self.loose = loose
        self.at = close + 1
        return nodes.ObjectOf(self.since(start), items)

    def _item(self, close: int) -> tuple[nodes.Expr, nodes.Expr]:
        key = self.expression()
        if isinstance(key, nodes.Name):
            key = nodes.Literal(key.span, key.name)
        self.skip()
        if self.kind() not in ("=", ":"):
            raise self.problem(why="= is expected here")
        self.at += 1
        self.skip()
        value = self.expression()
        if self.at < close and self.kind() not in ("nl", ","):
            raise self.problem(why="a line end or comma is expected here")
        return key, value

    def _begins_for(self) -> bool:
        self.skip()
        return self.word() == "for" and self.kind(1) == "id"

    def _for(self, start: int, close: int) -> nodes.Expr:
        self.at += 1
        loose, self.loose = self.loose, 1
        key_name, value_name = self._for_names()
        over = self.expression()
        self.take(":")
        value, key, group, test = self.expression(), None, False, None
        if self.peek() == "=>":
            self.at += 1
            key, value = value, self.expression()
            group = self.peek() == "..."
            self.at += group
        if self.word() == "if":
            self.at += 1
            test = self.expression()
        self.skip()
        if self.at != close:
            raise self.problem(why="this is not Terraform syntax")
        self.at, self.loose = close + 1, loose
        return nodes.For(self.since(start), key_name, value_name, over, key, value, test, group)

    def _for_names(self) -> tuple[str, str]:
        names = ["", self.tokens.name(self.take("id"))]
        if self.peek() == ",":
            self.at += 1
            names.append(self.tokens.name(self.take("id")))
        if self.word() != "in":
            raise self.problem(why="in is expected here")
        self.at += 1
        return names[-2], names[-1]
