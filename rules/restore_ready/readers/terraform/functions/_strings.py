"""Functions of strings: https://developer.hashicorp.com/terraform/language/functions#string-functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from restore_ready.readers.terraform.functions._graphemes import graphemes
from restore_ready.readers.terraform.functions._registry import function, whole
from restore_ready.readers.terraform.language import (
    STRING,
    Encoded,
    EvalError,
    LimitError,
    Ref,
    Rest,
    Scope,
    Seq,
    Text,
    TooMuchError,
    Value,
    convert,
    is_null,
    opened,
)  # fmt: skip
from restore_ready.readers.terraform.language._unknowns import text
from restore_ready.readers.terraform.syntax import Number

_SPACES: Final = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_LINE_ENDS: Final = re.compile(r"(?:\r\n|\n|\r)+\Z")
_MOST_SPACES: Final = 1000
_MOST_PARTS: Final = 1000
Opening = str | Text | Encoded | Ref


def _each(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return what changes each character by itself, where that gives one, as Go does."""

    def changed(whole_: str) -> str:
        if whole_.isascii():
            return change(whole_)
        return "".join(new if len(new := change(character)) == 1 else character for character in whole_)

    return changed


def _title(whole_: str) -> str:
    found = []
    before = " "
    for character in whole_:
        separated = not (before.isalnum() or before == "_") if before.isascii() else before.isspace()
        found.append(character.upper() if separated and len(character.upper()) == 1 else character)
        before = character
    return "".join(found)


_SIMPLE: Final[dict[str, Callable[[str], str]]] = {
    "lower": _each(str.lower),
    "upper": _each(str.upper),
    "strrev": lambda whole_: "".join(reversed(graphemes(whole_))),
    "chomp": lambda whole_: _LINE_ENDS.sub("", whole_),
    "trimspace": lambda whole_: whole_.strip(_SPACES),
    "title": _title,
}
for _name, _change in _SIMPLE.items():
    function(_name, "s")(_change)


@function("startswith", "Ss")
def _startswith(whole_: Opening, start: str) -> Value:
    if isinstance(whole_, str):
        return whole_.startswith(start)
    first = whole_.parts[0] if isinstance(whole_, Text) else None
    if isinstance(first, str) and (len(first) >= len(start) or not start.startswith(first)):
        return first.startswith(start)
    return opened(whole_)


@function("endswith", "Ss")
def _endswith(whole_: Opening, end: str) -> Value:
    if isinstance(whole_, str):
        return whole_.endswith(end)
    last = whole_.parts[-1] if isinstance(whole_, Text) else None
    if isinstance(last, str) and (len(last) >= len(end) or not end.endswith(last)):
        return last.endswith(end)
    return opened(whole_)


@function("strcontains", "Ss")
def _strcontains(whole_: Opening, part: str) -> Value:
    if isinstance(whole_, str):
        return part in whole_
    if isinstance(whole_, Text) and any(isinstance(known, str) and part in known for known in whole_.parts):
        return True
    return opened(whole_)


@function("trim", "ss")
def _trim(whole_: str, cut: str) -> Value:
    return whole_.strip(cut) if cut else whole_


@function("trimprefix", "Ss")
def _trimprefix(whole_: Opening, cut: str) -> Value:
    if isinstance(whole_, str):
        return whole_.removeprefix(cut)
    first = whole_.parts[0] if isinstance(whole_, Text) else None
    if isinstance(whole_, Text) and isinstance(first, str) and len(first) >= len(cut):
        return text([first.removeprefix(cut), *whole_.parts[1:]], _MOST_PARTS)
    return opened(whole_)


@function("trimsuffix", "Ss")
def _trimsuffix(whole_: Opening, cut: str) -> Value:
    if isinstance(whole_, str):
        return whole_.removesuffix(cut)
    last = whole_.parts[-1] if isinstance(whole_, Text) else None
    if isinstance(whole_, Text) and isinstance(last, str) and len(last) >= len(cut):
        return text([*whole_.parts[:-1], last.removesuffix(cut)], _MOST_PARTS)
    return opened(whole_)


@function("indent", "ns")
def _indent(spaces: Number, whole_: str) -> Value:
    count = whole(spaces)
    if count < 0:
        raise EvalError(why="it can't be negative")
    if count > _MOST_SPACES:
        raise LimitError(why="the text is indented too far")
    return whole_.replace("\n", "\n" + " " * count)


@function("substr", "snn")
def _substr(whole_: str, start: Number, length: Number) -> Value:
    parts, first, count = graphemes(whole_), whole(start), whole(length)
    if first < 0 and count == 0:
        count = -1  # Terraform's own: from the end, no length is all
    first = max(len(parts) + first, 0) if first < 0 else first
    return "".join(parts[first:] if count < 0 else parts[first : first + count])


@function("split", "ss")
def _split(by: str, whole_: str) -> Value:
    if not by:
        return Seq(list(whole_), "list")
    return Seq(whole_.split(by), "list")


@function("join", "sl*", scoped=True)
def _join(scope: Scope, by: str, *lists: Seq | Rest) -> Value:
    parts: list[Value] = []
    for listed in lists:
        for item in [listed] if isinstance(listed, Rest) else listed:
            if is_null(item):
                raise EvalError(why="an element is null")
            if parts and by:
                parts.append(by)
            parts.append(opened(item) if isinstance(item, Rest) else convert(item, STRING))
        if isinstance(listed, Seq) and listed.maybe is not None:
            parts.append(opened(listed.maybe))
    within_bounds(scope, parts)
    return text(parts, _MOST_PARTS)


def within_bounds(scope: Scope, parts: list[Value]) -> None:
    """Check that the known *parts* of a text are not too long.

    Raises:
        TooMuchError: if they are.
    """
    if sum(len(part) for part in parts if isinstance(part, str)) > scope.budget.largest:
        raise TooMuchError
