"""Tells what Organizations policies are attached to, from ``aws_organizations_policy_attachment`` blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from restore_ready.model import THIS_ACCOUNT, Ref, Str
from restore_ready.readers.terraform._attributes import required_text
from restore_ready.readers.terraform._block import Block


def policy_targets(blocks: Sequence[Block]) -> Mapping[str, Sequence[Str]]:
    """Return what each policy, by its address, is attached to; the account deployed to as ``this-account``."""
    own_account = _own_account(blocks)
    targets: dict[str, list[Str]] = {}
    for block in blocks:
        policy = block.values.get("policy_id")
        if block.type == "aws_organizations_policy_attachment" and block.mode == "managed" and isinstance(policy, Ref):
            target = required_text(block.values, "target_id")
            targets.setdefault(policy.target, []).append(THIS_ACCOUNT if target == own_account else target)
    return targets


def _own_account(blocks: Sequence[Block]) -> str:
    """Return the id of the account deployed to where a plan tells just one, else an empty text."""
    ids = {block.values.get("account_id") for block in blocks if block.type == "aws_caller_identity"}
    only = ids.pop() if len(ids) == 1 else None
    return only if isinstance(only, str) else ""
