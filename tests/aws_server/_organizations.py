"""Organizations: backup policies, merged along the tree as AWS does."""

import json
from typing import Any

from moto.organizations import utils
from moto.organizations.models import FakePolicy, OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse
from tests.aws_server._operations import Answer, AwsError, Place, now, operation

BACKUP_POLICY = "BACKUP_POLICY"
ROOT = "r-abcd"
"""The root of every organization: templates name it, so it can't be made up anew each time."""
create_policy_in_moto = OrganizationsBackend.create_policy

setattr(utils, "make_random_root_id", lambda: ROOT)  # noqa: B010  # moto's one place for it


@operation(OrganizationsResponse)
def create_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Create a policy, also of the type that moto lacks."""
    backend = organizations_backends[place.account]["aws"]
    if parameters["Type"] != BACKUP_POLICY:
        return dict(create_policy_in_moto(backend, **parameters))
    json.loads(parameters["Content"])
    made = create_policy_in_moto(backend, **(parameters | {"Type": "TAG_POLICY"}))
    policy = backend.get_policy_by_id(made["Policy"]["PolicySummary"]["Id"])
    policy.type = BACKUP_POLICY
    policy.__dict__["_arn_format"] = "arn:{0}:organizations::{1}:policy/{2}/backup_policy/{3}"
    return policy.describe()


@operation(OrganizationsResponse)
def describe_effective_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with what an account's backup policies come to."""
    target = parameters.get("TargetId") or place.account
    kind = parameters["PolicyType"]
    merged = effective(target, kind)
    if merged is None:
        raise AwsError(code="EffectivePolicyNotFoundException", message="There is no effective policy for the target.")
    content = json.dumps(merged)
    shown = {"PolicyContent": content, "LastUpdatedTimestamp": now(), "TargetId": target, "PolicyType": kind}
    return {"EffectivePolicy": shown}


def effective(target: str, kind: str) -> dict[str, Any] | None:
    """Return what the policies of a *kind* that an account inherits come to, None if there are none."""
    policies = [json.loads(policy.content or "{}") for policy in inherited(target) if policy.type == kind]
    merged: dict[str, Any] = {}
    for policy in policies:
        merge(merged, policy)
    return merged if policies else None


@operation(OrganizationsResponse)
def list_accounts_with_invalid_effective_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the accounts whose effective policy of a type is no valid one, as `is_valid` has it."""
    backend = organizations_backends[place.account]["aws"]
    kind = parameters["PolicyType"]
    listed = [account.describe() for account in backend.accounts if not is_valid(effective(account.id, kind))]
    return {"Accounts": listed, "PolicyType": kind}


def is_valid(policy: dict[str, Any] | None) -> bool:
    """Tell whether an effective backup policy can be carried out: each plan has a rule, and each rule a vault."""
    plans = {} if policy is None else policy.get("plans", {})
    rules = [plan.get("rules") for plan in plans.values()]
    return all(rules) and all("target_backup_vault_name" in rule for some in rules for rule in some.values())


def outsider(account: str, operation: str) -> tuple[str, str] | None:
    """Return code and message for an account that may not ask its organization for this, None if it may.

    Only the account that made the organization may ask for more than what it is and what policies it comes to.
    """
    if operation in ("CreateOrganization", "DescribeOrganization", "DescribeEffectivePolicy"):
        return None
    if organizations_backends[account]["aws"].org is not None:
        return None
    for per_account in list(organizations_backends.values()):
        if any(one.id == account for one in per_account["aws"].accounts):
            return "AccessDeniedException", "You don't have permissions to access this resource."
    return "AWSOrganizationsNotInUseException", "Your account is not a member of an organization."


def inherited(target: str) -> list[FakePolicy]:
    """Return the policies that *target*, an account, inherits: those of the root first.

    Raises:
        AwsError: if the account is in no organization.
    """
    for per_account in list(organizations_backends.values()):
        backend = per_account["aws"]
        account = next((one for one in backend.accounts if one.id == target), None)
        if backend.org is None or account is None:
            continue
        units = {unit.id: unit for unit in backend.ou}
        found = list(account.attached_policies)
        parent: str | None = account.parent_id
        while parent in units:
            found = [*units[parent].attached_policies, *found]
            parent = units[parent].__dict__.get("parent_id")
        return found
    raise AwsError(code="AWSOrganizationsNotInUseException", message="Your account is not a member of an organization.")


def merge(into: dict[str, Any], policy: dict[str, Any]) -> None:
    """Merge *policy* into the effective document *into* with ``@@assign``, ``@@append`` and ``@@remove``."""
    for key, value in policy.items():
        if key.startswith("@@"):
            continue
        if isinstance(value, dict) and any(name in value for name in ("@@assign", "@@append", "@@remove")):
            into[key] = inherited_value(into.get(key), value)
        elif isinstance(value, dict):
            merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def inherited_value(known: object, operators: dict[str, Any]) -> object:
    """Return the value that *operators* make of the *known* one."""
    value = operators.get("@@assign", known)
    listed = list(value) if isinstance(value, list) else [] if value is None else [value]
    if "@@append" in operators:
        value = [*listed, *(one for one in operators["@@append"] if one not in listed)]
    if "@@remove" in operators:
        value = [one for one in (value if isinstance(value, list) else listed) if one not in operators["@@remove"]]
    return value
