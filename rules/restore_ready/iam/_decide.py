"""May a principal do it? Identity policies and boundary weighed together.

As the IAM User Guide's "Policy evaluation logic" has it: an explicit Deny wins, then an Allow is needed. What could not
be read may allow and may deny.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from restore_ready._model import Policy
from restore_ready._policy import PolicyDocument, StatementEntry
from restore_ready._values import Str, Unresolved
from restore_ready.iam._request import Request
from restore_ready.iam._statement import statement_applies


@dataclass(frozen=True, slots=True)
class Cause:
    """The statement that decided: its policy's address, its Sid or else its index from 0, and its effect."""

    policy_address: str
    statement: str
    effect: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Some statement allows it and nothing denies it."""

    by: Cause


@dataclass(frozen=True, slots=True)
class Denied:
    """Not allowed: by an explicit Deny, or, where *by* is ``None``, because nothing allows it; *why* says which."""

    by: Cause | None
    why: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """It depends on what is not known. *allowed_by* is the Allow that was proven, with only a Deny left to exclude."""

    why: str
    allowed_by: Cause | None = None


Decision: TypeAlias = Allowed | Denied | Undecided


@dataclass(slots=True)
class _Findings:
    """What the statements of some policies say about one request."""

    allow: Cause | None = None
    deny: Cause | None = None
    perhaps_allow: list[str] = field(default_factory=list)
    perhaps_deny: list[str] = field(default_factory=list)


def decide(
    policies: Iterable[Policy],
    request: Request,
    *,
    boundary: Policy | Unresolved | None = None,
    unread: Iterable[Unresolved] = (),
) -> Decision:
    """Decide whether a principal with these identity *policies* may make *request*.

    Args:
        policies: every identity policy attached to the principal.
        request: what is asked.
        boundary: its permissions boundary, which has to allow the request as well.
        unread: reasons why it may hold further policies; these may allow and may deny.
    """
    findings = _Findings()
    for policy in policies:
        _note(findings, policy, request)
    for one in unread:
        findings.perhaps_allow.append(one.why)
        findings.perhaps_deny.append(one.why)
    decision = _weigh(findings)
    return decision if boundary is None else _within(decision, boundary, request)


def decide_for(principal: Str, document: PolicyDocument, request: Request) -> Decision:
    """Decide by a resource or trust policy alone whether *principal*, an ARN or a service name, may make *request*."""
    findings = _Findings()
    for entry in document.statements:
        _note_entry(findings, entry, "", request, principal)
    return _weigh(findings)


def _note(findings: _Findings, policy: Policy, request: Request) -> None:
    if isinstance(policy.document, Unresolved):
        _note_entry(findings, policy.document, policy.address, request, None)
        return
    for entry in policy.document.statements:
        _note_entry(findings, entry, policy.address, request, None)


def _note_entry(
    findings: _Findings, entry: StatementEntry, address: str, request: Request, principal: Str | None
) -> None:
    if isinstance(entry, Unresolved):
        findings.perhaps_allow.append(entry.why)
        findings.perhaps_deny.append(entry.why)
        return
    applies = statement_applies(entry, request, principal=principal)
    if applies is False:
        return
    if isinstance(entry.effect, Unresolved):
        findings.perhaps_allow.append(entry.effect.why)
        findings.perhaps_deny.append(entry.effect.why)
    elif isinstance(applies, Unresolved):
        (findings.perhaps_allow if entry.effect == "Allow" else findings.perhaps_deny).append(applies.why)
    else:
        _note_cause(findings, Cause(address, entry.sid or str(entry.index), entry.effect))


def _note_cause(findings: _Findings, cause: Cause) -> None:
    if cause.effect == "Allow":
        findings.allow = findings.allow or cause
    else:
        findings.deny = findings.deny or cause


def _weigh(findings: _Findings) -> Decision:
    if findings.deny:
        return Denied(findings.deny, f"{_label(findings.deny)} denies it")
    if findings.allow:
        doubts = findings.perhaps_deny
        return Undecided(doubts[0], findings.allow) if doubts else Allowed(findings.allow)
    if findings.perhaps_allow:
        return Undecided(findings.perhaps_allow[0])
    return Denied(None, "no statement allows it")


def _within(decision: Decision, boundary: Policy | Unresolved, request: Request) -> Decision:
    """Narrow *decision* by a permissions boundary, which never grants anything by itself."""
    if isinstance(decision, Denied) and decision.by:
        return decision
    limit = Undecided(boundary.why) if isinstance(boundary, Unresolved) else decide([boundary], request)
    if isinstance(limit, Denied) and limit.by:
        return limit
    if isinstance(decision, Denied):
        return decision
    if isinstance(limit, Denied):
        return Denied(None, "the permissions boundary does not allow it")
    if isinstance(limit, Undecided):
        return Undecided(limit.why, decision.by if isinstance(decision, Allowed) else decision.allowed_by)
    return decision


def _label(cause: Cause) -> str:
    statement = f"statement {cause.statement}"
    return f"{statement} of {cause.policy_address}" if cause.policy_address else statement
