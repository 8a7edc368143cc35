"""Takes Organizations policies, and what they are attached to, from ``aws_organizations_*`` blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from restore_ready._model import Plan, Selection
from restore_ready._values import Ref, Str, Unresolved
from restore_ready.readers.terraform._attributes import required_text, text
from restore_ready.readers.terraform._block import Block

_TYPE: Final = "SERVICE_CONTROL_POLICY"
"""What the provider takes where ``type`` is left out (``internal/service/organizations/policy.go``)."""


def organization_parts(of_type: Mapping[str, Sequence[Block]]) -> tuple[tuple[Plan, ...], tuple[Selection, ...]]:
    """Build the plans and selections of backup policies. Most roots have none, and nothing is imported then.

    Args:
        of_type: the managed blocks by type.
    """
    found = of_type.get("aws_organizations_policy", ())
    if not found:
        return (), ()
    from restore_ready.readers._organizations import (  # noqa: PLC0415  # see the docstring
        OrganizationsPolicy,
        plans_and_selections,
    )

    targets = _targets(of_type.get("aws_organizations_policy_attachment", ()))
    policies = [
        OrganizationsPolicy(
            one.address,
            one.place,
            required_text(one.values, "name"),
            _TYPE if (kind := text(one.values, "type")) is None else kind,
            one.values.get("content", Unresolved("content is not given")),
            tuple(targets.get(one.address, ())),
        )
        for one in found
    ]
    inside = (*of_type.get("aws_organizations_organizational_unit", ()), *of_type.get("aws_organizations_account", ()))
    return plans_and_selections(policies, {one.address: required_text(one.values, "parent_id") for one in inside})


def _targets(attachments: Sequence[Block]) -> dict[str, list[Str]]:
    """Return what each policy, by its address, is attached to."""
    targets: dict[str, list[Str]] = {}
    for one in attachments:
        policy = one.values.get("policy_id")
        if isinstance(policy, Ref):
            targets.setdefault(policy.target, []).append(required_text(one.values, "target_id"))
    return targets
