"""Joins blocks by what they refer to, where the value itself does not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.model import Ref, Text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._normalise import scope_of

_NAMES: Final = {
    "backup_vault_name": ("aws_backup_vault", "aws_backup_logically_air_gapped_vault"),
    "group": ("aws_iam_group",),
    "groups": ("aws_iam_group",),
    "restore_testing_plan_name": ("aws_backup_restore_testing_plan",),
    "role": ("aws_iam_role",),
    "roles": ("aws_iam_role",),
    "user": ("aws_iam_user",),
    "users": ("aws_iam_user",),
}
"""Attributes that hold names of other resources, and the types of those."""


def joined(blocks: Sequence[Block]) -> list[Block]:
    """Return *blocks* with references for names of which only a part is known.

    Such a name is that of a resource if the block refers to it, and its name is made up of the same parts.
    """
    by_address = {block.address: block for block in blocks}
    return [_joined(block, by_address) if block.references else block for block in blocks]


def _joined(block: Block, by_address: Mapping[str, Block]) -> Block:
    found: dict[str, object] = {}
    for name, kinds in _NAMES.items():
        value = block.values.get(name)
        named = [by_address[one] for one in block.references if one in by_address and by_address[one].type in kinds]
        if named and isinstance(value, (Text, list)):
            scope = scope_of(block.address)
            near = [one for one in named if scope_of(one.address) == scope]
            found[name] = [_named(one, near) for one in value] if isinstance(value, list) else _named(value, near)
    return replace(block, values={**block.values, **found}) if found else block


def _named(value: object, near: Sequence[Block]) -> object:
    same = [one for one in near if isinstance(value, Text) and one.values.get("name") == value]
    return Ref(same[0].address, "name") if len(same) == 1 else value
