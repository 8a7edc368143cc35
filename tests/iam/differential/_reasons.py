"""Why an answer is not the simulator's. "Guide" is the IAM User Guide, with the title of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from tests.iam.differential._iam_cases import Case, context

_OPEN: Final = {
    "the role's session is": (
        "ours is open: a role asks, and a policy names one session of it. Every request of a role comes from some"
        " session (guide, 'Principal'); the simulator takes the role for none."
    ),
    "the path of the role": (
        "ours is open: a session's ARN does not tell the path of its role (guide, 'IAM identifiers'), which the policy"
        " names; the simulator takes any path for it."
    ),
    "NotPrincipal does not certainly": (
        "ours is open: NotPrincipal names the caller without its account or the account without the caller, and what"
        " follows depends on the service (guide, 'NotPrincipal'); the simulator spares both."
    ),
    "only ForAllValues and ForAnyValue": (
        "ours is open: multivalued keys require a set operator (guide, 'Single-valued vs. multivalued context keys'),"
        " and what comes out without is not said; for the simulator nothing matches, not even negated operators."
    ),
    "is not a number": (
        "ours is open: numbers are integers and decimals (guide, 'Condition operators'); of '1e3' the simulator takes"
        " the first digit."
    ),
    "its parts can't be told apart": (
        "ours is open: ARN operators compare six parts one by one (guide, 'Condition operators'); that fewer match"
        " nothing, as the simulator has it, is not said."
    ),
    "is empty, and whether": (
        "ours is open: whether a tag with an empty value is a variable without value (guide, 'Policy elements:"
        " Variables and tags') is not said; the simulator leaves the variable as it is written."
    ),
}
"""By a part of our own reason."""

_NETWORK: Final = (
    "the simulator's fault: 0.0.0.0/0 takes in every IPv4 address (RFC 4632); it shifts 32 bits by 32, which leaves"
    " them as they are, and compares the whole address."
)
_NO_VALUE: Final = (
    "the simulator's fault: a variable without value is null, and negated operators match null (guide, 'Policy"
    " elements: Variables and tags', 'Policy variables with no value'); there they fail."
)
_OLD: Final = (
    "the simulator's fault: in policies of version 2008-10-17 variables are plain text (guide, 'Version'); it replaces"
    " them."
)
_NULL_SET: Final = (
    "the simulator's fault: where the key has only an empty string, ForAllValues holds and ForAnyValue fails (guide,"
    " 'Single-valued vs. multivalued context keys': null data set); it compares the empty string."
)
_SECONDS: Final = (
    "the simulator's fault: dates may be seconds since 1970 (guide, 'Condition operators'); it compares them with the"
    " milliseconds that it makes of other dates."
)
_FAMILY: Final = (
    "the simulator's fault: NotIpAddress takes in every address but those listed (guide, 'Condition operators'), so one"
    " of IPv6 where IPv4 is listed; there a single address of the other family takes in none, while a range does."
)
_SHORT: Final = (
    "the simulator's fault: NotResource takes in every resource but those listed (guide, 'NotResource'), also where"
    " they are listed by an ARN of fewer parts with an asterisk; there such an ARN makes it take in none."
)

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9:/]+)\}")
_NOTHING: Final = "arn:aws:none:::none"
"""Equals nothing that a request holds."""
_EPOCH: Final = "1780315200"
_ADDRESS: Final = "10.1.2.3"
_SHORT_ARN: Final = "arn:aws:backup:*"
_EMPTY: Final = {"", "['']"}
REASONS: Final = {*_OPEN.values(), _NETWORK, _NO_VALUE, _OLD, _NULL_SET, _SECONDS, _FAMILY, _SHORT}


def why_open(ours: str) -> str:
    """Return why ours is open where the simulator decides.

    Raises:
        StopIteration: if that is not on the list.
    """
    return next(text for part, text in _OPEN.items() if part in ours)


def suspects(case: Case) -> list[str]:
    """Return what may be the reason why both decide, and otherwise."""
    policies = json.dumps({**case, "sent": None})
    values = _values(case)
    used = _names(policies)
    suspected = (
        (_NETWORK, "IpAddress" in policies and "0.0.0.0/0" in policies),
        (_OLD, "old" in case and "${" in policies),
        (_SECONDS, _EPOCH in policies),
        (_FAMILY, "NotIpAddress" in policies and f'"{_ADDRESS}"' in policies),
        (_SHORT, "NotResource" in policies and _SHORT_ARN in policies),
        (_NO_VALUE, "Not" in policies and any(name not in values for name in used)),
        (_NULL_SET, '"ForA' in policies and any(str(value) in _EMPTY for value in values.values())),
    )
    return [text for text, fits in suspected if fits]


def mended(case: Case, text: str) -> Case:
    """Return the case without what a reason blames: if that is the reason, both answer it alike."""
    values = _values(case)
    if text == _NULL_SET:
        return {**case, "sent": {key: value for key, value in case["sent"].items() if str(value) not in _EMPTY}}
    if text == _OLD:
        return _rewritten({key: value for key, value in case.items() if key != "old"}, _without_variables)
    rewrites: dict[str, Callable[[str], object]] = {
        _NETWORK: lambda entry: ["0.0.0.0/1", "128.0.0.0/1"] if entry == "0.0.0.0/0" else entry,
        _NO_VALUE: lambda entry: _NOTHING if any(name not in values for name in _names(entry)) else entry,
        _SECONDS: lambda entry: "2026-06-01T12:00:00Z" if entry == _EPOCH else entry,
        _FAMILY: lambda entry: f"{_ADDRESS}/32" if entry == _ADDRESS else entry,
        _SHORT: lambda entry: f"{_SHORT_ARN}:*:*" if entry == _SHORT_ARN else entry,
    }
    return _rewritten(case, rewrites[text])


def _values(case: Case) -> dict[str, object]:
    return {key.lower(): value for key, value in context(case).items()}


def _names(entry: str) -> list[str]:
    return [name.lower() for name in _VARIABLE.findall(entry)]


def _without_variables(entry: str) -> str:
    return entry.replace("${", "${$}{")


def _rewritten(case: Case, rewrite: Callable[[str], object]) -> Case:
    kept = {key: case[key] for key in ("who", "action", "on", "sent")}
    return {**{key: _walk(value, rewrite) for key, value in case.items()}, **kept}


def _walk(tree: object, rewrite: Callable[[str], object]) -> object:
    if isinstance(tree, dict):
        return {key: _walk(value, rewrite) for key, value in tree.items()}
    if isinstance(tree, list):
        found = [_walk(entry, rewrite) for entry in tree]
        return [entry for each in found for entry in (each if _is_split(each) else [each])]
    return rewrite(tree) if isinstance(tree, str) else tree


def _is_split(entry: object) -> bool:
    return isinstance(entry, list) and "0.0.0.0/1" in entry
