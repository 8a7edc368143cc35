"""Takes Organizations policies, and what they are attached to, from ``aws_organizations_*`` blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from restore_ready.model import THIS_ACCOUNT, OrganizationControl, Plan, Ref, Selection, Str, Unresolved
from restore_ready.readers.terraform._attributes import required_text, text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents

_TYPE: Final = "SERVICE_CONTROL_POLICY"
"""What the provider takes where ``type`` is left out (``internal/service/organizations/policy.go``)."""


Parts: TypeAlias = tuple[tuple[Plan, ...], tuple[Selection, ...], tuple[OrganizationControl, ...]]


def organization_parts(
    of_type: Mapping[str, Sequence[Block]], documents: Documents, identities: Sequence[Block]
) -> Parts:
    """Build the plans and selections of backup policies, and the control policies.

    Most roots have none, and nothing is imported then.

    Args:
        of_type: the managed blocks by type.
        documents: of the same root.
        identities: the ``aws_caller_identity`` blocks, which may tell the id of the account deployed to.
    """
    found = of_type.get("aws_organizations_policy", ())
    if not found:
        return (), (), ()
    from restore_ready.readers._controls import controls  # noqa: PLC0415  # see the docstring
    from restore_ready.readers._organizations import (  # noqa: PLC0415  # see the docstring
        OrganizationsPolicy,
        plans_and_selections,
    )

    targets = _targets(of_type.get("aws_organizations_policy_attachment", ()), _own_account(identities))
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
    parents = {one.address: required_text(one.values, "parent_id") for one in inside}
    return *plans_and_selections(policies, parents), tuple(controls(policies, documents.read))


def _own_account(identities: Sequence[Block]) -> str:
    """Return the id of the account deployed to where a plan tells just one, else an empty string."""
    ids = {one.values.get("account_id") for one in identities}
    only = ids.pop() if len(ids) == 1 else None
    return only if isinstance(only, str) else ""


def _targets(attachments: Sequence[Block], own_account: str) -> dict[str, list[Str]]:
    """Return what each policy, by its address, is attached to; the account deployed to as ``this-account``."""
    targets: dict[str, list[Str]] = {}
    for one in attachments:
        policy = one.values.get("policy_id")
        if isinstance(policy, Ref):
            target = required_text(one.values, "target_id")
            targets.setdefault(policy.target, []).append(THIS_ACCOUNT if target == own_account else target)
    return targets
