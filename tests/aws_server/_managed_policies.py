"""AWS managed policies, copied into an account when it first names one.

moto can load them all, but then does so for each account, partition and reset: seconds instead of milliseconds.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

NAMING = (
    "attach_group_policy",
    "attach_role_policy",
    "attach_user_policy",
    "get_policy",
    "get_policy_version",
    "list_policy_versions",
)
"""The backend's methods that take a policy's ARN first."""


@functools.cache
def by_arn() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return name and data of every AWS managed policy by its ARN."""
    policies = json.loads(aws_managed_policies_data)
    return {f"arn:aws:iam::aws:policy{data['Path']}{name}": (name, data) for name, data in policies.items()}


def adopt(backend: IAMBackend, arn: str) -> None:
    """Let *backend* know the policy *arn*, if it is AWS's."""
    if arn.startswith("arn:aws:iam::aws:policy/") and arn not in backend.managed_policies and arn in by_arn():
        name, data = by_arn()[arn]
        policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
        backend.managed_policies[arn] = policy
        backend.aws_managed_policies.append(policy)


def adopting(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return *method*, adopting the policy it is called for first."""

    @functools.wraps(method)
    def wrapped(self: IAMBackend, policy_arn: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401  # moto's own
        adopt(self, policy_arn)
        return method(self, policy_arn, *more, **named)

    return wrapped


for name in NAMING:
    setattr(IAMBackend, name, adopting(getattr(IAMBackend, name)))
