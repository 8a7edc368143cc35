"""Does a Condition hold for a request? All operators of the IAM User Guide, "Condition operators"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam._arns import (
    arn_like,
    names_caller,
    string_equals,
    string_equals_any_case,
    string_matches,
)
from restore_ready.iam._glob import equals
from restore_ready.iam._request import Request
from restore_ready.model import Condition, Ref, Str, Truth, Unresolved, all_true, any_true, negate, unresolved_reason
from restore_ready.model._why_open import OF_THE_REQUEST

_Test: TypeAlias = Callable[[Str, Str], Truth]

ALWAYS_PRESENT: Final = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principaltype",
        "aws:securetransport",
        "aws:userid",
    },
)
"""Keys that every signed request carries (IAM User Guide, "AWS global condition context keys": Availability)."""

_MULTIVALUED: Final = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    },
)
"""Keys with "Value type: Multivalued" in the same list. They require a set operator."""

_DECIMAL: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_W3C_DATE: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})"
    r"(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?"
)
_HOUR, _FRACTION = 4, 7
_ANY, _ALL, _IF_EXISTS = "foranyvalue:", "forallvalues:", "ifexists"


class _Operator(Struct, frozen=True):
    """An operator taken apart: the plain test, whether it is negated, and its modifiers."""

    test: _Test
    negated: bool
    quantifier: str
    if_exists: bool


def holds(condition: Condition, request: Request) -> Truth:
    """Return whether *condition* holds for *request*.

    One of the policy's values is enough for a positive operator and refutes a negated one. Without the key, positive
    operators fail and negated ones hold. What depends on a key that the request may or may not carry is open, and so
    is what compares several values of the request without ``ForAllValues`` or ``ForAnyValue``.
    """
    if not isinstance(condition.key, str):
        return Unresolved(unresolved_reason(condition.key))
    if isinstance(condition.values, Unresolved):
        return condition.values
    key, name = condition.key.lower(), condition.operator.lower()
    if name == "null":
        return _is_null(key, condition.values, request)
    operator = _operator(name)
    if isinstance(operator, Unresolved):
        return operator
    if key == "aws:principalarn" and request.caller_address:
        operator = replace(operator, test=_knowing_caller(operator.test, request.caller_address))
    return _answer(operator, key, condition.values, request)


def knows_operator(condition: Condition) -> bool:
    """Return whether IAM has the condition's operator."""
    name = condition.operator.lower()
    return name == "null" or not isinstance(_operator(name), Unresolved)


def compares_literally(condition: Condition) -> bool:
    """Return whether wildcards in the condition's values are plain characters: in ``StringEquals`` and the like."""
    operator = _operator(condition.operator.lower())
    return not isinstance(operator, Unresolved) and operator.test not in (arn_like, string_matches)


def lists_exceptions(condition: Condition) -> bool:
    """Return whether the condition holds for all values but those that it lists: ``StringNotLike`` and the like."""
    operator = _operator(condition.operator.lower())
    if isinstance(operator, Unresolved) or operator.quantifier:
        return False
    return operator.negated and operator.test in (arn_like, string_matches, string_equals, string_equals_any_case)


def takes_variables(operator: str) -> bool:
    """Return whether policy variables count in the values of *operator* (IAM User Guide, "Variables and tags")."""
    name = operator.lower()
    plain = name[len(next((prefix for prefix in (_ANY, _ALL) if name.startswith(prefix)), "")) :]
    return plain.startswith(("string", "arn", "bool"))


def _knowing_caller(test: _Test, address: str) -> _Test:
    """Return *test* for the caller's ARN, to which the policy may refer as a resource of the estate."""
    return lambda wanted, value: names_caller(wanted, address) if isinstance(wanted, Ref) else test(wanted, value)


def _answer(operator: _Operator, key: str, wanted: tuple[Str, ...], request: Request) -> Truth:
    if key in request.absent:
        return _without_key(operator)
    given = request.context.get(key)
    if given != () and not operator.quantifier and (key in _MULTIVALUED or len(given or ()) > 1):
        return Unresolved(f"{key} has several values, which only ForAllValues and ForAnyValue compare")
    if given is not None:
        return _with_values(operator, wanted, given)
    present = _with_values(operator, wanted, (Unresolved(OF_THE_REQUEST.said(key=key)),))
    if key in ALWAYS_PRESENT or isinstance(present, Unresolved) or present == _without_key(operator):
        return present
    return Unresolved(f"whether the request carries {key} is not known")


def _is_null(key: str, values: tuple[Str, ...], request: Request) -> Truth:
    if key in request.absent or request.context.get(key) == ():
        state: Str = "true"
    elif key in request.context or key in ALWAYS_PRESENT:
        state = "false"
    else:
        state = Unresolved(f"whether the request carries {key} is not known")
    return any_true(equals(value, state, fold_case=True) for value in values)


def _operator(name: str) -> _Operator | Unresolved:
    quantifier = next((prefix for prefix in (_ANY, _ALL) if name.startswith(prefix)), "")
    base = name[len(quantifier) :]
    if_exists = base.endswith(_IF_EXISTS)
    base = base.removesuffix(_IF_EXISTS)
    if base in _TESTS:
        return _Operator(_TESTS[base], negated=False, quantifier=quantifier, if_exists=if_exists)
    if base in _NEGATED:
        return _Operator(_TESTS[_NEGATED[base]], negated=True, quantifier=quantifier, if_exists=if_exists)
    return Unresolved(f"the condition operator {name[:40]!r} is not known")


def _without_key(operator: _Operator) -> bool:
    """Return what an operator answers without values: the set operators theirs, ``IfExists`` or not.

    The user guide does not say that ``ForAnyValue`` counts more than ``IfExists``; requests to AWS have shown it (AWS
    re:Post, "ForAnyValue:StringEqualsIfExists behaving unexpectedly").
    """
    if operator.quantifier:
        return operator.quantifier == _ALL
    return operator.negated or operator.if_exists


def _with_values(operator: _Operator, wanted: tuple[Str, ...], given: tuple[Str, ...]) -> Truth:
    """Compare; to set operators, an empty string alone counts as no value ("null data set")."""
    if not given or (operator.quantifier and given == ("",)):
        return _without_key(operator)
    answers = (_one_value(operator, wanted, value) for value in given)
    every = operator.quantifier == _ALL or (operator.negated and not operator.quantifier)
    answer = all_true(answers) if every else any_true(answers)
    return _if_not_empty(operator, answer, given) if operator.quantifier else answer


def _if_not_empty(operator: _Operator, answer: Truth, given: tuple[Str, ...]) -> Truth:
    """Open what a set operator answers of a single unknown value, if it answers otherwise of an empty one."""
    perhaps_empty = len(given) == 1 and isinstance(equals("", given[0]), Unresolved)
    if perhaps_empty and answer is not _without_key(operator):
        return Unresolved(unresolved_reason(given[0]))
    return answer


def _one_value(operator: _Operator, wanted: tuple[Str, ...], value: Str) -> Truth:
    answer = any_true(operator.test(expected, value) for expected in wanted)
    return negate(answer) if operator.negated else answer


def _same_bool(wanted: Str, value: Str) -> Truth:
    return equals(wanted, value, fold_case=True)


def _in_network(wanted: Str, value: Str) -> Truth:
    if not isinstance(wanted, str) or not isinstance(value, str):
        return Unresolved(unresolved_reason(wanted) or unresolved_reason(value))
    try:
        return ip_address(value) in ip_network(wanted, strict=False)
    except ValueError as error:
        return Unresolved(f"not an address range: {error}")


def _number(text: str) -> float:
    """Return a decimal number, exact where it is whole.

    Raises:
        ValueError: if it is not one, or one of thousands of digits.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        msg = f"{text[:40]!r} is not a number"
        raise ValueError(msg)
    return float(text) if found[1] else int(text)


def _moment(text: str) -> float:
    """Return seconds since 1970 of an ISO 8601 date, as W3C profiles it, or of a number of seconds.

    Raises:
        ValueError: if it is neither, or could be both: a year alone.
    """
    found = _W3C_DATE.fullmatch(text)
    if found is None:
        if len(text) == len("2026"):
            msg = f"{text!r} may be a year or seconds"
            raise ValueError(msg)
        return _number(text)
    year, month, day, hour, minute, second = (int(found[n] or 1 * (n < _HOUR)) for n in range(1, _FRACTION))
    shift = timedelta(minutes=0 if found[8] in (None, "Z") else _minutes(found[8]))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc) - shift
    return moment.timestamp() + float(found[_FRACTION] or 0)


def _minutes(offset: str) -> int:
    sign = -1 if offset[0] == "-" else 1
    return sign * (int(offset[1:3]) * 60 + int(offset[4:6]))


def _ordered(convert: Callable[[str], float], accept: Callable[[float, float], bool]) -> _Test:
    """Return a test that converts both sides and asks *accept* of the request's value and the policy's."""

    def test(wanted: Str, value: Str) -> Truth:
        if not isinstance(wanted, str) or not isinstance(value, str):
            return Unresolved(unresolved_reason(wanted) or unresolved_reason(value))
        try:
            return accept(convert(value), convert(wanted))
        except (ValueError, OverflowError, OSError) as error:
            return Unresolved(f"not to be compared: {error}")

    return test


_ORDERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "equals": lambda value, limit: value == limit,
    "lessthan": lambda value, limit: value < limit,
    "lessthanequals": lambda value, limit: value <= limit,
    "greaterthan": lambda value, limit: value > limit,
    "greaterthanequals": lambda value, limit: value >= limit,
}

_TESTS: Final[dict[str, _Test]] = {
    "stringequals": string_equals,
    "stringequalsignorecase": string_equals_any_case,
    "stringlike": string_matches,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "bool": _same_bool,
    "binaryequals": string_equals,
    "ipaddress": _in_network,
    **{f"numeric{name}": _ordered(_number, accept) for name, accept in _ORDERS.items()},
    **{f"date{name}": _ordered(_moment, accept) for name, accept in _ORDERS.items()},
}

_NEGATED: Final[dict[str, str]] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
