"""Search and replacement: ``regex``, ``regexall``, ``replace``."""

from __future__ import annotations

import re
from typing import Final

from restore_ready.readers.terraform.functions._patterns import compiled
from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import (
    EvalError,
    Obj,
    Ref,
    Scope,
    Seq,
    TooMuchError,
    Unknown,
    Value,
    opened,
)

_GROUP: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+|\$))")


_ANY_ACCOUNT: Final = "$account"
"""What Organizations puts each account's id in place of, in the ARNs of backup policies."""


@function("replace", "SSS", scoped=True)
def _replace_known(scope: Scope, whole: Value, old: Value, new: Value) -> Value:
    if isinstance(whole, str) and isinstance(old, str) and isinstance(new, str):
        return _replace(scope, whole, old, new)
    if new == _ANY_ACCOUNT and isinstance(whole, Ref) and whole.path[-1:] == ("arn",):
        return whole
    return opened(next(value for value in (whole, old, new) if not isinstance(value, str)))


def _replace(scope: Scope, whole: str, old: str, new: str) -> Value:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        pattern = compiled(old[1:-1], whole)
        if isinstance(pattern, Unknown):
            return pattern
        return pattern.sub(lambda found: _expanded(new, found), whole)
    if (whole.count(old) if old else len(whole)) * len(new) > scope.budget.largest:
        raise TooMuchError
    return whole.replace(old, new)


def _expanded(template: str, found: re.Match[str]) -> str:
    """Return a replacement with its groups as Go puts them in: one that is not there is empty."""

    def group(mark: re.Match[str]) -> str:
        name = mark[1] or mark[2]
        if name == "$":
            return "$"
        number = int(name) if name.isdecimal() else found.re.groupindex.get(name, found.re.groups + 1)
        return (found[number] or "") if number <= found.re.groups else ""

    return _GROUP.sub(group, template)


def _found(match: re.Match[str]) -> Value:
    names = match.re.groupindex
    if names and len(names) < match.re.groups:
        raise EvalError(why="it mixes named and unnamed groups")
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
        raise EvalError(why="the pattern does not match")
    return _found(found)


@function("regexall", "ss")
def _regexall(pattern: str, whole: str) -> Value:
    expression = compiled(pattern, whole)
    if isinstance(expression, Unknown):
        return expression
    return Seq([_found(match) for match in expression.finditer(whole)], "list")
