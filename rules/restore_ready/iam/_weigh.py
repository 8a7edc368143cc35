"""All that the policies say, weighed: an explicit Deny wins, then every stage must leave the request allowed.

What one stage needs is an "or" of Allows, and all stages together an "and": in three values, so that what is open
decides nothing unless the rest decides without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from restore_ready.iam._decision import Allowed, Cause, Denied, Undecided
from restore_ready.iam._identity import Authority, Decision, PolicyType, TracedStatement
from restore_ready.iam._principals import Naming
from restore_ready.iam._trace import Say, doubt, label
from restore_ready.model import Truth, Unresolved, all_true, any_true

ROOT_USER = Cause("", "root user", "Allow")
"""What allows an account's root user what no policy speaks of."""


class Need(Struct, frozen=True):
    """What one stage must answer for a request to be allowed.

    Attributes:
        lacking: says what is missing where it answers ``False``.
        grants: whether the stage gives a permission, rather than limiting one.
        open_at: the stage with what leaves it open, if that is another one.
    """

    policy_type: PolicyType
    answer: Truth
    lacking: str
    grants: bool = False
    open_at: PolicyType | None = None


Ways: TypeAlias = Callable[[Naming], Truth]


class Votes(Struct, frozen=True):
    """What the kinds of policy say, each by itself: whether it allows the request.

    Attributes:
        resource: what the resource policy allows to who is named in some way.
        limits: boundary and session policies; who is named directly in the resource's account passes them.
    """

    resource: Ways
    identity: Truth
    limits: tuple[Need, ...] = ()
    lacks_resource: str = "no resource policy allows it"


def needs(authority: Authority, votes: Votes, *, same_account: Truth) -> tuple[Need, ...]:
    """Return what must be answered with yes: IAM User Guide, "Policy evaluation logic", within and across accounts."""
    if same_account is True:
        return tuple(_within(authority, votes))
    across = tuple(_across(authority, votes))
    if same_account is False or all_true(need.answer for need in across) is True:
        return across
    within = tuple(_within(authority, votes))
    if all_true(need.answer for need in within) is False:
        return within
    return (*within, Need(PolicyType.RESOURCE, same_account, "", grants=True))


def _within(authority: Authority, votes: Votes) -> Iterator[Need]:
    direct, role, account = (votes.resource(way) for way in (Naming.DIRECT, Naming.ROLE, Naming.ACCOUNT))
    lacks = "no identity policy allows it"
    if authority is Authority.IDENTITY_POLICY:
        yield Need(PolicyType.IDENTITY, votes.identity, lacks, grants=True)
        yield from votes.limits
        return
    if authority is Authority.RESOURCE_POLICY:
        yield Need(PolicyType.RESOURCE, any_true([direct, role, account]), votes.lacks_resource, grants=True)
        lacks = "the resource policy leaves it to identity policies, and none allows it"
    named = any_true([direct, role])
    open_at = PolicyType.RESOURCE if isinstance(named, Unresolved) else None
    yield Need(PolicyType.IDENTITY, any_true([named, votes.identity]), lacks, grants=True, open_at=open_at)
    open_at = PolicyType.RESOURCE if isinstance(direct, Unresolved) else None
    for limit in votes.limits:
        yield Need(limit.policy_type, any_true([direct, limit.answer]), limit.lacking, open_at=open_at)


def _across(authority: Authority, votes: Votes) -> Iterator[Need]:
    if authority is Authority.IDENTITY_POLICY:
        yield Need(PolicyType.RESOURCE, answer=False, lacking="it works within one account only", grants=True)
    else:
        named = any_true(votes.resource(way) for way in Naming)
        yield Need(PolicyType.RESOURCE, named, f"it lies in another account, and {votes.lacks_resource}", grants=True)
    yield Need(PolicyType.IDENTITY, votes.identity, "no identity policy allows it", grants=True)
    yield from votes.limits


def weigh(says: Sequence[Say], needed: Iterable[Need], *, otherwise: Cause | None = None) -> Decision:
    """Decide by what the statements say and what the stages need.

    Args:
        says: of all stages, in their order.
        needed: in the order in which a lack of them is reported.
        otherwise: what allows the request where no statement does.
    """
    trace = tuple(say.step for say in says)
    denying = next((say for say in says if say.denies is True), None)
    if denying is not None:
        why = f"{label(denying.step)} denies it"
        return Decision(Denied(_cause(denying), why), denying.step.policy_type, trace)
    asked = tuple(needed)
    lack = next((need for need in asked if need.answer is False), None)
    if lack is not None:
        return Decision(Denied(None, lack.lacking), lack.policy_type, trace)
    granting = _granting(says)
    by = otherwise if granting is None else _cause(granting)
    policy_type = PolicyType.IDENTITY if granting is None else granting.step.policy_type
    for need in asked:
        if isinstance(need.answer, Unresolved):
            proven = all_true(need.answer for need in asked if need.grants) is True
            return Decision(Undecided(need.answer.why, by if proven else None), need.open_at or need.policy_type, trace)
    return _unless_denied(says, by, policy_type, trace=trace)


def _unless_denied(
    says: Iterable[Say], by: Cause | None, policy_type: PolicyType, *, trace: tuple[TracedStatement, ...]
) -> Decision:
    for say in says:
        if say.denies is not False:
            return Decision(Undecided(doubt(say.step).why, by), say.step.policy_type, trace)
    return Decision(Allowed(by or ROOT_USER), policy_type, trace)


def _granting(says: Sequence[Say]) -> Say | None:
    """Return the Allow that grants: to who is named directly, else an identity policy's, else to a role by its ARN."""
    granting = [
        say for say in says if say.step.policy_type in (PolicyType.RESOURCE, PolicyType.IDENTITY) and say.allows is True
    ]
    named = {way: [say for say in granting if say.allows_as(way) is True] for way in (Naming.DIRECT, Naming.ROLE)}
    own = [say for say in granting if say.step.policy_type is PolicyType.IDENTITY]
    return next(iter([*named[Naming.DIRECT], *own, *named[Naming.ROLE]]), None)


def _cause(say: Say) -> Cause:
    return Cause(say.step.policy_address, say.step.statement, say.step.effect)
