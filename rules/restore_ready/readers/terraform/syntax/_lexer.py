"""Tokens of native syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Final

from restore_ready.readers.terraform.syntax._span import Source

DEEPEST: Final = 120
_TOKEN: Final = re.compile(
    r"""[ \t\r]+|(?P<nl>\n\s*)|(?P<id>[^\W\d][\w-]*)|(?P<num>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    |(?P<str>"[^"\\$%\n]*(?:(?:\\.|\$\$\{|%%\{|\$(?!\{)|%(?!\{))[^"\\$%\n]*)*")|(?P<quote>")
    |(?P<note>\#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<here><<-?[^\W\d][\w-]*\r?\n)
    |(?P<op>\.\.\.|==|!=|<=|>=|&&|\|\||=>|::|[-+*/%<>!?:=.,{}\[\]()])|(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_INNER: Final = re.compile(r'"|\$\$\{|%%\{|[$%]\{|\\.', re.DOTALL)
_CODE: Final = re.compile(r'"|[{}]|#[^\n]*|//[^\n]*|/\*.*?\*/', re.DOTALL)
_PAIRS: Final = {"{": "}", "[": "]", "(": ")"}
_ESCAPE: Final = re.compile(r'\\([nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|\$\$\{|%%\{')
_HALVES: Final = range(0xD800, 0xE000)
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class UnreadableError(Exception):
    """What can't be read, and at which character."""

    def __init__(self, at: int, why: str) -> None:
        """Take the number of the character and a reason."""
        super().__init__(why)
        self.why, self.at = why, at


def literal(code: str) -> str:
    """Return what stands between quotes without its escapes."""
    if "\\" not in code and "$${" not in code and "%%{" not in code:
        return normal(code)
    return normal(_ESCAPE.sub(_unescaped, code))


def normal(text: str) -> str:
    """Return a text as Terraform keeps all texts: in Unicode's composed form, no half of a pair alone."""
    if text.isascii():
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if escape is None:
        return found[0][1:]
    if escape in _PLAIN:
        return _PLAIN[escape]
    code = int(escape[1:], 16)
    return chr(code) if code <= sys.maxunicode and code not in _HALVES else "\N{REPLACEMENT CHARACTER}"


def string_end(text: str, at: int, depth: int = 0) -> int:
    """Return where the string that opens at *at* ends, after its closing quote.

    Raises:
        UnreadableError: if it does not end.
    """
    if depth > DEEPEST:
        raise UnreadableError(at, "it is nested too deep")
    at += 1
    while True:
        found = _INNER.search(text, at)
        if found is None:
            raise UnreadableError(at - 1, "a string is not closed")
        at = found.end()
        if found[0] == '"':
            return at
        if found[0] in ("${", "%{"):
            at = code_end(text, at, depth + 1)


def code_end(text: str, at: int, depth: int = 0) -> int:
    """Return where the ``${`` or ``%{`` before *at* ends, after its closing brace.

    Raises:
        UnreadableError: if it does not end.
    """
    unclosed = 1
    while unclosed:
        found = _CODE.search(text, at)
        if found is None:
            raise UnreadableError(at - 1, "an interpolation is not closed")
        at = found.end()
        if found[0] == '"':
            at = string_end(text, found.start(), depth + 1)
        elif found[0] in "{}":
            unclosed += 1 if found[0] == "{" else -1
    return at


class Tokens:
    """The tokens of a part of a file.

    Attributes:
        kinds: what each is: ``id``, ``num``, ``str`` (a string without parts), ``tpl`` (one with parts), ``here``,
            ``nl``, or the operator itself.
        starts: the character that each begins at.
        ends: the character after each.
        pair: for each opening bracket, the number of its closing one.
    """

    __slots__ = ("ends", "kinds", "pair", "source", "starts")

    def __init__(self, source: Source, start: int, end: int) -> None:
        """Read the tokens between two characters.

        Raises:
            UnreadableError: if what is there is not Terraform's syntax, or brackets do not match.
        """
        self.source = source
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.pair: dict[int, int] = {}
        self._read(start, end)

    def code(self, number: int) -> str:
        """Return a token as it is written."""
        return self.source.text[self.starts[number] : self.ends[number]]

    def name(self, number: int) -> str:
        """Return an identifier, or a string without its quotes and escapes."""
        code = self.code(number)
        return literal(code[1:-1]) if self.kinds[number] == "str" else code

    def _read(self, at: int, end: int) -> None:
        text, kinds, starts, ends = self.source.text, self.kinds, self.starts, self.ends
        match = _TOKEN.match
        unclosed: list[int] = []
        while at < end:
            found = match(text, at, end)
            if found is None:
                raise UnreadableError(at, "this is not Terraform syntax")
            kind, stop = found.lastgroup, found.end()
            if kind == "op":
                kind = found[0]
                if kind in "{[(}])":
                    self._bracket(kind, at, unclosed)
            elif kind in ("quote", "here", "bad"):
                kind, stop = self._special(kind, found, end)
            if kind is not None and kind != "note":
                kinds.append(kind)
                starts.append(at)
                ends.append(stop)
            at = stop
        if unclosed:
            raise UnreadableError(starts[unclosed[0]], "a bracket is not closed")

    def _bracket(self, kind: str, at: int, unclosed: list[int]) -> None:
        if kind in _PAIRS:
            unclosed.append(len(self.kinds))
        elif not unclosed or _PAIRS[self.kinds[unclosed[-1]]] != kind:
            raise UnreadableError(at, f"{kind} closes nothing")
        else:
            self.pair[unclosed.pop()] = len(self.kinds)

    def _special(self, kind: str, found: re.Match[str], end: int) -> tuple[str, int]:
        """Return the kind and end of a string with parts, or of a heredoc."""
        text, at = self.source.text, found.start()
        if kind == "quote":
            return "tpl", string_end(text, at)
        if kind == "bad":
            raise UnreadableError(at, f"{found[0]} is not Terraform syntax")
        mark = re.escape(found[0].lstrip("<-").strip())
        closing = re.compile(rf"^[ \t]*({mark})[ \t\r]*$", re.MULTILINE).search(text, found.end(), end)
        if closing is None:
            raise UnreadableError(at, "a heredoc is not closed")
        return kind, closing.end(1)
