"""Builds principals that templates declare in ways of their own, or name without declaring them."""

from __future__ import annotations

from typing import Final

from restore_ready.iam import parse_document
from restore_ready.model import Principal, PrincipalKind, Str, Unresolved, show
from restore_ready.model._why_open import ELSEWHERE
from restore_ready.readers._fields import Entry, Field, Table
from restore_ready.readers._iam_tables import arn_of, declared_principal
from restore_ready.readers._kinds import document, text
from restore_ready.readers._mover_tables import SAM_FUNCTION
from restore_ready.readers.cloudformation._fields import texts

_LAMBDA_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}
"""Trust policy of the role that SAM generates for a function."""

_FUNCTION_ROLE: Final = Table(
    Principal, (Field("trust", document, "AssumeRolePolicyDocument", "", default=parse_document(_LAMBDA_TRUST)),)
)


def principal(entry: Entry) -> Principal | None:
    """Return the principal that a resource declares, without identity policies; ``None`` if it declares none."""
    if entry.type == SAM_FUNCTION:
        return None if "Role" in entry.values else _function_role(entry)
    return declared_principal(entry)


def _function_role(entry: Entry) -> Principal:
    """Return the role that SAM generates for a function that names none; it stands at the function."""
    path = text(entry, "RolePath")
    name = Unresolved(f"SAM generates the name of the role of {entry.address}")
    kind = PrincipalKind.ROLE
    arn = arn_of("role", "/" if path is None else path, name, entry.aws_place)
    return _FUNCTION_ROLE.read(entry, kind=kind, name=name, arn=arn)


def out_of_sight(kind: PrincipalKind, name: Str, entry: Entry) -> Principal:
    """Return the principal that *entry* names and the template does not declare."""
    trust = Unresolved(f"{ELSEWHERE.said(what=show(name))}: its trust policy is not in sight")
    place = entry.aws_place
    arn = arn_of(kind.value, Unresolved(f"the path of {show(name)} is not known"), name, place)
    trusted = trust if kind is PrincipalKind.ROLE else None
    return Principal(entry.address, entry.place, kind, name, arn, trust=trusted, aws_place=place)


def listed(entry: Entry, name: str) -> tuple[Str, ...]:
    """Return a property that is a list of texts; one that is open as a whole gives one open item."""
    found = texts(entry.values, name)
    return (found,) if isinstance(found, Unresolved) else found
