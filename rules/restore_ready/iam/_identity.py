"""Who asks, and what grants to it and limits it? The nouns of policy evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from restore_ready.iam._decision import Outcome
from restore_ready.model import Focus, Policy, Principal, PrincipalKind, Str, Truth, Unresolved


class PolicyType(Enum):
    """Kinds of policy, in the order in which AWS asks them."""

    RESOURCE_CONTROL = "resource control policy"
    SERVICE_CONTROL = "service control policy"
    RESOURCE = "resource policy"
    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"


class Authority(Enum):
    """Whose Allow a request needs within one account.

    Attributes:
        EITHER: an identity policy's or the resource policy's; so for most services.
        RESOURCE_POLICY: the resource policy's, which may leave it to identity policies by naming the account: KMS key
            policies and the trust policies of roles.
        IDENTITY_POLICY: an identity policy's, and only within the account: ``iam:PassRole``.
    """

    EITHER = "identity or resource policy"
    RESOURCE_POLICY = "resource policy"
    IDENTITY_POLICY = "identity policy"


class Level(Struct, frozen=True):
    """The control policies attached at one level: the organization's root, an organizational unit, or the account.

    Attributes:
        complete: whether these are all of that level, so that one of them must allow a request. Otherwise AWS's
            default FullAWSAccess is taken to be there as well, and only a Deny counts.
    """

    policies: tuple[Policy, ...]
    complete: bool = False


class Identity(Struct, frozen=True):
    """Who makes a request, with everything that grants and limits.

    Attributes:
        arn: the ARN of the role, user or account root, or of a role's or federated user's session; for a service, its
            name.
        kind: ``None`` for an account's root user and for services. A group stands for any of its users.
        policies: identity policies; a user's include those of its groups.
        unread: reasons why it may hold further policies, which may allow and may deny.
        boundary: its permissions boundary; groups have none.
        service_controls: the levels of service control policies above it; none for an organization's management
            account, which they don't limit.
        address: its address in the estate, by which references to it in policies are known.
    """

    arn: Str
    kind: PrincipalKind | None
    policies: tuple[Policy, ...] = ()
    unread: tuple[Unresolved, ...] = ()
    boundary: Policy | Unresolved | None = None
    service_controls: tuple[Level, ...] = ()
    address: str = ""

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
            address=principal.address,
        )


class TracedStatement(Struct, frozen=True):
    """One statement that had a say.

    Attributes:
        policy_address: empty for policies that are known only to be possible.
        statement: its Sid, or its index from 0; empty where the whole policy can't be read.
        effect: ``Allow`` or ``Deny``; empty where that is not known.
        applies: ``True``, or why it is open whether it applies. Statements that don't apply are not traced.
        focus: where it is written, or else its policy.
    """

    policy_type: PolicyType
    policy_address: str
    policy_name: Str
    statement: str
    effect: str
    applies: Truth
    focus: Focus | None = None


class Decision(Struct, frozen=True):
    """What came out, and why.

    Attributes:
        policy_type: the type of policy that decided; where nothing allows it, the one that should have.
        trace: every statement that applied or may apply, in the order of `PolicyType`.
    """

    outcome: Outcome
    policy_type: PolicyType
    trace: tuple[TracedStatement, ...] = ()
