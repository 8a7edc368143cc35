"""Builds principals as their own resources declare them, before anything else attaches policies to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.iam import parse_document
from restore_ready.model import (
    THIS_ACCOUNT,
    Known,
    Policy,
    PolicyDocument,
    Principal,
    PrincipalKind,
    Str,
    Unresolved,
    join_text,
    show,
)
from restore_ready.readers.cloudformation._fields import Properties, mappings, required_text, text, texts
from restore_ready.readers.cloudformation._resource import Resource

FUNCTION: Final = "AWS::Serverless::Function"
PERMISSION_SET: Final = "AWS::SSO::PermissionSet"

_KINDS: Final = {
    "AWS::IAM::Role": (PrincipalKind.ROLE, "RoleName"),
    "AWS::IAM::User": (PrincipalKind.USER, "UserName"),
    "AWS::IAM::Group": (PrincipalKind.GROUP, "GroupName"),
}
_LAMBDA_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}
"""Trust policy of the role that SAM generates for a function."""


def declared_principal(resource: Resource) -> Principal | None:
    """Build the principal that a resource declares, without identity policies; ``None`` if it declares none."""
    if resource.type in _KINDS:
        return _principal(resource)
    if resource.type == PERMISSION_SET:
        return _permission_set(resource)
    return _function_role(resource) if resource.type == FUNCTION and "Role" not in resource.properties else None


def name_of(resource: Resource, name: str) -> Str:
    """Read a resource's name; one that is left out is generated, and known only by reference."""
    found = text(resource.properties, name)
    return Unresolved(f"the name of {resource.name} is generated") if found is None else found


def listed(values: Properties, name: str) -> tuple[Str, ...]:
    """Read a property as a list of texts; one that is open as a whole gives one open item."""
    found = texts(values, name)
    return (found,) if isinstance(found, Unresolved) else found


def inline_policies(resource: Resource) -> Iterator[Policy | Unresolved]:
    """Read the ``Policies`` of a role, user or group; findings about them land on their holder."""
    entries = mappings(resource.properties, "Policies")
    for entry in (entries,) if isinstance(entries, Unresolved) else entries:
        if isinstance(entry, Unresolved):
            yield entry
            continue
        name, read = required_text(entry, "PolicyName"), document(entry, "PolicyDocument")
        yield Policy(resource.name, resource.place, name, read, own_address=False)


def out_of_sight(kind: PrincipalKind, name: Str, resource: Resource) -> Principal:
    """Build the principal that *resource* names and the template does not declare."""
    trust = Unresolved(f"{show(name)} is defined elsewhere: its trust policy is not in sight")
    is_role = kind is PrincipalKind.ROLE
    path = Unresolved(f"the path of {show(name)} is not known")
    return Principal(
        resource.name, resource.place, kind, name, _arn(kind, path, name), trust=trust if is_role else None
    )


def _principal(resource: Resource) -> Principal:
    kind, property_name = _KINDS[resource.type]
    name = name_of(resource, property_name)
    path = text(resource.properties, "Path")
    arn = _arn(kind, "/" if path is None else path, name)
    trust = document(resource.properties, "AssumeRolePolicyDocument") if kind is PrincipalKind.ROLE else None
    return Principal(resource.name, resource.place, kind, name, arn, trust=trust)


def _permission_set(resource: Resource) -> Principal:
    """Build a permission set; its ARN is that of the role that Identity Center makes of it in each account."""
    name = required_text(resource.properties, "Name")
    region, suffix = Unresolved("the Region of Identity Center is not known"), Unresolved("AWS generates the suffix")
    path = join_text(("/aws-reserved/sso.amazonaws.com/", region))
    arn = _arn(PrincipalKind.ROLE, path, join_text(("AWSReservedSSO_", name, "_", suffix)))
    return Principal(resource.name, resource.place, PrincipalKind.PERMISSION_SET, name, arn)


def _function_role(resource: Resource) -> Principal:
    """Build the role that SAM generates for a function that names none; it stands at the function."""
    path = text(resource.properties, "RolePath")
    name = Unresolved(f"SAM generates the name of the role of {resource.name}")
    trust: Known[PolicyDocument] = parse_document(_LAMBDA_TRUST)
    if "AssumeRolePolicyDocument" in resource.properties:
        trust = document(resource.properties, "AssumeRolePolicyDocument")
    arn = _arn(PrincipalKind.ROLE, "/" if path is None else path, name)
    return Principal(resource.name, resource.place, PrincipalKind.ROLE, name, arn, trust=trust)


def _arn(kind: PrincipalKind, path: Str, name: Str) -> Str:
    return join_text((f"arn:aws:iam::{THIS_ACCOUNT}:{kind.value}", path, name))


def document(values: Properties, name: str) -> Known[PolicyDocument]:
    """Read a property as a policy document."""
    return parse_document(values[name]) if name in values else Unresolved(f"{name} is missing")
