"""Reads Terraform's native syntax without tree-sitter: the same bodies and expressions, with less memory and exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from restore_ready.readers.terraform.syntax import _nodes as s
from restore_ready.readers.terraform.syntax._numbers_written import number
from restore_ready.readers.terraform.syntax._span import Span
from restore_ready.readers.terraform.syntax._template import Token, build, literal


@dataclass(frozen=True, slots=True)
class Problem:
    span: Span
    why: str


_TOKEN = re.compile(
    r"""[ \t\r]+|(?P<nl>\n\s*)|(?P<id>[^\W\d][\w-]*)|(?P<num>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    |(?P<str>"[^"\\$%\n]*(?:(?:\\.|\$\$\{|%%\{|\$(?!\{)|%(?!\{))[^"\\$%\n]*)*")|(?P<quote>")|(?P<note>\#[^\n]*|//[^\n]*|/\*.*?\*/)
    |(?P<here><<-?[^\W\d][\w-]*\r?\n)|(?P<op>\.\.\.|==|!=|<=|>=|&&|\|\||=>|::|[-+*/%<>!?:=.,{}\[\]()])|(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_INNER = re.compile(r'"|\$\$\{|%%\{|[$%]\{|\\.', re.DOTALL)
_CODE = re.compile(r'"|[{}]|#[^\n]*|//[^\n]*|/\*.*?\*/', re.DOTALL)
_MARK = re.compile(r"\$\$\{|%%\{|[$%]\{|\\.", re.DOTALL)
_HEAD = re.compile(
    r"^(?=(?:resource|data|module|variable|locals|output|provider|terraform|moved|import|check|removed)\b)",
    re.MULTILINE,
)
_PAIRS: Final = {"{": "}", "[": "]", "(": ")"}
_POWER: Final = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_DEEPEST: Final = 240


class SyntaxProblem(Exception):
    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why, self.at = why, at


class Source:
    """A file's text and where its lines begin."""

    def __init__(self, text: str, file: str, line: int = 1) -> None:
        self.text, self.file, self.first = text, file, line
        self._breaks: list[int] | None = None

    def line(self, at: int) -> int:
        from bisect import bisect_left  # noqa: PLC0415

        if self._breaks is None:
            self._breaks = [found.start() for found in re.finditer("\n", self.text)]
        return bisect_left(self._breaks, at) + self.first

    def span(self, start: int, end: int) -> Span:
        return Span(self.file, self.line(start), self.line(max(start, end - 1)), start, end)


def parse(code: bytes, file: str) -> tuple[s.Body, list[Problem]]:
    """Read a file; where brackets do not match, each block that can be read alone is read."""
    source = Source(code.decode("utf-8", "replace"), file)
    try:
        return Tokens(source, 0, len(source.text)).body(), []
    except SyntaxProblem:
        pass
    body, problems = s.Body(), []
    starts = [0, *(found.start() for found in _HEAD.finditer(source.text))]
    for start, end in zip(starts, [*starts[1:], len(source.text)]):
        try:
            part = Tokens(source, start, end).body()
        except SyntaxProblem as error:
            problems.append(Problem(source.span(error.at, error.at + 1), error.why))
            continue
        body.attributes.update(part.attributes)
        body.blocks += part.blocks
    return body, problems


def parse_expression(code: str, file: str, line: int = 1) -> s.Expr:
    """Read one expression."""
    return _expression(Source(code, file, line), 0, len(code))


def _expression(source: Source, start: int, end: int, depth: int = 0) -> s.Expr:
    try:
        tokens = Tokens(source, start, end, depth)
        tokens.loose += 1
        found = tokens.expression()
        tokens.skip()
        if tokens.at < len(tokens.kinds):
            raise tokens.problem("this is not Terraform syntax")
        return found
    except SyntaxProblem as error:
        return s.Bad(source.span(error.at, error.at + 1), error.why)


@lru_cache(maxsize=4096)
def parse_template(code: str, file: str, line: int = 1) -> s.Expr:
    """Read a text with ``${…}`` and ``%{…}``, as in JSON configuration and template files."""
    source = Source(code, file, line)
    try:
        return build(list(_pieces(source, 0, len(code), 0, quoted=False)), source.span(0, len(code)))
    except SyntaxProblem as error:
        return s.Bad(source.span(error.at, error.at + 1), error.why)


def _quoted_end(text: str, at: int, depth: int = 0) -> int:
    """Return where the string that opens at *at* ends, after its closing quote."""
    if depth > _DEEPEST:
        raise SyntaxProblem("it is nested too deep", at)
    at += 1
    while True:
        found = _INNER.search(text, at)
        if found is None:
            raise SyntaxProblem("a string is not closed", at - 1)
        at = found.end()
        if found[0] == '"':
            return at
        if found[0] in ("${", "%{"):
            at = _code_end(text, at, depth + 1)


def _code_end(text: str, at: int, depth: int = 0) -> int:
    """Return where ``${`` or ``%{`` before *at* ends, after its closing brace."""
    open_ = 1
    while open_:
        found = _CODE.search(text, at)
        if found is None:
            raise SyntaxProblem("an interpolation is not closed", at - 1)
        at = found.end()
        if found[0] == '"':
            at = _quoted_end(text, found.start(), depth + 1)
        elif found[0] in "{}":
            open_ += 1 if found[0] == "{" else -1
    return at


def _pieces(source: Source, start: int, end: int, depth: int, *, quoted: bool) -> Iterator[Token]:
    """Give the tokens of the template between *start* and *end*."""
    text, at, seek = source.text, start, start
    while True:
        found = _MARK.search(text, seek, end)
        if found is not None and found[0] not in ("${", "%{"):
            seek = found.end() if quoted or not found[0].startswith("\\") else found.start() + 1
            continue
        stop = end if found is None else found.start()
        if stop > at and quoted:
            yield Token("literal", literal(text[at:stop]))
        elif stop > at:
            for line in re.findall(r"[^\n]*\n|[^\n]+", text[at:stop].replace("\r\n", "\n")):
                yield Token("literal", line.replace("$${", "${").replace("%%{", "%{"))
        if found is None:
            return
        at = seek = _code_end(text, found.end(), depth)
        yield _marked(source, found.start(), at, depth)


def _marked(source: Source, start: int, end: int, depth: int) -> Token:
    text = source.text
    left, right = text[start + 2] == "~", text[end - 2] == "~" and end - start > 4  # noqa: PLR2004
    inner, stop = start + 2 + left, end - 1 - right
    span = source.span(start, end)
    if text[start] == "$":
        return Token("interpolation", "", _expression(source, inner, stop, depth + 1), [], left, right, span)
    found = re.compile(r"\s*(if|else|endif|endfor|for)\b(?:\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b)?").match(
        text, inner, stop
    )
    if found is None:
        raise SyntaxProblem("a directive can't be read", start)
    word = found[1]
    if word == "for":
        names = [one for one in (found[2], found[3]) if one]
        return Token("for", "", _expression(source, found.end(), stop, depth + 1), names, left, right, span)
    if word == "if":
        return Token("if", "", _expression(source, found.end(1), stop, depth + 1), [], left, right, span)
    return Token("else" if word == "else" else "end", "", None, [], left, right, span)


class Tokens:
    """The tokens of a part of a file, and how they are read.

    Attributes:
        loose: above zero where line ends have no meaning.
        pair: for each opening bracket, the number of its closing one.
    """

    def __init__(self, source: Source, start: int, end: int, depth: int = 0) -> None:
        self.source, self.depth, self.at, self.loose = source, depth, 0, 0
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.pair: dict[int, int] = {}
        self._lex(start, end)

    def _lex(self, at: int, end: int) -> None:
        text, kinds, starts, ends = self.source.text, self.kinds, self.starts, self.ends
        match = _TOKEN.match
        open_: list[int] = []
        while at < end:
            found = match(text, at, end)
            if found is None:
                raise SyntaxProblem("this is not Terraform syntax", at)
            kind, stop = found.lastgroup, found.end()
            if kind == "quote":
                kind, stop = "tpl", _quoted_end(text, at)
            elif kind == "here":
                name = found[0].lstrip("<-").strip()
                closing = re.compile(rf"^[ \t]*{re.escape(name)}[ \t\r]*$", re.MULTILINE).search(text, stop, end)
                if closing is None:
                    raise SyntaxProblem("a heredoc is not closed", at)
                stop = closing.end()
            elif kind == "op":
                kind = found[0]
                if kind in "{[(":
                    open_.append(len(kinds))
                elif kind in "}])":
                    if not open_ or _PAIRS[kinds[open_[-1]]] != kind:
                        raise SyntaxProblem(f"{kind} closes nothing", at)
                    self.pair[open_.pop()] = len(kinds)
            elif kind == "bad":
                raise SyntaxProblem(f"{found[0]} is not Terraform syntax", at)
            if kind is not None and kind != "note":
                kinds.append(kind)
                starts.append(at)
                ends.append(stop)
            at = stop
        if open_:
            raise SyntaxProblem("a bracket is not closed", starts[open_[0]])

    # -- bodies

    def body(self, at: int = 0, end: int | None = None) -> s.Body:
        """Read the attributes and blocks between two tokens."""
        body = s.Body()
        kinds, stop = self.kinds, len(self.kinds) if end is None else end
        while at < stop:
            if kinds[at] in ("nl", ","):
                at += 1
                continue
            if kinds[at] not in ("id", "str"):
                raise SyntaxProblem("an attribute or block is expected here", self.starts[at])
            name = self._name(at)
            if at + 1 < stop and kinds[at + 1] == "=":
                after = self._line_end(at + 2, stop)
                body.attributes[name] = self._attribute(name, at, after)
                at = after
            else:
                at = self._block(body, name, at, stop)
        return body

    def _attribute(self, name: str, at: int, after: int) -> s.Attribute:
        last = max(at + 1, after - 1)
        span = self.source.span(self.starts[at], self.ends[last])
        return s.Attribute(name, span, lambda: self._value(at + 2, after))

    def _value(self, at: int, after: int) -> s.Expr:
        self.at, self.loose = at, 0
        try:
            found = self.expression()
            if self.at < after:
                raise self.problem("this is not Terraform syntax")
            return found
        except SyntaxProblem as error:
            return s.Bad(self.source.span(error.at, error.at + 1), error.why)

    def _block(self, body: s.Body, name: str, at: int, stop: int) -> int:
        labels, brace = [], at + 1
        while brace < stop and self.kinds[brace] in ("id", "str"):
            labels.append(self._name(brace))
            brace += 1
        if brace >= stop or self.kinds[brace] != "{":
            raise SyntaxProblem("an attribute or block is expected here", self.starts[at])
        close = self.pair[brace]
        span = self.source.span(self.starts[at], self.ends[close])
        body.blocks.append(s.Written(name, labels, span, lambda: self._inner(brace + 1, close)))
        return close + 1

    def _inner(self, at: int, close: int) -> s.Body:
        try:
            return self.body(at, close)
        except SyntaxProblem as error:
            bad = self.source.span(error.at, error.at + 1)
            return s.Body({"": s.Attribute("", bad, lambda: s.Bad(bad, error.why))})

    def _line_end(self, at: int, stop: int) -> int:
        kinds, pair = self.kinds, self.pair
        while at < stop and kinds[at] not in ("nl", "}"):
            at = pair.get(at, at) + 1
        return at

    def _name(self, at: int) -> str:
        code = self.source.text[self.starts[at] : self.ends[at]]
        return literal(code[1:-1]) if self.kinds[at] == "str" else code

    # -- expressions

    def problem(self, why: str) -> SyntaxProblem:
        at = self.starts[self.at] if self.at < len(self.starts) else (self.ends[-1] if self.ends else 0)
        return SyntaxProblem(why, at)

    def skip(self) -> None:
        while self.at < len(self.kinds) and self.kinds[self.at] == "nl":
            self.at += 1

    def peek(self) -> str:
        if self.loose:
            self.skip()
        return self.kinds[self.at] if self.at < len(self.kinds) else ""

    def take(self, kind: str) -> int:
        if self.peek() != kind:
            raise self.problem(f"{kind} is expected here")
        self.at += 1
        return self.at - 1

    def word(self) -> str:
        return self._name(self.at) if self.peek() == "id" else ""

    def _from(self, start: int) -> Span:
        return self.source.span(self.starts[start], self.ends[max(start, self.at - 1)])

    def expression(self) -> s.Expr:
        """Read an expression."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.problem("the expression is nested too deep")
        self.peek()
        start = self.at
        found = self._operation(0)
        if self.peek() == "?":
            self.at += 1
            yes = self.expression()
            self.take(":")
            no = self.expression()
            found = s.Cond(self._from(start), found, yes, no)
        self.depth -= 1
        return found

    def _operation(self, power: int) -> s.Expr:
        start = self.at
        left = self._unary()
        while (mine := _POWER.get(op := self.peek(), 0)) > power:
            self.at += 1
            left = s.Binary(self._from(start), op, left, self._operation(mine))
            left.span = self._from(start)
        return left

    def _unary(self) -> s.Expr:
        op = self.peek()
        if op not in ("!", "-"):
            return self._steps()
        start = self.at
        self.at += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.problem("the expression is nested too deep")
        of = self._unary()
        self.depth -= 1
        return s.Unary(self._from(start), op, of)

    def _steps(self) -> s.Expr:
        self.peek()
        start = self.at
        found = self._primary()
        return self._further(found, start, legacy=False)

    def _further(self, found: s.Expr, start: int, *, legacy: bool) -> s.Expr:
        while (kind := self.peek()) in (".", "["):
            if kind == "[" and legacy:
                return found
            close = self.pair.get(self.at, 0)
            if kind == "[" and close == self.at + 2 and self.kinds[self.at + 1] == "*":
                self.at = close + 1
                each = self._further(s.Item(found.span), start, legacy=False)
                return s.Splat(self._from(start), found, each)
            if kind == "[":
                found = s.Index(found.span, found, self._inside(close))
                found.span = self._from(start)
                continue
            self.at += 1
            if self.peek() == "*":
                self.at += 1
                each = self._further(s.Item(found.span), start, legacy=True)
                found = s.Splat(self._from(start), found, each)
            elif self.kinds[self.at : self.at + 1] == ["num"]:
                for one in self._name(self.at).split("."):
                    found = s.Index(found.span, found, s.Literal(found.span, int(one)))
                self.at += 1
                found.span = self._from(start)
            else:
                name = self._name(self.take("id"))
                found = s.GetAttr(self._from(start), found, name)
        return found

    def _inside(self, close: int) -> s.Expr:
        """Read the one expression between the brackets that open here and close at *close*."""
        self.at += 1
        self.loose += 1
        found = self.expression()
        self.skip()
        self.loose -= 1
        if self.at != close:
            raise self.problem("this is not Terraform syntax")
        self.at += 1
        return found

    def _primary(self) -> s.Expr:
        kind, start = self.peek(), self.at
        code = self.source.text[self.starts[start] : self.ends[start]] if kind else ""
        if kind == "(":
            inner = self._inside(self.pair[start])
            return s.Paren(self._from(start), inner)
        if kind == "[":
            return self._tuple(start)
        if kind == "{":
            return self._object(start)
        self.at += 1
        span = self.source.span(self.starts[start], self.ends[start]) if kind else Span(self.source.file, 0, 0)
        if kind == "id":
            if code in ("true", "false", "null"):
                return s.Literal(span, None if code == "null" else code == "true")
            if self.kinds[self.at : self.at + 1] in (["("], ["::"]):
                return self._call(start, code)
            return s.Name(span, code)
        if kind == "num":
            return s.Literal(span, number(code))
        if kind == "str":
            return s.Literal(span, literal(code[1:-1]))
        if kind == "tpl":
            return build(list(_pieces(self.source, span.start + 1, span.end - 1, self.depth, quoted=True)), span)
        if kind == "here":
            begin = self.source.text.index("\n", span.start) + 1
            end = max(self.source.text.rfind("\n", 0, span.end) + 1, begin)
            return build(
                list(_pieces(self.source, begin, end, self.depth, quoted=False)), span, flush=code.startswith("<<-")
            )
        self.at = start
        raise self.problem("a value is expected here")

    def _call(self, start: int, name: str) -> s.Expr:
        while self.peek() == "::":
            self.at += 1
            name += "::" + self._name(self.take("id"))
        close = self.pair[self.take("(")]
        self.loose += 1
        args: list[s.Expr] = []
        spread = False
        while self.peek() != ")":
            args.append(self.expression())
            if self.peek() == "...":
                self.at += 1
                spread = True
            if self.peek() != ")":
                self.take(",")
        self.loose -= 1
        self.at = close + 1
        return s.Call(self._from(start), name, args, spread)

    def _tuple(self, start: int) -> s.Expr:
        close = self.pair[start]
        self.at += 1
        self.loose += 1
        if self.word() == "for":
            found = self._for(start, close)
            self.loose -= 1
            return found
        items: list[s.Expr] = []
        while self.peek() != "]":
            items.append(self.expression())
            if self.peek() != "]":
                self.take(",")
        self.loose -= 1
        self.at = close + 1
        return s.TupleOf(self._from(start), items)

    def _object(self, start: int) -> s.Expr:
        close = self.pair[start]
        self.at += 1
        self.skip()
        loose, self.loose = self.loose, 0
        if self.word() == "for" and self.kinds[self.at + 1 : self.at + 2] == ["id"]:
            self.loose = 1
            found = self._for(start, close)
            self.loose = loose
            return found
        items: list[tuple[s.Expr, s.Expr]] = []
        while self.at < close:
            if self.kinds[self.at] in ("nl", ","):
                self.at += 1
                continue
            key = self.expression()
            key = s.Literal(key.span, key.name) if isinstance(key, s.Name) else key
            self.skip()
            if self.peek() not in ("=", ":"):
                raise self.problem("= is expected here")
            self.at += 1
            self.skip()
            items.append((key, self.expression()))
            if self.at < close and self.kinds[self.at] not in ("nl", ","):
                raise self.problem("a line end or comma is expected here")
        self.loose = loose
        self.at = close + 1
        return s.ObjectOf(self._from(start), items)

    def _for(self, start: int, close: int) -> s.Expr:
        self.at += 1
        names = [self._name(self.take("id"))]
        if self.peek() == ",":
            self.at += 1
            names.append(self._name(self.take("id")))
        if self.word() != "in":
            raise self.problem("in is expected here")
        self.at += 1
        over = self.expression()
        self.take(":")
        value, key, group = self.expression(), None, False
        if self.peek() == "=>":
            self.at += 1
            key, value = value, self.expression()
            if self.peek() == "...":
                self.at += 1
                group = True
        test = None
        if self.word() == "if":
            self.at += 1
            test = self.expression()
        self.skip()
        if self.at != close:
            raise self.problem("this is not Terraform syntax")
        self.at = close + 1
        return s.For(self._from(start), names[0] if len(names) > 1 else "", names[-1], over, key, value, test, group)
