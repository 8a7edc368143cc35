"""Strings."""

from __future__ import annotations

import re
from decimal import Decimal

from restore_ready.readers.terraform.functions._encoding import json_text
from restore_ready.readers.terraform.functions._regex import compiled
from restore_ready.readers.terraform.functions._registry import Number, Scoped, function
from restore_ready.readers.terraform.language._types import NUMBER, STRING, convert, string_of
from restore_ready.readers.terraform.language._values import (
    Encoded,
    EvalError,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    TooMuch,
    Unknown,
    Value,
    is_open,
    opened,
    text,
)
from restore_ready.readers.terraform.syntax._front import parse_template

for _name, _do in {
    "lower": str.lower,
    "upper": str.upper,
    "strrev": lambda one: one[::-1],
    "chomp": lambda one: re.sub(r"(?:\r\n|\n|\r)+\Z", "", one),
    "trimspace": lambda one: one.strip(),
    "title": lambda one: re.sub(r"(?<![\w'])\w", lambda found: found[0].upper(), one),
}.items():
    function(_name, "s")(_do)


@function("startswith", "Ss")
def _startswith(whole: str | Text | Encoded | Ref, start: str) -> Value:
    first = whole.parts[0] if isinstance(whole, Text) else whole
    if isinstance(whole, str):
        return whole.startswith(start)
    if isinstance(first, str) and (len(first) >= len(start) or not start.startswith(first)):
        return first.startswith(start)
    return opened(whole)


@function("endswith", "Ss")
def _endswith(whole: str | Text | Encoded | Ref, end: str) -> Value:
    last = whole.parts[-1] if isinstance(whole, Text) else whole
    if isinstance(whole, str):
        return whole.endswith(end)
    if isinstance(last, str) and (len(last) >= len(end) or not end.endswith(last)):
        return last.endswith(end)
    return opened(whole)


@function("strcontains", "Ss")
def _strcontains(whole: str | Text | Encoded | Ref, part: str) -> Value:
    if isinstance(whole, str):
        return part in whole
    if isinstance(whole, Text) and any(isinstance(one, str) and part in one for one in whole.parts):
        return True
    return opened(whole)


@function("trim", "ss")
def _trim(one: str, cut: str) -> Value:
    return one.strip(cut) if cut else one


@function("trimprefix", "ss")
def _trimprefix(one: str, cut: str) -> Value:
    return one.removeprefix(cut)


@function("trimsuffix", "ss")
def _trimsuffix(one: str, cut: str) -> Value:
    return one.removesuffix(cut)


@function("indent", "ns")
def _indent(spaces: Number, one: str) -> Value:
    if spaces > 1000:  # noqa: PLR2004
        raise TooMuch
    return one.replace("\n", "\n" + " " * int(spaces))


@function("substr", "snn")
def _substr(one: str, start: Number, length: Number) -> Value:
    start = max(len(one) + start, 0) if start < 0 else start
    return one[int(start) :] if length < 0 else one[int(start) : int(start + length)]


@function("split", "ss")
def _split(by: str, whole: str) -> Value:
    return Seq(whole.split(by) if by and whole else list(whole) if not by else [""], "list")


@function("join", "sl*", scoped=True)
def _join(scope: Scoped, by: str, *lists: Seq | Rest) -> Value:
    parts: list[Value] = []
    for listed in lists:
        for one in [listed] if isinstance(listed, Rest) else listed:
            if one is None:
                raise EvalError("an element is null")
            if parts and by:
                parts.append(by)
            parts.append(one.unknown if isinstance(one, Rest) else convert(one, STRING))
    _bounded(scope, parts)
    return text(parts)


@function("replace", "sss", scoped=True)
def _replace(scope: Scoped, whole: str, old: str, new: str) -> Value:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        pattern = compiled(old[1:-1], whole)
        if isinstance(pattern, Unknown):
            return pattern
        return pattern.sub(lambda found: _expanded(new, found), whole)
    if (whole.count(old) if old else len(whole)) * len(new) > scope.budget.largest:
        raise TooMuch
    return whole.replace(old, new)


def _expanded(template: str, found: re.Match[str]) -> str:
    """Put groups into a replacement as Go does: one that is not there is empty."""

    def group(one: re.Match[str]) -> str:
        name = one[1] or one[2]
        if name == "$":
            return "$"
        number = int(name) if name.isdigit() else found.re.groupindex.get(name, found.re.groups + 1)
        return (found[number] or "") if number <= found.re.groups else ""

    return re.sub(r"\$(?:\{(\w+)\}|(\w+|\$))", group, template)


def _found(match):
    names = match.re.groupindex
    if names:
        return Obj({name: match[name] for name in names})
    return Seq(match.groups()) if match.re.groups else match[0]


@function("regex", "ss")
def _regex(pattern: str, whole: str) -> Value:
    expression = compiled(pattern, whole)
    if isinstance(expression, Unknown):
        return expression
    found = expression.search(whole)
    if found is None:
        raise EvalError("the pattern does not match")
    return _found(found)


@function("regexall", "ss")
def _regexall(pattern: str, whole: str) -> Value:
    expression = compiled(pattern, whole)
    if isinstance(expression, Unknown):
        return expression
    return Seq([_found(one) for one in expression.finditer(whole)], "list")


_VERB = re.compile(r"%(?:(%)|([-+# 0]*)(\d+|\*)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z]))")


def formatted(pattern: str, args: list[Value], *, list_: bool = False) -> Value:
    """Format as Terraform does: https://developer.hashicorp.com/terraform/language/functions/format."""
    parts: list[Value] = []
    at, used, most = 0, 0, 0
    for verb in _VERB.finditer(pattern):
        if "%" in pattern[at : verb.start()]:
            raise EvalError("a verb is not complete")
        parts.append(pattern[at : verb.start()])
        at = verb.end()
        if verb[1]:
            parts.append("%")
            continue
        used = int(verb[5]) if verb[5] else used + 1
        most = max(most, used)
        if not 0 < used <= len(args):
            raise EvalError("there are too few arguments")
        parts.append(_verb(verb, args[used - 1]))
    if "%" in pattern[at:]:
        raise EvalError("a verb is not complete")
    if most < len(args) and not list_:
        raise EvalError("there are too many arguments")
    return text([*parts, pattern[at:]])


def _verb(verb: re.Match[str], value: Value) -> Value:
    flags, width, precision, letter = verb[2], int(verb[3] or 0), verb[4], verb[6]
    if width > 10_000 or int(precision or 0) > 1000:  # noqa: PLR2004
        raise TooMuch
    if is_open(value):
        return value if letter in "sv" and not width and precision is None else opened(value)
    if letter == "v" and (value is None or not isinstance(value, (str, int, Decimal, bool)) or "#" in flags):
        found = json_text(value)
        if not isinstance(found, str):
            return found
    elif letter == "v":
        found = (
            _general(value)
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool)
            else convert(value, STRING)
        )
    elif value is None:
        raise EvalError("an argument is null")
    elif letter in "sq":
        found = convert(value, STRING)
        if not isinstance(found, str):
            return opened(value)
        found = found if precision is None else found[: int(precision)]
        found = json_text(found) if letter == "q" else found
    elif letter == "t":
        found = "true" if convert(value, STRING) == "true" else "false"
    elif letter in "bdoxXeEfgG":
        found = _numeric(letter, flags, precision, convert(value, NUMBER))
    else:
        raise EvalError(f"it does not know the verb %{letter}")
    if "-" in flags:
        return found.ljust(width)
    if "0" in flags and letter in "bdoxXeEfgGv":
        sign = found[:1] if found[:1] in "+- " and found else ""
        return sign + found[len(sign) :].rjust(width - len(sign), "0")
    return found.rjust(width)


def _general(value, least: int = 21) -> str:
    """Write a number as shortly as can be; with an exponent if that is below -4 or from *least*."""
    exact = Decimal(value)
    exponent = exact.adjusted() if exact else 0
    if -5 < exponent < least:  # noqa: PLR2004
        return string_of(value)
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0") or "0"
    body = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{'-' if exact < 0 else ''}{body}e{exponent:+03d}"


def _numeric(letter, flags, precision, value) -> str:
    sign = "+" if "+" in flags else " " if " " in flags else ""
    if letter in "bdoxX":
        whole = int(value)
        prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(letter, "") if "#" in flags else ""
        body = f"{abs(whole):{letter}}"
        return ("-" if whole < 0 else sign) + prefix + body
    if letter in "gG" and precision is None:
        found = _general(value)
    elif letter in "gG":
        found = f"{float(value):.{precision}{letter}}"
    elif letter == "f":
        found = f"{Decimal(value):.{precision or 6}f}" if precision != "0" else f"{Decimal(value):.0f}"
    else:
        found = f"{float(value):.{precision if precision is not None else 6}{letter}}"
    return found if found.startswith("-") else sign + found


@function("format", "Sv*", scoped=True)
def _format(scope: Scoped, pattern: str | Text | Encoded | Ref, *args: Value) -> Value:
    if not isinstance(pattern, str):
        return opened(pattern)
    if any(isinstance(one, Rest) for one in args):
        return next(one.unknown for one in args if isinstance(one, Rest))
    found = formatted(pattern, list(args))
    _bounded(scope, [found])
    return found


@function("formatlist", "sv*")
def _formatlist(pattern: str, *args: Value) -> Value:
    lists = [one for one in args if isinstance(one, Seq)]
    unknown = next((opened(one) for one in args if isinstance(one, (Unknown, Rest))), None)
    if unknown is not None:
        return Seq([Rest(unknown)])
    if any(isinstance(item, Rest) for one in lists for item in one):
        return Seq([Rest(item.unknown) for one in lists for item in one if isinstance(item, Rest)][:1])
    if len({len(one) for one in lists}) > 1:
        raise EvalError("the lists have different lengths")
    count = len(lists[0]) if lists else 1
    rows = [[one[at] if isinstance(one, Seq) else one for one in args] for at in range(count)]
    return Seq([formatted(pattern, row) for row in rows], "list")


@function("templatestring", "sm", scoped=True)
def _templatestring(scope: Scoped, code: str, names: Obj) -> Value:
    return rendered(scope, code, names, "templatestring()")


def rendered(scope, code: str, names: Obj, file: str) -> Value:
    """Evaluate a template with nothing but *names*."""
    from restore_ready.readers.terraform.language._evaluate import Scope, evaluate  # noqa: PLC0415

    bound = dict(names)
    found = evaluate(parse_template(code, file), Scope(_Only(scope.names, names.rest), bound, scope.trying))
    return found if is_open(found) else convert(found, STRING)


class _Only:
    def __init__(self, names, rest) -> None:
        self.budget, self.root, self.confines, self.rest = names.budget, names.root, names.confines, rest
        self.functions = names.functions

    def lookup(self, name, span):
        if self.rest is not None:
            return self.rest
        raise EvalError(f'the template has no variable "{name}"', span)


def _bounded(scope, parts) -> None:
    if sum(len(one) for one in parts if isinstance(one, str)) > scope.budget.largest:
        raise TooMuch
