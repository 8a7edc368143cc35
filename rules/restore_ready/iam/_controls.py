"""Control policies of an organization: they grant nothing, and every level must leave a request allowed.

IAM User Guide, "Policy evaluation logic", and Organizations User Guide, "SCP evaluation" and "Resource control
policies".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam._caller import CallerKind
from restore_ready.iam._glob import matches
from restore_ready.iam._identity import Identity, Level, PolicyType
from restore_ready.iam._trace import Asked, Say, policy_label, says_of
from restore_ready.iam._weigh import Need
from restore_ready.model import Truth, Unresolved, any_true

_SERVICE_LINKED: Final = "arn:*:iam::*:role/aws-service-role/*"
_REACHED: Final = frozenset({"kms", "s3", "secretsmanager", "sqs", "sts"})
"""Services that resource control policies certainly reach; AWS adds to them."""
_UNSURE: Final = Unresolved("whether resource control policies reach this service is not certain")


class ControlVerdict(Struct, frozen=True):
    """What the policies of one level say, and what that level must answer, if it is known completely."""

    says: tuple[Say, ...]
    need: Need | None


def control_verdicts(
    identity: Identity, resource_controls: tuple[Level, ...], asked: Asked
) -> tuple[ControlVerdict, ...]:
    """Judge every level that limits the request.

    Neither kind reaches service-linked roles, and service control policies reach no service.
    """
    caller = asked.caller
    if caller is None or identity.service_linked or matches(_SERVICE_LINKED, caller.principal_arn) is True:
        return ()
    service_controls = () if caller.kind is CallerKind.SERVICE else identity.service_controls
    return (*_resource_levels(resource_controls, asked), *_service_levels(service_controls, asked))


def _service_levels(levels: tuple[Level, ...], asked: Asked) -> Iterator[ControlVerdict]:
    for level in levels:
        says = tuple(says_of(level.policies, PolicyType.SERVICE_CONTROL, Asked(asked.request)))
        yield _verdict(level, PolicyType.SERVICE_CONTROL, says, any_true(say.allows for say in says))


def _resource_levels(levels: tuple[Level, ...], asked: Asked) -> Iterator[ControlVerdict]:
    reached = asked.request.action.partition(":")[0].lower() in _REACHED
    for level in levels:
        says = tuple(says_of(level.policies, PolicyType.RESOURCE_CONTROL, asked))
        allows = any_true(say.allows for say in says)
        if not reached:
            says = tuple(_perhaps(say) for say in says)
            allows = allows if allows is True else _UNSURE
        yield _verdict(level, PolicyType.RESOURCE_CONTROL, says, allows)


def _verdict(level: Level, policy_type: PolicyType, says: tuple[Say, ...], allows: Truth) -> ControlVerdict:
    if not level.complete:
        return ControlVerdict(says, None)
    names = ", ".join(policy_label(policy.name, policy.address) for policy in level.policies[:3])
    return ControlVerdict(
        says, Need(policy_type, allows, f"no {policy_type.value} of one level allows it ({names or 'none'})")
    )


def _perhaps(say: Say) -> Say:
    """Open a Deny that may not reach the service; an Allow there makes no difference."""
    if say.step.effect == "Allow" or say.step.applies is not True:
        return say
    return replace(say, step=replace(say.step, applies=_UNSURE))
