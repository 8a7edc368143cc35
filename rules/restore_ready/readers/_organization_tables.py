"""Field tables of what an organization's policies are, and what they are attached to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import (
    HERE,
    AwsPlace,
    Known,
    OrganizationControl,
    Place,
    Places,
    Plan,
    PolicyDocument,
    Selection,
    Str,
    Unresolved,
)
from restore_ready.readers._fields import Entry, Field, PerLanguage, Table
from restore_ready.readers._kinds import text
from restore_ready.readers._statement_places import in_document

Parts: TypeAlias = tuple[tuple[Plan, ...], tuple[Selection, ...], tuple[OrganizationControl, ...]]


class OrganizationsPolicy(Struct, frozen=True):
    """A policy of AWS Organizations as a reader found it.

    Attributes:
        kind: ``BACKUP_POLICY`` or another type.
        content: JSON text, its tree, or what keeps it from being known.
        targets: the roots, units and accounts it is attached to.
        places: where its fields are written.
    """

    address: str
    place: Place
    name: Str
    kind: Str
    content: object
    targets: tuple[Str, ...] = ()
    aws_place: AwsPlace = HERE
    places: Places = Places()


def _targets(entry: Entry, name: str) -> tuple[Str, ...]:
    found = entry.dialect.texts(entry.values, name)
    return (found,) if isinstance(found, Unresolved) else found


def _first(entry: Entry, name: str) -> Str | None:
    found = entry.dialect.texts(entry.values, name)
    return None if isinstance(found, Unresolved) or not found else found[0]


POLICY: Final = Table(
    OrganizationsPolicy,
    (
        Field("name", text, "Name", "name", required=True),
        Field(
            "kind",
            text,
            "Type",
            "type",
            default=PerLanguage(Unresolved("Type is missing"), "SERVICE_CONTROL_POLICY", None),
        ),
        Field("content", lambda entry, name: entry.values.get(name), "Content", "content", required=True),
        Field("targets", _targets, "TargetIds", "", default=()),
    ),
    cloudformation=("AWS::Organizations::Policy",),
    terraform=("aws_organizations_policy",),
)
"""The type left out is what Terraform's provider takes then (``internal/service/organizations/policy.go``)."""

_INSIDE: Final = frozenset(
    {
        "AWS::Organizations::Account",
        "AWS::Organizations::OrganizationalUnit",
        "aws_organizations_account",
        "aws_organizations_organizational_unit",
    }
)
_PARENT: Final[Field[Str]] = Field("parent", _first, ("ParentId", "ParentIds"), "parent_id")


def organization_parts(entries: Sequence[Entry], attached: Mapping[str, Sequence[Str]] | None = None) -> Parts:
    """Return the plans and selections of backup policies, and the control policies.

    Most sources have none, and nothing is imported then.

    Args:
        entries: the resources of one source.
        attached: policies, by address, to what resources of their own attach them to.
    """
    policies = POLICY.read_all(entries)
    if not policies:
        return (), (), ()
    from restore_ready.readers._controls import controls  # noqa: PLC0415  # see the docstring
    from restore_ready.readers._organizations import plans_and_selections  # noqa: PLC0415  # see the docstring

    if attached is not None:
        policies = tuple(replace(policy, targets=tuple(attached.get(policy.address, ()))) for policy in policies)
    inside = ((entry.address, _PARENT.given(entry)) for entry in entries if entry.type in _INSIDE)
    parents = {address: parent for address, parent in inside if parent is not None}
    dialect = entries[0].dialect

    written = {entry.address: entry.marks for entry in entries if POLICY.tells(entry)}

    def read(policy: OrganizationsPolicy) -> Known[PolicyDocument]:
        found = dialect.document({"content": policy.content}, "content")
        if found is None or isinstance(found, Unresolved):
            return Unresolved("the policy is not given") if found is None else found
        marks = written[policy.address]
        return in_document(found, marks.blocks("Content") or marks.blocks("content"))

    return *plans_and_selections(policies, parents), tuple(controls(policies, read))
