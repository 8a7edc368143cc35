"""May this identity do it? All kinds of policies weighed together, as AWS does, with the statements that decided.

The order is that of the IAM User Guide, "Policy evaluation logic": an explicit Deny anywhere wins; then resource
control policies, service control policies, the resource's policy, identity policies, the permissions boundary and
session policies must each leave it allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.iam._caller import CallerKind, caller_of, in_own_account, with_caller
from restore_ready.iam._controls import control_verdicts
from restore_ready.iam._decision import Undecided
from restore_ready.iam._identity import Authority, Decision, Identity, Level, PolicyType
from restore_ready.iam._principals import Naming
from restore_ready.iam._request import Request
from restore_ready.iam._trace import Asked, Say, policy_label, possible, says_of
from restore_ready.iam._weigh import ROOT_USER, Need, Votes, Ways, needs, weigh
from restore_ready.model import Policy, PrincipalKind, Truth, Unresolved, any_true

_ASSUMING: Final = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")


def evaluate(
    identity: Identity,
    request: Request,
    *,
    resource_policy: Policy | Unresolved | None = None,
    resource_controls: Iterable[Level] = (),
    authority: Authority | None = None,
) -> Decision:
    """Decide whether *identity* may make *request*.

    What follows from who asks, such as ``aws:PrincipalArn`` and ``aws:username``, is known of the request as well,
    unless its context says otherwise. Resource and caller are of the same account unless their ARNs name different
    ones. Grants of KMS, access control lists and policies of VPC endpoints are not weighed.

    Args:
        identity: who asks.
        request: what is asked.
        resource_policy: the policy of the resource asked for, with its address for the trace; the trust policy for
            ``sts:AssumeRole``. ``None`` where the resource has none; for a KMS key, where it has the default one.
        resource_controls: the levels of resource control policies above the resource.
        authority: whose Allow is needed within one account; without, as is the case for the request's action.
    """
    case = _Case.of(identity, request, authority or authority_for(request.action))
    controls = control_verdicts(identity, tuple(resource_controls), case.asked)
    resource = () if case.authority is Authority.IDENTITY_POLICY else tuple(_resource_says(resource_policy, case.asked))
    own, votes = weigh_own(identity, case.asked)
    votes = Votes(
        _ways(resource, resource_policy, case),
        True if case.kind is CallerKind.ROOT else votes.identity,
        votes.limits,
        _lacks(resource_policy),
    )
    says = [*(say for level in controls for say in level.says), *resource, *own]
    if case.kind is CallerKind.UNKNOWN:
        return Decision(Undecided("who asks is not known"), PolicyType.IDENTITY, tuple(say.step for say in says))
    needed = [*(level.need for level in controls if level.need), *case.needs(votes)]
    return weigh(says, needed, otherwise=ROOT_USER if case.kind is CallerKind.ROOT else None)


def authority_for(action: str) -> Authority:
    """Return whose Allow *action* needs within one account.

    KMS key policies and trust policies must allow access themselves (IAM User Guide, "How AWS enforcement code logic
    evaluates requests"); IAM's own actions know no resource policy.
    """
    name = action.lower()
    if name.startswith(("kms:", *_ASSUMING)):
        return Authority.RESOURCE_POLICY
    return Authority.IDENTITY_POLICY if name.startswith("iam:") else Authority.EITHER


def weigh_own(identity: Identity, asked: Asked) -> tuple[list[Say], Votes]:
    """Return what the policies of the identity itself say, and what that amounts to."""
    asked = Asked(asked.request)
    granted = [*says_of(identity.policies, PolicyType.IDENTITY, asked)]
    granted += [possible(reason, PolicyType.IDENTITY) for reason in identity.unread]
    says, limits = list(granted), []
    for policy_type, limit in _limits(identity):
        found = (
            [possible(limit, policy_type)] if isinstance(limit, Unresolved) else [*says_of([limit], policy_type, asked)]
        )
        name = "" if isinstance(limit, Unresolved) else policy_label(limit.name, limit.address)
        limits.append(
            Need(policy_type, any_true(say.allows for say in found), f"{policy_type.value} {name} does not allow it")
        )
        says += found
    identity_allows = any_true(say.allows for say in granted)
    return says, Votes(lambda _: False, identity_allows, tuple(limits))


def _limits(identity: Identity) -> list[tuple[PolicyType, Policy | Unresolved]]:
    found: list[tuple[PolicyType, Policy | Unresolved]] = []
    if identity.boundary is not None and identity.kind is not PrincipalKind.GROUP:
        found.append((PolicyType.BOUNDARY, identity.boundary))
    return found + [(PolicyType.SESSION, policy) for policy in identity.session]


class _Case(Struct, frozen=True):
    """One request of one caller, prepared."""

    kind: CallerKind
    authority: Authority
    asked: Asked
    same_account: Truth

    @classmethod
    def of(cls, identity: Identity, request: Request, authority: Authority) -> _Case:
        caller = caller_of(identity)
        bounded: Truth = any(policy_type is PolicyType.BOUNDARY for policy_type, _ in _limits(identity))
        if isinstance(identity.boundary, Unresolved) and bounded is True:
            bounded = identity.boundary
        asked = Asked(with_caller(request, caller), caller, bounded)
        service = caller.kind is CallerKind.SERVICE
        same = True if service else in_own_account(caller, request)
        return cls(caller.kind, Authority.RESOURCE_POLICY if service else authority, asked, same)

    def needs(self, votes: Votes) -> tuple[Need, ...]:
        """Return what resource and identity must answer."""
        if self.kind is CallerKind.ROOT and self.asked.request.action.lower().startswith(_ASSUMING):
            return (Need(PolicyType.IDENTITY, answer=False, lacking="the root user can't assume roles", grants=True),)
        return needs(self.authority, votes, same_account=self.same_account)


def _resource_says(policy: Policy | Unresolved | None, asked: Asked) -> Iterator[Say]:
    if isinstance(policy, Unresolved):
        yield possible(policy, PolicyType.RESOURCE)
    elif policy is not None:
        yield from says_of([policy], PolicyType.RESOURCE, asked)


def _ways(says: Sequence[Say], policy: Policy | Unresolved | None, case: _Case) -> Ways:
    """Return what the resource's policy allows to each naming; roles and keys are never without a policy."""
    if policy is not None:
        return lambda way: any_true(say.allows_as(way) for say in says)
    action = case.asked.request.action.lower()
    if action.startswith(_ASSUMING):
        return lambda _: Unresolved("the trust policy of the role is not known")
    by_account = case.same_account if action.startswith("kms:") else False
    return lambda way: by_account if way is Naming.ACCOUNT else False


def _lacks(policy: Policy | Unresolved | None) -> str:
    if not isinstance(policy, Policy):
        return "no resource policy allows it"
    return f"{PolicyType.RESOURCE.value} {policy_label(policy.name, policy.address)}".rstrip() + " does not allow it"
