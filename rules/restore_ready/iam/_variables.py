"""What do policy variables, such as ``${aws:username}``, stand for (IAM User Guide, "Variables and tags")?

They count in the resource part of ``Resource`` and in the values of string, ARN and Bool conditions, and only in
policies of version 2012-10-17; in older ones they are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from restore_ready.iam._condition import ALWAYS_PRESENT, takes_variables
from restore_ready.iam._glob import LONGEST
from restore_ready.iam._request import Request
from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    Condition,
    Known,
    Ref,
    Statement,
    Str,
    Text,
    Unresolved,
    join_text,
)
from restore_ready.model._why_open import OF_THE_REQUEST, PERHAPS_IN_REQUEST, UNDOCUMENTED

_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES: Final = frozenset("*?$")
_SPECIAL: Final = re.compile(r"[*?$]")
_SINCE: Final = "2012-10-17"
_BEFORE: Final = "2008-10-17"
_RESOURCE_COLONS: Final = 5


def resolved(statement: Statement, request: Request, version: Known[str]) -> Statement:
    """Return *statement* with its policy variables replaced.

    What the request may or may not carry, or carries with unknown content, stays unknown. A variable without value
    matches nothing, in NotResource and in negated conditions as elsewhere: what holds it is left out.
    """
    resources = statement.resources
    if isinstance(resources, tuple) and _mentions(resources):
        resources = tuple(_resources(resources, request, version))
    conditions = statement.conditions
    if isinstance(conditions, tuple):
        conditions = tuple(_condition(condition, request, version) for condition in conditions)
    unchanged = resources is statement.resources and conditions == statement.conditions
    return statement if unchanged else replace(statement, resources=resources, conditions=conditions)


def _mentions(values: Iterable[Str]) -> bool:
    return any("${" in part for value in values for part in _parts(value) if isinstance(part, str))


def _parts(value: Str) -> tuple[str | Ref | Unresolved, ...]:
    return value.parts if isinstance(value, Text) else (value,)


def _condition(condition: Condition, request: Request, version: Known[str]) -> Condition:
    values = condition.values
    if not isinstance(values, tuple) or not _mentions(values) or not takes_variables(condition.operator):
        return condition
    found = (_expanded(value, request, version) for value in values)
    return replace(condition, values=tuple(value for value in found if value is not None))


def _resources(entries: tuple[Str, ...], request: Request, version: Known[str]) -> Iterator[Str]:
    for entry in entries:
        if version == _SINCE and _stands_early(entry):
            yield Unresolved("a policy variable stands before the resource part of the ARN")
            continue
        value = _expanded(entry, request, version)
        if value is not None:
            yield value


def _stands_early(entry: Str) -> bool:
    first = _parts(entry)[0]
    before, variable, _ = first.partition("${") if isinstance(first, str) else ("", "", "")
    return bool(variable) and before.count(":") < _RESOURCE_COLONS


def _expanded(value: Str, request: Request, version: Known[str]) -> Str | None:
    """Replace the variables in *value*; ``None`` if one of them has no value."""
    if version == _BEFORE:
        return join_text(part.replace("${", "${$}{") if isinstance(part, str) else part for part in _parts(value))
    if isinstance(version, Unresolved):
        return join_text(piece for part in _parts(value) for piece in _opened(part, version))
    if version != _SINCE:
        return value
    whole = isinstance(value, str) and _VARIABLE.fullmatch(value) is not None
    pieces: list[Str] = []
    length = 0
    for part in _parts(value):
        for piece in _replaced(part, request, whole=whole) if isinstance(part, str) else (part,):
            if piece is None:
                return None
            pieces.append(piece)
            length += len(piece) if isinstance(piece, str) else 1
            if length > LONGEST:
                return Unresolved(f"with its policy variables it is longer than {LONGEST} characters")
    return join_text(pieces)


def _opened(part: str | Ref | Unresolved, why: Unresolved) -> Iterator[Str]:
    """Open every variable and escape: they may be such or plain text."""
    if not isinstance(part, str):
        yield part
        return
    position = 0
    for found in _VARIABLE.finditer(part):
        yield part[position : found.start()]
        yield why
        position = found.end()
    yield part[position:]


def _replaced(text: str, request: Request, *, whole: bool) -> Iterator[Str | None]:
    position = 0
    for found in _VARIABLE.finditer(text):
        if found[1] in _ESCAPES:
            continue
        yield text[position : found.start()]
        value = _value(found[1], request)
        yield value if whole or value is None else _embedded(value)
        position = found.end()
    yield text[position:]


def _value(variable: str, request: Request) -> Str | None:
    """Return what stands for ``key`` or ``key, 'default'``, wildcards in it made plain characters."""
    name, comma, default = variable.partition(",")
    key = name.strip().lower()
    values = () if key in request.absent else request.context.get(key)
    if values is None:
        sure = key in ALWAYS_PRESENT
        return Unresolved((OF_THE_REQUEST if sure else PERHAPS_IN_REQUEST).said(key=key))
    if values:
        return _value_sent(key, values)
    return _default(default.strip()) if comma else None


def _value_sent(key: str, values: tuple[Str, ...]) -> Str:
    if values == ("",):
        return Unresolved(f"{key} is empty, and whether that counts as no value {UNDOCUMENTED.words}")
    if len(values) > 1:
        return Unresolved(f"{key} has several values and can't be a policy variable")
    return _plain(values[0])


def _default(quoted: str) -> Str:
    if len(quoted) < len("''") or not quoted[0] == quoted[-1] == "'" or _SPECIAL.search(quoted):
        return Unresolved("the default of a policy variable is odd")
    return quoted[1:-1]


def _plain(value: Str) -> Str:
    return join_text(_SPECIAL.sub(r"${\g<0>}", part) if isinstance(part, str) else part for part in _parts(value))


def _embedded(value: Str) -> Str:
    """Open a value inside of a longer text where it holds "this account" or Region: nobody knows its digits."""
    for symbol in (THIS_ACCOUNT, THIS_REGION):
        if any(isinstance(part, str) and symbol in part for part in _parts(value)):
            return Unresolved(f"the digits or name of {symbol} are not known")
    return value
