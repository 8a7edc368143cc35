"""IAM's policy simulator: identity policies and boundaries of a principal, weighed by rules written here alone."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from tests.aws_server._control import CONTROLS
from tests.aws_server._enforcement import listed
from tests.aws_server._identities import backend_of, group_detail, policy_detail, role_detail, user_detail
from tests.aws_server._operations import Answer, AwsError, Place, operation

USUAL_PAGE = 100
Context = Mapping[str, list[str]]


@operation(IamResponse)
def simulate_principal_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one page of a result for each action on each resource."""
    backend = backend_of(place.account)
    detail = principal(backend, parameters["PolicySourceArn"])
    context = {entry["ContextKeyName"].lower(): entry["ContextKeyValues"] for entry in parameters["ContextEntries"]}
    seeded: dict[tuple[str, str], dict[str, Any]] = backend.__dict__.get("simulations", {})
    results = [
        result(backend, detail, action, resource, context) | seeded.get((parameters["PolicySourceArn"], action), {})
        for action in parameters["ActionNames"]
        for resource in parameters.get("ResourceArns") or ["*"]
    ]
    start = int(parameters.get("Marker") or 0)
    size = CONTROLS.page(int(parameters.get("MaxItems") or USUAL_PAGE))
    answer: dict[str, Any] = {"EvaluationResults": results[start : start + size]}
    answer["IsTruncated"] = start + size < len(results)
    return answer | ({"Marker": str(start + size)} if answer["IsTruncated"] else {})


def set_simulation(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Let the simulator answer about a principal (PolicySourceArn) and an action as the rest of *given* says."""
    seeded = backend_of(place.account).__dict__.setdefault("simulations", {})
    answer = dict(given)
    seeded[answer.pop("PolicySourceArn"), answer["EvalActionName"]] = answer
    return given


def principal(backend: IAMBackend, arn: str) -> dict[str, Any]:
    """Return what is on record of a user, group or role.

    Raises:
        AwsError: if there is no such principal.
    """
    details = (
        *(user_detail(backend, user) for user in backend.users.values()),
        *(group_detail(group) for group in backend.groups.values()),
        *(role_detail(backend, role) for role in backend.roles.values()),
    )
    for detail in details:
        if detail["Arn"] == arn:
            return detail
    raise AwsError(code="NoSuchEntity", message=f"The entity with ARN {arn} cannot be found.", status=404)


def result(
    backend: IAMBackend, detail: Mapping[str, Any], action: str, resource: str, context: Context
) -> dict[str, Any]:
    """Return what the policies of a principal say of an action on a resource."""
    missing: set[str] = set()
    matched = [
        (statement["Effect"], policy, kind)
        for policy, kind, document in documents(backend, detail)
        for statement in listed(document["Statement"])
        if applies(statement, action, resource, context, missing)
    ]
    effects = {effect for effect, _, _ in matched}
    bounded = boundary_allows(backend, detail, action, resource, context, missing)
    decision = "explicitDeny" if "Deny" in effects else "allowed" if effects and bounded else "implicitDeny"
    answer: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MatchedStatements": [{"SourcePolicyId": name, "SourcePolicyType": kind} for _, name, kind in matched],
        "MissingContextValues": sorted(missing),
    }
    bound = detail.get("PermissionsBoundary")
    return answer | ({"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": bounded}} if bound else {})


def documents(backend: IAMBackend, detail: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give name, kind and document of every identity policy, those of a user's groups too."""
    name = next(detail[key] for key in ("UserName", "GroupName", "RoleName") if key in detail)
    for kind in ("User", "Group", "Role"):
        for policy in detail.get(f"{kind}PolicyList", ()):
            document = json.loads(unquote(policy["PolicyDocument"]))
            yield f"{kind.lower()}_{name}_{policy['PolicyName']}", kind.lower(), document
    for policy in detail["AttachedManagedPolicies"]:
        yield policy["PolicyName"], "IAM Policy", managed(backend, policy["PolicyArn"])
    for group in detail.get("GroupList", ()):
        yield from documents(backend, group_detail(backend.groups[group]))


def managed(backend: IAMBackend, arn: str) -> dict[str, Any]:
    """Return the document of a managed policy."""
    versions = policy_detail(backend.managed_policies[arn])["PolicyVersionList"]
    in_force = next(version for version in versions if version["IsDefaultVersion"])
    document: dict[str, Any] = json.loads(unquote(in_force["Document"]))
    return document


def boundary_allows(  # noqa: PLR0913,PLR0917  # a request has so many parts
    backend: IAMBackend,
    detail: Mapping[str, Any],
    action: str,
    resource: str,
    context: Context,
    missing: set[str],
) -> bool:
    """Tell whether the permissions boundary, if there is one, allows it."""
    bound = detail.get("PermissionsBoundary")
    if bound is None:
        return True
    statements = listed(managed(backend, bound["PermissionsBoundaryArn"])["Statement"])
    effects = {
        statement["Effect"] for statement in statements if applies(statement, action, resource, context, missing)
    }
    return effects == {"Allow"}


def applies(statement: Mapping[str, Any], action: str, resource: str, context: Context, missing: set[str]) -> bool:
    """Tell whether *statement* is about the request; keys that its conditions lack are added to *missing*."""
    named = any(like(pattern.lower(), action.lower()) for pattern in listed(statement.get("Action", [])))
    if "NotAction" in statement:
        named = not any(like(pattern.lower(), action.lower()) for pattern in listed(statement["NotAction"]))
    meant = any(like(pattern, resource) for pattern in listed(statement.get("Resource", "*")))
    return named and meant and holds(statement.get("Condition", {}), context, missing)


def holds(conditions: Mapping[str, Mapping[str, Any]], context: Context, missing: set[str]) -> bool:
    """Tell whether all *conditions* hold; operators that are not known hold never."""
    answers = [
        condition_holds(operator, key, [str(value) for value in listed(wanted)], context, missing)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    ]
    return all(answers)


def condition_holds(operator: str, key: str, wanted: list[str], context: Context, missing: set[str]) -> bool:
    """Tell whether one condition holds."""
    given = context.get(key.lower())
    if given is None:
        missing.add(key)
        return operator.endswith("IfExists")
    alike = any(like(pattern, value) for pattern in wanted for value in given)
    plain = operator.removesuffix("IfExists")
    if plain in ("StringEquals", "StringLike", "ArnLike", "ArnEquals", "Bool"):
        return alike
    return plain in ("StringNotEquals", "StringNotLike") and not alike


def like(pattern: str, value: str) -> bool:
    """Tell whether *value* is as *pattern* has it: ``*`` and ``?`` alone are special."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))
