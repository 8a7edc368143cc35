"""What do the control policies of an organization leave allowed? They grant nothing, and every level must allow.

IAM User Guide, "Policy evaluation logic", and Organizations User Guide, "SCP evaluation" and "Resource control
policies".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam._caller import CallerKind
from restore_ready.iam._evaluation_logic import RequiredAllow
from restore_ready.iam._glob import matches
from restore_ready.iam._identity import Identity, Level, PolicyType
from restore_ready.iam._statement_results import RequestContext, StatementResult, policy_label, results_of
from restore_ready.model import Truth, Unresolved, any_true

_SERVICE_LINKED: Final = "arn:*:iam::*:role/aws-service-role/*"
_REACHED: Final = frozenset({"kms", "s3", "secretsmanager", "sqs", "sts"})
"""Services that resource control policies certainly reach; AWS adds to them."""
_UNSURE: Final = Unresolved("whether resource control policies reach this service is not certain")


class ControlLevel(Struct, frozen=True):
    """What the policies of one level answer, and the Allow that it must give, if it is known completely."""

    results: tuple[StatementResult, ...]
    required: RequiredAllow | None


def control_levels(
    identity: Identity, resource_controls: tuple[Level, ...], context: RequestContext
) -> tuple[ControlLevel, ...]:
    """Return what every level answers that limits the request.

    Neither kind reaches service-linked roles, and service control policies reach no service.
    """
    caller = context.caller
    if not (identity.service_controls or resource_controls):
        return ()
    if caller is None or matches(_SERVICE_LINKED, caller.principal_arn) is True:
        return ()
    service_controls = () if caller.kind is CallerKind.SERVICE else identity.service_controls
    return (*_resource_levels(resource_controls, context), *_service_levels(service_controls, context))


def _service_levels(levels: tuple[Level, ...], context: RequestContext) -> Iterator[ControlLevel]:
    for level in levels:
        results = tuple(results_of(level.policies, PolicyType.SERVICE_CONTROL, RequestContext(context.request)))
        yield _level(level, PolicyType.SERVICE_CONTROL, results, any_true(result.allows for result in results))


def _resource_levels(levels: tuple[Level, ...], context: RequestContext) -> Iterator[ControlLevel]:
    reached = context.request.action.partition(":")[0].lower() in _REACHED
    for level in levels:
        results = tuple(results_of(level.policies, PolicyType.RESOURCE_CONTROL, context))
        allows = any_true(result.allows for result in results)
        if not reached:
            results = tuple(_perhaps(result) for result in results)
            allows = allows if allows is True else _UNSURE
        yield _level(level, PolicyType.RESOURCE_CONTROL, results, allows)


def _level(level: Level, policy_type: PolicyType, results: tuple[StatementResult, ...], allows: Truth) -> ControlLevel:
    if not level.complete:
        return ControlLevel(results, None)
    names = ", ".join(policy_label(policy.name, policy.address) for policy in level.policies[:3])
    lacking = f"no {policy_type.value} of one level allows it ({names or 'none'})"
    return ControlLevel(results, RequiredAllow(policy_type, allows, lacking))


def _perhaps(result: StatementResult) -> StatementResult:
    """Open a Deny that may not reach the service; an Allow there makes no difference."""
    if result.traced.effect == "Allow" or result.traced.applies is not True:
        return result
    return replace(result, traced=replace(result.traced, applies=_UNSURE))
