"""Takes Organizations policies, and what they are attached to, from a template's resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from restore_ready.model import OrganizationControl, Plan, Selection, Unresolved
from restore_ready.readers.cloudformation._fields import required_text, texts
from restore_ready.readers.cloudformation._resource import Resource

_POLICY: Final = "AWS::Organizations::Policy"
_PARENT: Final = {
    "AWS::Organizations::OrganizationalUnit": "ParentId",
    "AWS::Organizations::Account": "ParentIds",
}


Parts: TypeAlias = tuple[tuple[Plan, ...], tuple[Selection, ...], tuple[OrganizationControl, ...]]


def organization_parts(resources: Sequence[Resource]) -> Parts:
    """Build the plans and selections of backup policies, and the control policies.

    Most templates have none, and nothing is imported then.
    """
    found = [one for one in resources if one.type == _POLICY]
    if not found:
        return (), (), ()
    from restore_ready.readers._controls import controls  # noqa: PLC0415  # see the docstring
    from restore_ready.readers._organizations import (  # noqa: PLC0415  # see the docstring
        OrganizationsPolicy,
        plans_and_selections,
    )

    policies = [
        OrganizationsPolicy(
            one.name,
            one.place,
            required_text(one.properties, "Name"),
            required_text(one.properties, "Type"),
            one.properties.get("Content", Unresolved("Content is missing")),
            (targets,) if isinstance(targets := texts(one.properties, "TargetIds"), Unresolved) else targets,
        )
        for one in found
    ]
    inside = [(one.name, texts(one.properties, _PARENT[one.type])) for one in resources if one.type in _PARENT]
    parents = {name: found[0] for name, found in inside if not isinstance(found, Unresolved) and found}
    return *plans_and_selections(policies, parents), tuple(controls(policies))
