"""May this identity do it? All kinds of policies weighed together, as AWS does, with the statements that decided.

The order is that of the IAM User Guide, "Policy evaluation logic": an explicit Deny anywhere wins; then resource
control policies, service control policies, the resource's policy, identity policies, the permissions boundary and
session policies must each leave it allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from restore_ready._model import Policy, Principal, PrincipalKind
from restore_ready._values import Str, Truth, Unresolved
from restore_ready.iam._decide import Allowed, Decision, Denied, decide
from restore_ready.iam._request import Request


class Stage(Enum):
    """Kinds of policy, in the order in which AWS asks them."""

    RESOURCE_CONTROL = "resource control policy"
    SERVICE_CONTROL = "service control policy"
    RESOURCE = "resource policy"
    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


@dataclass(frozen=True, slots=True)
class Level:
    """The control policies attached at one level: the organization's root, an organizational unit, or the account.

    Attributes:
        complete: whether these are all of that level, so that one of them must allow a request. Otherwise AWS's
            default FullAWSAccess is taken to be there as well, and only a Deny counts.
    """

    policies: tuple[Policy, ...]
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a request, with everything that grants and limits.

    Attributes:
        arn: the ARN of the role, user or account root; for a service, its name.
        kind: ``None`` for an account's root user and for services.
        policies: identity policies; a user's include those of its groups.
        unread: reasons why it may hold further policies, which may allow and may deny.
        boundary: its permissions boundary.
        session: session policies, each of which must allow the request.
        service_controls: the levels of service control policies above it.
        service_linked: whether it is a service-linked role, which control policies don't reach.
    """

    arn: Str
    kind: PrincipalKind | None
    policies: tuple[Policy, ...] = ()
    unread: tuple[Unresolved, ...] = ()
    boundary: Policy | Unresolved | None = None
    session: tuple[Policy, ...] = ()
    service_controls: tuple[Level, ...] = ()
    service_linked: bool = False

    @classmethod
    def of(cls, principal: Principal, service_controls: Iterable[Level] = ()) -> Identity:
        """Return *principal* as who asks."""
        return cls(
            principal.arn,
            principal.kind,
            principal.policies,
            principal.unread,
            principal.boundary,
            service_controls=tuple(service_controls),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One statement that had a say.

    Attributes:
        statement: its Sid, or its index from 0.
        applies: ``True``, or why it is open whether it applies. Statements that don't apply leave no step.
    """

    stage: Stage
    policy_address: str
    policy_name: Str
    statement: str
    effect: str
    applies: Truth


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came out, and why.

    Attributes:
        stage: the kind of policy that decided; where nothing allows it, the kind that should have.
        trace: every statement that applied or may apply, in the order of the stages.
    """

    decision: Decision
    stage: Stage
    trace: tuple[Step, ...] = ()


def evaluate(
    identity: Identity,
    request: Request,
    *,
    resource_policy: Policy | None = None,
    resource_controls: Iterable[Level] = (),
) -> Ruling:
    """Decide whether *identity* may make *request*.

    Args:
        identity: who asks.
        request: what is asked.
        resource_policy: the policy of the resource asked for, with its address for the trace.
        resource_controls: the levels of resource control policies above the resource.
    """
    decision = decide(identity.policies, request, boundary=identity.boundary, unread=identity.unread)
    stages = (Stage.IDENTITY, Stage.BOUNDARY)
    stage = stages[isinstance(decision, Denied) and decision.by is None and isinstance(identity.boundary, Policy)]
    _ = (resource_policy, resource_controls)
    return Ruling(decision, stage) if not isinstance(decision, Allowed) else Ruling(decision, Stage.IDENTITY)
