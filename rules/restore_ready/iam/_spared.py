"""Is there a caller whom Deny statements spare, each by itself and all of them together?

A condition of a Deny spares whoever carries a value for which it does not hold. Of what a policy names, examples are
made and tried. That nobody is spared is proven only where all values that could be are known: those that a negated
operator lists, both truth values, the ends of address ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from itertools import chain, islice, product
from typing import Final

from msgspec.structs import replace

from restore_ready.iam._condition import ALWAYS_PRESENT, compares_literally, holds, lists_exceptions
from restore_ready.iam._request import Request
from restore_ready.model import (
    THIS_ACCOUNT,
    Condition,
    Ref,
    Str,
    Text,
    Truth,
    Unresolved,
    all_true,
    any_true,
    join_text,
    show,
)

PRINCIPAL_ARN: Final = "aws:principalarn"
_SOURCE_IP: Final = "aws:sourceip"
_FREE_TEXT: Final = ("aws:referer", "aws:useragent", "saml:", "sts:")
"""Beginnings of keys whose values may hold an asterisk; names and tags in IAM can't (IAM User Guide, "IAM and AWS
STS quotas")."""

_STRANGERS: Final = tuple(f"arn:aws:iam::{THIS_ACCOUNT}:{caller}" for caller in ("role/nobody", "user/nobody", "root"))
_BOOLEANS: Final = ("true", "false")
_ANY_VALUE: Final = Unresolved("which value the caller carries is not known")
_WILDCARDS: Final = re.compile(r"([*?])")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_PARTITION, _REGION, _ACCOUNT, _RESOURCE = 1, 3, 4, 5
_MOST_WAYS: Final = 1_000
"""Ways to be spared by several statements that are looked at."""


def spares_somebody(conditions: Sequence[Condition], request: Request) -> Truth:
    """Return whether a caller exists for whom none of *conditions*, all on one key, holds.

    Args:
        conditions: whose key is known, of Deny statements.
        request: what is known of every caller's request.
    """
    key = str(conditions[0].key).lower()
    given = chain(_examples(conditions, key), _edges(conditions, key), _strangers(conditions, key))
    caught = [_caught(conditions, _with(request, key, value)) for value in given]
    without: Truth = True
    if key not in ALWAYS_PRESENT and (key != _SOURCE_IP or any(map(_asks_presence, conditions))):
        without = _caught(conditions, replace(request, absent=request.absent | {key}))
    if without is False or False in caught:
        return True
    present = any_true(_catches_all(values, conditions, key, request) for values in _complete(conditions, key))
    if all_true([without, present]) is True:
        return False
    return Unresolved(f"whether {key} of some caller is spared is not known")


def together_spare_somebody(statements: Sequence[Sequence[Condition]], request: Request) -> Truth:
    """Return whether one caller may be spared by all *statements*, each by one of the conditions it is given with."""
    ways = product(*statements)
    answers = (_way_is_open(way, request) for way in islice(ways, _MOST_WAYS))
    found = any_true(answers)
    return True if found is False and next(ways, None) is not None else found


def _way_is_open(way: Iterable[Condition], request: Request) -> Truth:
    by_key: dict[str, list[Condition]] = {}
    for condition in way:
        by_key.setdefault(str(condition.key).lower(), []).append(condition)
    shared = [conditions for conditions in by_key.values() if len(conditions) > 1]
    return all_true(spares_somebody(conditions, request) for conditions in shared)


def _with(request: Request, key: str, value: Str) -> Request:
    caller = value.target if key == PRINCIPAL_ARN and isinstance(value, Ref) else ""
    return replace(request, context={**request.context, key: (value,)}, caller_address=caller)


def _caught(conditions: Iterable[Condition], request: Request) -> Truth:
    return any_true(holds(condition, request) for condition in conditions)


def _catches_all(values: Iterable[Str], conditions: Sequence[Condition], key: str, request: Request) -> Truth:
    return all_true(_caught(conditions, _with(request, key, value)) for value in values)


def _complete(conditions: Sequence[Condition], key: str) -> Iterator[Sequence[Str]]:
    """Yield sets of values of which the caller must carry one to be spared."""
    yield (_ANY_VALUE,)
    names = [condition.operator.lower() for condition in conditions]
    if any(name.startswith("bool") for name in names):
        yield _BOOLEANS
    if all("ipaddress" in name for name in names):
        yield tuple(_edges(conditions, key))
    for condition in conditions:
        if lists_exceptions(condition) and isinstance(condition.values, tuple):
            yield tuple(_exceptions(condition, key))


def _exceptions(condition: Condition, key: str) -> Iterator[Str]:
    """Yield what a negated operator lists, a pattern as a text of which parts are open."""
    for value in condition.values if isinstance(condition.values, tuple) else ():
        if not compares_literally(condition):
            yield from (_pattern(value, key, opened=True),) if _can_be_carried(value, key) else ()
        elif _can_be_carried(value, key, literal=True):
            yield value


def _examples(conditions: Sequence[Condition], key: str) -> Iterator[Str]:
    """Yield values that suit what the conditions list, one for each end that another pattern has as well."""
    for condition in conditions:
        values = condition.values if isinstance(condition.values, tuple) else ()
        if compares_literally(condition):
            yield from (value for value in values if _can_be_carried(value, key, literal=True))
            continue
        for value in (value for value in values if _can_be_carried(value, key)):
            yield _pattern(value, key, opened=True)
            yield from (_pattern(value, key, filling=end) for end in ("x", *_ends(conditions)))


def _strangers(conditions: Iterable[Condition], key: str) -> Sequence[Str]:
    """Return values that no policy names."""
    if any(condition.operator.lower().startswith("bool") for condition in conditions):
        return _BOOLEANS
    return _STRANGERS if key == PRINCIPAL_ARN else ("x",)


def _ends(conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        for value in condition.values if isinstance(condition.values, tuple) else ():
            if isinstance(value, str) and "*" in value:
                yield value.rpartition("*")[2]


def _can_be_carried(value: Str, key: str, *, literal: bool = False) -> bool:
    """Return whether some caller may carry *value*: no name has wildcards, and who is meant is told by a role's ARN.

    ``aws:PrincipalArn`` of a session is the ARN of its role (IAM User Guide, "aws:PrincipalArn").
    """
    if literal and _has_wildcard(value):
        return key.startswith(_FREE_TEXT)
    if key != PRINCIPAL_ARN or not isinstance(value, str) or "${" in value:
        return True
    told = value.lower()
    return ":assumed-role/" not in told and (told.startswith("arn:") or _has_wildcard(told))


def _has_wildcard(value: Str) -> bool:
    parts = value.parts if isinstance(value, Text) else (value,)
    return any(isinstance(part, str) and bool(set("*?") & set(part)) for part in parts)


def _pattern(value: Str, key: str, *, opened: bool = False, filling: str = "") -> Str:
    """Return *value* with what its wildcards stand for left open, or filled in."""
    if not isinstance(value, str) or "${" in value or not _has_wildcard(value):
        return value
    prefix = ""
    if key == PRINCIPAL_ARN and value.startswith("arn:") and value.count(":") >= _RESOURCE:
        fields = value.split(":", _RESOURCE)
        for at, known in ((_PARTITION, "aws"), (_REGION, ""), (_ACCOUNT, THIS_ACCOUNT)):
            fields[at] = known if _has_wildcard(fields[at]) else fields[at]
        prefix, value = ":".join(fields[:_RESOURCE]) + ":", fields[_RESOURCE]
    pieces = _WILDCARDS.split(value)
    many: Str = _ANY_VALUE if opened else filling
    signs: Mapping[str, Str] = {"*": many, "?": "x"}
    return join_text((prefix, *(signs.get(piece, piece) for piece in pieces)))


def _edges(conditions: Iterable[Condition], key: str) -> Iterator[str]:
    """Yield the ends of the address ranges and numbers that are listed, and what lies next to them.

    Between them nothing changes. IPv6 counts only where it is named.
    """
    for condition in conditions:
        for value in condition.values if isinstance(condition.values, tuple) else ():
            if "ipaddress" in condition.operator.lower():
                yield from _ends_of_range(show(value))
            elif _NUMBER.fullmatch(show(value)):
                yield from (str(int(show(value)) + step) for step in (-1, 0, 1))
    if key == _SOURCE_IP:
        yield from ("0.0.0.0", "255.255.255.255")  # noqa: S104  # addresses that callers have, not one to listen on


def _ends_of_range(text: str) -> Iterator[str]:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return
    first, last = network.network_address, network.broadcast_address
    yield from (str(first), str(last))
    if int(first):
        yield str(first - 1)
    if int(last) + 1 < 1 << network.max_prefixlen:
        yield str(last + 1)
    if network.version != 4:  # noqa: PLR2004  # the version of the protocol
        yield from ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")


def _asks_presence(condition: Condition) -> bool:
    return condition.operator.lower() == "null"
