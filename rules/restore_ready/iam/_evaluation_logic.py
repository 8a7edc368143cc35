"""What follows from all statements together? A Deny wins, then each type of policy must leave it allowed.

What one type of policy must answer is an "or" of Allows, and all types together an "and": in three values, so that
what is open decides nothing unless the rest decides without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from restore_ready.iam._decision import Allowed, Cause, Denied, Undecided
from restore_ready.iam._identity import Authority, Decision, PolicyType, TracedStatement
from restore_ready.iam._principals import Naming
from restore_ready.iam._statement_results import StatementResult, label, why_open
from restore_ready.model import Truth, Unresolved, all_true, any_true

ROOT_USER = Cause("", "root user", "Allow")
"""What allows an account's root user what no policy speaks of."""

AllowsNamed: TypeAlias = Callable[[Naming], Truth]
"""Whether the resource policy allows the request to a caller whom its statements name in some way."""


class RequiredAllow(Struct, frozen=True):
    """An Allow that one type of policy must give for a request to be allowed.

    Attributes:
        answer: whether it gives it.
        lacking: says what is missing where it answers ``False``.
        grants: whether policies of the type give a permission, rather than limiting one.
        open_at: the type of policy that leaves it open, if that is another one.
    """

    policy_type: PolicyType
    answer: Truth
    lacking: str
    grants: bool = False
    open_at: PolicyType | None = None


class AllowsByType(Struct, frozen=True):
    """Whether each type of policy by itself allows the request.

    Attributes:
        boundary: of the permissions boundary, if there is one; who is named directly in the resource's account passes
            it.
        lacks_resource: says that the resource policy does not.
    """

    resource: AllowsNamed
    identity: Truth
    boundary: RequiredAllow | None = None
    lacks_resource: str = "no resource policy allows it"


def required_allows(authority: Authority, allows: AllowsByType, *, same_account: Truth) -> tuple[RequiredAllow, ...]:
    """Return what must be answered with yes: IAM User Guide, "Policy evaluation logic", within and across accounts."""
    if same_account is True:
        return tuple(_within(authority, allows))
    across = tuple(_across(authority, allows))
    if same_account is False or all_true(required.answer for required in across) is True:
        return across
    within = tuple(_within(authority, allows))
    if all_true(required.answer for required in within) is False:
        return within
    return (*within, RequiredAllow(PolicyType.RESOURCE, same_account, "", grants=True))


def _within(authority: Authority, allows: AllowsByType) -> Iterator[RequiredAllow]:
    direct, role, account = (allows.resource(naming) for naming in (Naming.DIRECT, Naming.ROLE, Naming.ACCOUNT))
    lacks = "no identity policy allows it"
    if authority is Authority.IDENTITY_POLICY:
        yield RequiredAllow(PolicyType.IDENTITY, allows.identity, lacks, grants=True)
        if allows.boundary is not None:
            yield allows.boundary
        return
    if authority is Authority.RESOURCE_POLICY:
        by_resource = any_true([direct, role, account])
        yield RequiredAllow(PolicyType.RESOURCE, by_resource, allows.lacks_resource, grants=True)
        lacks = "the resource policy leaves it to identity policies, and none allows it"
    named = any_true([direct, role])
    open_at = PolicyType.RESOURCE if isinstance(named, Unresolved) else None
    yield RequiredAllow(PolicyType.IDENTITY, any_true([named, allows.identity]), lacks, grants=True, open_at=open_at)
    if allows.boundary is not None:
        answer = any_true([direct, allows.boundary.answer])
        open_at = PolicyType.RESOURCE if isinstance(direct, Unresolved) else None
        yield RequiredAllow(PolicyType.BOUNDARY, answer, allows.boundary.lacking, open_at=open_at)


def _across(authority: Authority, allows: AllowsByType) -> Iterator[RequiredAllow]:
    if authority is Authority.IDENTITY_POLICY:
        yield RequiredAllow(PolicyType.RESOURCE, answer=False, lacking="it works within one account only", grants=True)
    else:
        named = any_true(allows.resource(naming) for naming in Naming)
        lacking = f"it lies in another account, and {allows.lacks_resource}"
        yield RequiredAllow(PolicyType.RESOURCE, named, lacking, grants=True)
    yield RequiredAllow(PolicyType.IDENTITY, allows.identity, "no identity policy allows it", grants=True)
    if allows.boundary is not None:
        yield allows.boundary


def combine(
    results: Sequence[StatementResult], required: Iterable[RequiredAllow], *, otherwise: Cause | None = None
) -> Decision:
    """Return what follows from what the statements answer and what the types of policy must allow.

    Args:
        results: of all types of policy, in the order of `PolicyType`.
        required: in the order in which a lack of them is reported.
        otherwise: what allows the request where no statement does.
    """
    trace = tuple(result.traced for result in results)
    denying = next((result for result in results if result.denies is True), None)
    if denying is not None:
        why = f"{label(denying.traced)} denies it"
        return Decision(Denied(_cause(denying), why), denying.traced.policy_type, trace)
    every = tuple(required)
    lack = next((allow for allow in every if allow.answer is False), None)
    if lack is not None:
        return Decision(Denied(None, lack.lacking), lack.policy_type, trace)
    granting = _granting(results)
    by = otherwise if granting is None else _cause(granting)
    policy_type = PolicyType.IDENTITY if granting is None else granting.traced.policy_type
    for allow in every:
        if isinstance(allow.answer, Unresolved):
            proven = all_true(grant.answer for grant in every if grant.grants) is True
            undecided = Undecided(allow.answer.why, by if proven else None)
            return Decision(undecided, allow.open_at or allow.policy_type, trace)
    return _unless_denied(results, by, policy_type, trace=trace)


def _unless_denied(
    results: Iterable[StatementResult],
    by: Cause | None,
    policy_type: PolicyType,
    *,
    trace: tuple[TracedStatement, ...],
) -> Decision:
    for result in results:
        if result.denies is not False:
            return Decision(Undecided(why_open(result.traced).why, by), result.traced.policy_type, trace)
    return Decision(Allowed(by or ROOT_USER), policy_type, trace)


def _granting(results: Sequence[StatementResult]) -> StatementResult | None:
    """Return the Allow that grants: to who is named directly, else an identity policy's, else to a role by its ARN."""
    granting = [
        result
        for result in results
        if result.traced.policy_type in (PolicyType.RESOURCE, PolicyType.IDENTITY) and result.allows is True
    ]
    direct, role = (
        [result for result in granting if result.allows_named(naming) is True]
        for naming in (Naming.DIRECT, Naming.ROLE)
    )
    own = [result for result in granting if result.traced.policy_type is PolicyType.IDENTITY]
    return next(iter([*direct, *own, *role]), None)


def _cause(result: StatementResult) -> Cause:
    traced = result.traced
    return Cause(traced.policy_address, traced.statement, traced.effect, traced.focus)
