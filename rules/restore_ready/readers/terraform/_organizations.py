"""Takes Organizations policies, and what they are attached to, from ``aws_organizations_*`` blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from restore_ready.model import THIS_ACCOUNT, OrganizationControl, Plan, Ref, Selection, Str, Unresolved
from restore_ready.readers.terraform._attributes import required_text, text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents

_TYPE: Final = "SERVICE_CONTROL_POLICY"
"""What the provider takes where ``type`` is left out (``internal/service/organizations/policy.go``)."""


Parts: TypeAlias = tuple[tuple[Plan, ...], tuple[Selection, ...], tuple[OrganizationControl, ...]]


def organization_parts(blocks: Sequence[Block], documents: Documents) -> Parts:
    """Build the plans and selections of backup policies, and the control policies.

    Most roots have none, and nothing is imported then.
    """
    of_type: dict[str, list[Block]] = {}
    for block in blocks:
        if block.mode == "managed":
            of_type.setdefault(block.type, []).append(block)
    found = of_type.get("aws_organizations_policy", ())
    if not found:
        return (), (), ()
    from restore_ready.readers._controls import controls  # noqa: PLC0415  # see the docstring
    from restore_ready.readers._organizations import (  # noqa: PLC0415  # see the docstring
        OrganizationsPolicy,
        plans_and_selections,
    )

    identities = [block for block in blocks if block.type == "aws_caller_identity"]
    targets = _targets(of_type.get("aws_organizations_policy_attachment", ()), _own_account(identities))
    policies = [
        OrganizationsPolicy(
            policy.address,
            policy.place,
            required_text(policy.values, "name"),
            _TYPE if (kind := text(policy.values, "type")) is None else kind,
            policy.values.get("content", Unresolved("content is not given")),
            tuple(targets.get(policy.address, ())),
        )
        for policy in found
    ]
    inside = (*of_type.get("aws_organizations_organizational_unit", ()), *of_type.get("aws_organizations_account", ()))
    parents = {unit.address: required_text(unit.values, "parent_id") for unit in inside}
    return *plans_and_selections(policies, parents), tuple(controls(policies, documents.read))


def _own_account(identities: Sequence[Block]) -> str:
    """Return the id of the account deployed to where a plan tells just one, else an empty string."""
    ids = {identity.values.get("account_id") for identity in identities}
    only = ids.pop() if len(ids) == 1 else None
    return only if isinstance(only, str) else ""


def _targets(attachments: Sequence[Block], own_account: str) -> dict[str, list[Str]]:
    """Return what each policy, by its address, is attached to; the account deployed to as ``this-account``."""
    targets: dict[str, list[Str]] = {}
    for attachment in attachments:
        policy = attachment.values.get("policy_id")
        if isinstance(policy, Ref):
            target = required_text(attachment.values, "target_id")
            targets.setdefault(policy.target, []).append(THIS_ACCOUNT if target == own_account else target)
    return targets
