"""May this identity do it, by all kinds of policy together, and which statements decided?

The order is that of the IAM User Guide, "Policy evaluation logic": an explicit Deny anywhere wins; then resource
control policies, service control policies, the resource's policy, identity policies and the permissions boundary must
each leave it allowed. Session policies exist in a running session only and are never in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.iam._caller import CallerKind, caller_of, in_own_account, with_caller
from restore_ready.iam._control_policies import control_levels
from restore_ready.iam._decision import Outcome, Undecided
from restore_ready.iam._evaluation_logic import (
    ROOT_USER,
    AllowsByType,
    AllowsNamed,
    RequiredAllow,
    combine,
    required_allows,
)
from restore_ready.iam._identity import Authority, Decision, Identity, Level, PolicyType
from restore_ready.iam._principals import Naming
from restore_ready.iam._request import Request
from restore_ready.iam._statement_results import (
    RequestContext,
    StatementResult,
    policy_label,
    results_of,
    unread_policy,
)
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
    """Return whether *identity* may make *request*, and why.

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
    evaluation = _Evaluation.of(identity, request, authority or authority_for(request.action))
    levels = control_levels(identity, tuple(resource_controls), evaluation.context)
    resource = tuple(evaluation.resource_results(resource_policy))
    own = _OwnPolicies.of(identity, evaluation.context.request)
    results = [*(result for level in levels for result in level.results), *resource, *own.results]
    if evaluation.caller_kind is CallerKind.UNKNOWN:
        trace = tuple(result.traced for result in results)
        return Decision(Undecided("who asks is not known"), PolicyType.IDENTITY, trace)
    is_root = evaluation.caller_kind is CallerKind.ROOT
    allows = AllowsByType(
        evaluation.resource_allows(resource, resource_policy),
        True if is_root else own.allows,
        own.boundary,
        _lacks(resource_policy),
    )
    required = [*(level.required for level in levels if level.required), *evaluation.required(allows)]
    return combine(results, required, otherwise=ROOT_USER if is_root else None)


def decide(
    policies: Iterable[Policy],
    request: Request,
    *,
    boundary: Policy | Unresolved | None = None,
    unread: Iterable[Unresolved] = (),
) -> Outcome:
    """Return whether a principal with these identity *policies* may make *request*, whoever it is.

    Of the request only is known what it says itself. `evaluate` weighs everything that is known of who asks.

    Args:
        policies: every identity policy attached to the principal.
        request: what is asked.
        boundary: its permissions boundary, which has to allow the request as well.
        unread: reasons why it may hold further policies; these may allow and may deny.
    """
    nobody = Identity(Unresolved("who asks is not given"), None, tuple(policies), tuple(unread), boundary)
    own = _OwnPolicies.of(nobody, request)
    allows = AllowsByType(lambda _: False, own.allows, own.boundary)
    return combine(own.results, required_allows(Authority.EITHER, allows, same_account=True)).outcome


def authority_for(action: str) -> Authority:
    """Return whose Allow *action* needs within one account.

    KMS key policies and trust policies must allow access themselves (IAM User Guide, "How AWS enforcement code logic
    evaluates requests"); IAM's own actions know no resource policy.
    """
    name = action.lower()
    if name.startswith(("kms:", *_ASSUMING)):
        return Authority.RESOURCE_POLICY
    return Authority.IDENTITY_POLICY if name.startswith("iam:") else Authority.EITHER


class _OwnPolicies(Struct, frozen=True):
    """What the policies of the identity itself answer: each statement, and identity policies and boundary as wholes."""

    results: tuple[StatementResult, ...]
    allows: Truth
    boundary: RequiredAllow | None = None

    @classmethod
    def of(cls, identity: Identity, request: Request) -> _OwnPolicies:
        context = RequestContext(request)
        granting = (
            *results_of(identity.policies, PolicyType.IDENTITY, context),
            *(unread_policy(reason, PolicyType.IDENTITY) for reason in identity.unread),
        )
        allows = any_true(result.allows for result in granting)
        boundary = _boundary_of(identity)
        if boundary is None:
            return cls(granting, allows)
        if isinstance(boundary, Unresolved):
            limiting, name = [unread_policy(boundary, PolicyType.BOUNDARY)], ""
        else:
            limiting = [*results_of([boundary], PolicyType.BOUNDARY, context)]
            name = policy_label(boundary.name, boundary.address)
        lacking = f"{PolicyType.BOUNDARY.value} {name} does not allow it"
        required = RequiredAllow(PolicyType.BOUNDARY, any_true(result.allows for result in limiting), lacking)
        return cls((*granting, *limiting), allows, required)


def _boundary_of(identity: Identity) -> Policy | Unresolved | None:
    return None if identity.kind is PrincipalKind.GROUP else identity.boundary


class _Evaluation(Struct, frozen=True):
    """One request of one caller, prepared."""

    caller_kind: CallerKind
    authority: Authority
    context: RequestContext
    same_account: Truth

    @classmethod
    def of(cls, identity: Identity, request: Request, authority: Authority) -> _Evaluation:
        caller = caller_of(identity)
        boundary = _boundary_of(identity)
        has_boundary: Truth = boundary if isinstance(boundary, Unresolved) else boundary is not None
        context = RequestContext(with_caller(request, caller), caller, has_boundary)
        if caller.kind is CallerKind.SERVICE:
            return cls(caller.kind, Authority.RESOURCE_POLICY, context, same_account=True)
        return cls(caller.kind, authority, context, in_own_account(caller, request))

    @property
    def _action(self) -> str:
        return self.context.request.action.lower()

    def resource_results(self, policy: Policy | Unresolved | None) -> Iterator[StatementResult]:
        if self.authority is Authority.IDENTITY_POLICY or policy is None:
            return
        if isinstance(policy, Unresolved):
            yield unread_policy(policy, PolicyType.RESOURCE)
        else:
            yield from results_of([policy], PolicyType.RESOURCE, self.context)

    def resource_allows(self, results: Sequence[StatementResult], policy: Policy | Unresolved | None) -> AllowsNamed:
        """Return what the resource's policy allows to each naming; roles and keys are never without a policy."""
        if policy is not None:
            return lambda naming: any_true(result.allows_named(naming) for result in results)
        if self._action.startswith(_ASSUMING):
            return lambda _: Unresolved("the trust policy of the role is not known")
        by_account = self.same_account if self._action.startswith("kms:") else False
        return lambda naming: by_account if naming is Naming.ACCOUNT else False

    def required(self, allows: AllowsByType) -> tuple[RequiredAllow, ...]:
        """Return what resource and identity must answer."""
        if self.caller_kind is CallerKind.ROOT and self._action.startswith(_ASSUMING):
            lacking = "the root user can't assume roles"
            return (RequiredAllow(PolicyType.IDENTITY, answer=False, lacking=lacking, grants=True),)
        return required_allows(self.authority, allows, same_account=self.same_account)


def _lacks(policy: Policy | Unresolved | None) -> str:
    if not isinstance(policy, Policy):
        return "no resource policy allows it"
    return f"{PolicyType.RESOURCE.value} {policy_label(policy.name, policy.address)}".rstrip() + " does not allow it"
