"""Field tables of roles, users, groups and permission sets, and of their policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from restore_ready.iam import managed_document
from restore_ready.model import (
    DOCUMENT,
    HERE,
    AwsPlace,
    Focus,
    Known,
    Place,
    Places,
    Policy,
    PolicyDocument,
    Principal,
    PrincipalKind,
    Str,
    Unresolved,
    join_text,
)
from restore_ready.readers._fields import Entry, Field, Table
from restore_ready.readers._kinds import document, filled_text, known_text, text

_REGION: Final = Unresolved("the Region of Identity Center is not known")
_SUFFIX: Final = Unresolved("AWS generates the suffix")


def given_name(entry: Entry, name: str) -> Str:
    """Return the name of an IAM resource; Terraform completes a prefix, or both languages make one up."""
    found = filled_text(entry, name)
    if found is not None:
        return found
    if entry.dialect.language == "cloudformation":
        return Unresolved(f"the name of {entry.address} is generated")
    prefix = text(entry, "name_prefix")
    return join_text(("" if prefix is None else prefix, Unresolved("Terraform generates the name")))


_TRUST: Final[Field[Known[PolicyDocument]]] = Field(
    "trust", document, "AssumeRolePolicyDocument", "assume_role_policy", required=True
)


def _principals(api: str, cloudformation: str, terraform: str, *rows: Field[Any]) -> Table[Principal]:
    name = Field("name", given_name, api, "name")
    return Table(Principal, (name, *rows), cloudformation=(cloudformation,), terraform=(terraform,))


PRINCIPALS: Final[Mapping[PrincipalKind, Table[Principal]]] = {
    PrincipalKind.ROLE: _principals("RoleName", "AWS::IAM::Role", "aws_iam_role", _TRUST),
    PrincipalKind.USER: _principals("UserName", "AWS::IAM::User", "aws_iam_user"),
    PrincipalKind.GROUP: _principals("GroupName", "AWS::IAM::Group", "aws_iam_group"),
    PrincipalKind.PERMISSION_SET: Table(
        Principal,
        (Field("name", text, "Name", "name", required=True),),
        cloudformation=("AWS::SSO::PermissionSet",),
        terraform=("aws_ssoadmin_permission_set",),
    ),
}
_PATH: Final[Field[Str]] = Field("path", filled_text, "Path", "path")
_ARN: Final[Field[str]] = Field("arn", known_text, "", "arn")

CUSTOMER_POLICY: Final = Table(
    Policy,
    (
        Field("name", given_name, "ManagedPolicyName", "name"),
        Field("document", document, "PolicyDocument", "policy", required=True),
    ),
    cloudformation=("AWS::IAM::ManagedPolicy",),
    terraform=("aws_iam_policy",),
)

ATTACHED_POLICY: Final = Table(
    Policy,
    (
        Field("name", given_name, "PolicyName", "name"),
        Field("document", document, "PolicyDocument", ("policy", "inline_policy"), required=True),
    ),
)
"""A policy that exists only by being attached, and is a resource of its own."""

INLINE_POLICY: Final = Table(
    Policy,
    (
        Field("name", text, "PolicyName", "name", required=True),
        Field("document", document, "PolicyDocument", "policy", required=True),
    ),
)
"""A policy that stands in its holder, where findings about it land."""


def principal_types() -> frozenset[str]:
    """Return Terraform's types of principals."""
    return frozenset(name for table in PRINCIPALS.values() for name in table.terraform)


def declared_principal(entry: Entry) -> Principal | None:
    """Return the principal that a resource declares, without identity policies; ``None`` if it declares none."""
    for kind, table in PRINCIPALS.items():
        if table.tells(entry):
            found = table.read(entry, kind=kind, arn="")
            return replace(found, arn=_arn(entry, kind, found.name))
    return None


def _arn(entry: Entry, kind: PrincipalKind, name: Str) -> Str:
    is_set = kind is PrincipalKind.PERMISSION_SET
    return permission_set_arn(name) if is_set else own_arn(entry, kind.value, name)


def own_arn(entry: Entry, kind: str, name: Str) -> Str:
    """Return the ARN of an IAM resource of *kind* ``role``, ``user`` or ``group``, its account as deployed to."""
    known = _ARN.given(entry)
    return arn_of(kind, path_of(entry), name, entry.aws_place) if known is None else known


def path_of(entry: Entry) -> Str:
    """Return the path of an IAM resource, ``/`` where it is not given."""
    path = _PATH.given(entry)
    return "/" if path is None else path


def arn_of(kind: str, path: Str, name: Str, place: AwsPlace = HERE) -> Str:
    """Return the ARN of what has a path and a name in the account of *place*."""
    return join_text((f"arn:{place.partition}:iam::{place.arn_account}:{kind}", path, name))


def permission_set_arn(name: Str) -> Str:
    """Return the ARN of the role that Identity Center makes of a permission set in each account."""
    return arn_of(
        "role", "/aws-reserved/sso.amazonaws.com/", join_text((_REGION, "AWSReservedSSO_", name, "_", _SUFFIX))
    )


def inline_policies(entry: Entry, name: str, unreadable: str = "") -> Iterator[Policy | Unresolved]:
    """Yield the policies that stand in their holder, under *name*; *unreadable* precedes the reason where none can be.

    An entry of Terraform's without a policy only removes policies.
    """
    blocks = entry.dialect.blocks(entry, name)
    for block in () if isinstance(blocks, Unresolved) else blocks:
        if block.why is not None:
            yield block.why
        elif block.dialect.language == "cloudformation" or "policy" in block.values:
            yield INLINE_POLICY.read(block, place=entry.place, own_address=False)
    if isinstance(blocks, Unresolved):
        yield Unresolved(f"{unreadable}{blocks.why}")


def aws_managed_policy(arn: str, address: str, place: Place, attached: Focus | None) -> Policy | None:
    """Return the AWS managed policy with an ARN as what is at *address* holds it; ``None`` for one not in the table.

    Where it is *attached* stands for where it is written.
    """
    found = managed_document(arn)
    name = arn.rpartition("/")[2]
    if found is None:
        return None
    places = Places() if attached is None else Places(((DOCUMENT, attached),))
    return Policy(address, place, name, found, own_address=False, aws_managed=True, places=places)
