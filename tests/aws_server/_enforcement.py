"""IAM in force: who makes a call, and whether their policies allow it. moto's evaluator decides."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam.access_control import (
    AssumedRoleAccessKey,
    CreateAccessKeyFailure,
    IAMPolicy,
    IAMUserAccessKey,
    PermissionResult,
    create_access_key,
)
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, iam_backends
from tests.aws_server._calls import ADMINISTRATOR_KEY, Call, form_in

ALWAYS_ALLOWED = "sts:GetCallerIdentity"
NO_ALLOW = "because no identity-based policy allows the action"
EXPLICIT = "with an explicit deny in an identity-based policy"
NO_TRUST = "because no resource-based policy allows the action"
SCP = "with an explicit deny in a service control policy"


def who(call: Call, token: str) -> str:
    """Return the ARN of the caller."""
    key = known_key(call, token)
    return f"arn:aws:iam::{call.account}:user/administrator" if key is None else key.arn


def refusal(call: Call, token: str, enforced: set[str]) -> str | None:
    """Return why IAM refuses *call*, None if it doesn't: only callers that are *enforced* are ever refused."""
    if call.operation == "AssumeRole" and call.service == "sts":
        untrusted = distrust(call, enforced)
        if untrusted is not None:
            return untrusted
    key = known_key(call, token)
    if key is None or call.action == ALWAYS_ALLOWED:
        return None
    if call.account not in enforced and owner(key, call.account) not in enforced:
        return None
    return verdict(key.collect_policies(), call.action)


def verdict(policies: list[Any], action: str) -> str | None:
    """Return why *policies* refuse *action* on every resource, None if they allow it."""
    results = [IAMPolicy(policy).is_action_permitted(action, "*") for policy in policies]
    if PermissionResult.DENIED in results:
        return EXPLICIT
    return None if PermissionResult.PERMITTED in results else NO_ALLOW


def known_key(call: Call, token: str) -> IAMUserAccessKey | AssumedRoleAccessKey | None:
    """Return whose key signed *call*; None for an administrator's or a made-up key."""
    if ADMINISTRATOR_KEY.match(call.access_key):
        return None
    headers = {"X-Amz-Security-Token": token} if token else {}
    try:
        return create_access_key(call.account, "aws", call.access_key, headers)
    except CreateAccessKeyFailure:
        return None


def owner(key: IAMUserAccessKey | AssumedRoleAccessKey, account: str) -> str:
    """Return the ARN of the user, or of the role that was assumed."""
    if isinstance(key, IAMUserAccessKey):
        return key.arn
    name = key.arn.split("/")[1]
    backend: IAMBackend = iam_backends[account]["aws"]
    return str(backend.get_role(name).arn)


def distrust(call: Call, enforced: set[str]) -> str | None:
    """Return why an AssumeRole is refused: no such role, or its trust policy where *enforced* names account or role."""
    form = form_in(call.body)
    arn = form.get("RoleArn", [""])[0]
    account = arn.split(":")[4] if arn.count(":") > 4 else ""  # an ARN's account is its fifth part
    backend: IAMBackend = iam_backends[account]["aws"]
    try:
        role = backend.get_role_by_arn(arn)
    except NotFoundException:
        return NO_TRUST
    if account not in enforced and arn not in enforced:
        return None
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    external = form.get("ExternalId", [""])[0]
    trusted = any(trusts(statement, call, external) for statement in listed(statements))
    return None if trusted else NO_TRUST


def trusts(statement: Mapping[str, Any], call: Call, external: str) -> bool:
    """Tell whether *statement* lets the caller's account assume the role with this external id."""
    principal = statement.get("Principal", {})
    named = ["*"] if principal == "*" else listed(principal.get("AWS", []))
    allowed = {"*", call.account, f"arn:aws:iam::{call.account}:root"}
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return statement["Effect"] == "Allow" and bool(allowed & set(named)) and wanted in (None, external)


def listed(value: Any) -> list[Any]:  # noqa: ANN401  # JSON
    """Return *value* as a list, as policies allow both."""
    return value if isinstance(value, list) else [value]
