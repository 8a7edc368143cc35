"""The stored cases with the simulator's answers, and our own answers to them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tests.iam.differential import _pools as pools

from restore_ready import Place, Policy, PrincipalKind, Unresolved
from restore_ready.iam import (
    Allowed,
    Decision,
    Identity,
    Level,
    Request,
    TracedStatement,
    Undecided,
    evaluate,
    parse_document,
)

CASES: Final = Path(__file__).parent / "data" / "cases.jsonl.gz"
OTHERS: Final = CASES.with_name("others.json")
_ANYWHERE: Final = Place("main.tf", 1, 1)
_ABSENT: Final = frozenset(key.lower() for keys in (pools.KEYS, *pools.SERVICE_KEYS.values()) for key in keys) | {
    "aws:principaltag/none",
    "aws:tokenissuetime",
}

Case = dict[str, Any]
"""``who``, ``action``, ``on`` (an ARN), ``sent`` (condition keys beside those that follow from who asks and what), and
policies, each a list of statements: ``identity`` (several), ``boundary``, ``resource``, ``scp`` and ``rcp`` (one for
each level); ``old`` where identity policies are of version 2008-10-17."""


@lru_cache(maxsize=1)
def cases() -> tuple[tuple[str, Case, str], ...]:
    """Return each case's name, the case and the simulator's answer."""
    lines = gzip.decompress(CASES.read_bytes()).splitlines()
    return tuple((str(number), case, answer) for number, (case, answer) in enumerate(map(json.loads, lines)))


def account_of(arn: str) -> str:
    return arn.split(":")[4]


def context(case: Case) -> dict[str, str | list[str]]:
    """Return all condition keys that the request carries."""
    return {**dict(_implied(case["who"])), "aws:ResourceAccount": account_of(case["on"]), **case["sent"]}


def _implied(who: str) -> Iterator[tuple[str, str]]:
    yield "aws:SecureTransport", "true"
    if who == pools.SERVICE:
        yield "aws:PrincipalIsAWSService", "true"
        yield "aws:SourceAccount", pools.OWN
        yield "aws:SourceArn", f"arn:aws:backup:eu-west-1:{pools.OWN}:backup-plan:1"
        return
    yield "aws:PrincipalIsAWSService", "false"
    yield "aws:PrincipalArn", pools.PLAIN_ROLE if who == pools.SESSION else who
    yield "aws:PrincipalAccount", account_of(who)
    yield "aws:PrincipalType", "User" if who == pools.USER else "AssumedRole"
    yield "aws:userid", "AIDAEXAMPLE" if who == pools.USER else "AROAEXAMPLE:anna"
    if who == pools.USER:
        yield "aws:username", "anna"


def simulation(case: Case) -> dict[str, Any]:
    """Return a case as the simulator takes it."""
    found: dict[str, Any] = {
        "request": {
            "principal": case["who"],
            "action": case["action"],
            "resource": {"resource": case["on"], "accountId": account_of(case["on"])},
            "contextVariables": context(case),
        },
        "identityPolicies": [_named(f"i{n}", each, case) for n, each in enumerate(case["identity"])],
        "serviceControlPolicies": _levels("scp", case),
        "resourceControlPolicies": _levels("rcp", case),
    }
    if "boundary" in case:
        found["permissionBoundaryPolicies"] = [_named("boundary", case["boundary"])]
    if "resource" in case:
        found["resourcePolicy"] = document(case["resource"])
    return found


def document(statements: object, version: str = "2012-10-17") -> dict[str, object]:
    return {"Version": version, "Statement": statements}


def _version(case: Case) -> str:
    return "2008-10-17" if case.get("old") else "2012-10-17"


def _named(name: str, statements: object, case: Case | None = None) -> dict[str, object]:
    return {"name": name, "policy": document(statements, _version(case or {}))}


def _levels(kind: str, case: Case) -> list[dict[str, object]]:
    return [
        {"orgIdentifier": f"{kind}{n}", "policies": [_named(f"{kind}{n}", level)]}
        for n, level in enumerate(case.get(kind, ()))
    ]


def answer(case: Case, theirs: str) -> str:
    """Return our answer in the simulator's words, or that something is unknown, with the reason.

    Where we deny for want of an Allow, and the simulator for an explicit Deny that may apply for us too, that is so.
    """
    decision = _decision(case)
    outcome = decision.outcome
    if isinstance(outcome, Allowed):
        return "Allowed"
    if isinstance(outcome, Undecided):
        return f"unknown: {outcome.why}"
    if outcome.by is not None:
        return "ExplicitlyDenied"
    perhaps = (traced.applies.why for traced in decision.trace if _is_open_deny(traced))
    why = next(perhaps, "") if theirs == "ExplicitlyDenied" else ""
    return f"unknown whether explicitly: {why}" if why else "ImplicitlyDenied"


def _is_open_deny(traced: TracedStatement) -> bool:
    return traced.effect == "Deny" and isinstance(traced.applies, Unresolved)


def _decision(case: Case) -> Decision:
    sent = {key.lower(): tuple(value) if isinstance(value, list) else (value,) for key, value in context(case).items()}
    return evaluate(
        _identity(case),
        Request(case["action"], case["on"], context=sent, absent=_ABSENT - sent.keys()),
        resource_policy=_policy("resource", case["resource"]) if "resource" in case else None,
        resource_controls=_our_levels(case, "rcp", _FULL),
    )


def _identity(case: Case) -> Identity:
    who = case["who"]
    kind = None if who == pools.SERVICE else PrincipalKind.USER if who == pools.USER else PrincipalKind.ROLE
    return Identity(
        who,
        kind,
        tuple(_policy(f"i{n}", each, _version(case)) for n, each in enumerate(case["identity"])),
        boundary=_policy("boundary", case["boundary"]) if "boundary" in case else None,
        service_controls=_our_levels(case, "scp"),
    )


def _our_levels(case: Case, kind: str, *others: Policy) -> tuple[Level, ...]:
    return tuple(Level((*others, _policy(kind, level)), complete=True) for level in case.get(kind, ()))


def _policy(name: str, statements: Sequence[Mapping[str, object]], version: str = "2012-10-17") -> Policy:
    return Policy(name, _ANYWHERE, name, parse_document(document(statements, version)))


_FULL: Final = _policy("RCPFullAWSAccess", [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}])
"""Is always attached at every level."""
