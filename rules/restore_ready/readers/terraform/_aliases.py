"""Follows data sources that look up a resource of the same configuration to that resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec.structs import replace

from restore_ready.model import AwsPlace, Ref, Text, like
from restore_ready.readers.terraform._block import Block

_LOOKED_UP: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "aws_backup_plan": {"plan_id": ("id",)},
    "aws_backup_vault": {"name": ("name", "id")},
    "aws_efs_file_system": {"creation_token": ("creation_token",), "file_system_id": ("id",)},
    "aws_iam_group": {"group_name": ("name",)},
    "aws_iam_policy": {"arn": ("arn",), "name": ("name",)},
    "aws_iam_role": {"name": ("name", "id")},
    "aws_iam_user": {"user_name": ("name",)},
}
"""Type to the arguments by which a data source finds a resource, and the attributes of that which they equal."""

_DEEPEST: Final = 100

_Known: TypeAlias = tuple[str, str, tuple[str, AwsPlace], str]
"""Type, argument, provider with its place, and value."""


def followed(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return *blocks* with references to such data sources made references to the resources that they find.

    A data source finds a resource if its argument refers to it, or is the value known of one resource of the type and
    provider alone.
    """
    sources = [block for block in blocks if block.mode == "data" and block.type in _LOOKED_UP]
    if not sources:
        return blocks
    managed = [block for block in blocks if block.mode == "managed" and block.type in _LOOKED_UP]
    types = {block.address: block.type for block in managed}
    known = _by_known_values(managed)
    found: dict[str, str] = {}
    for block in sources:
        targets = {address for argument in _LOOKED_UP[block.type] for address in _found(block, argument, types, known)}
        if len(targets) == 1:
            found[block.address] = targets.pop()
    return [replace(block, values=_mapped(block.values, found, 0)) for block in blocks] if found else blocks


def _by_known_values(managed: Iterable[Block]) -> dict[_Known, list[str]]:
    """Return the addresses of resources by type, argument that finds them, provider and value."""
    known: dict[_Known, list[str]] = {}
    for block in managed:
        for argument, attributes in _LOOKED_UP[block.type].items():
            values = {value for name in attributes if isinstance(value := block.values.get(name), str) and value}
            for value in values:
                known.setdefault((block.type, argument, _provider(block), value), []).append(block.address)
    return known


def _found(block: Block, argument: str, types: Mapping[str, str], known: Mapping[_Known, list[str]]) -> list[str]:
    value = block.values.get(argument)
    if isinstance(value, Ref):
        return [value.target] if types.get(value.target) == block.type else []
    return known.get((block.type, argument, _provider(block), value), []) if isinstance(value, str) else []


def _provider(block: Block) -> tuple[str, AwsPlace]:
    """Return the provider of a block, and where it works for it: a name means something in that Region alone."""
    written = block.values.get("provider")
    return (written if isinstance(written, str) else "aws"), block.aws_place


def _mapped(values: Mapping[str, object], found: Mapping[str, str], depth: int) -> Mapping[str, object]:
    return like(values, {name: _value(value, found, depth) for name, value in values.items()})


def _value(value: object, found: Mapping[str, str], depth: int) -> object:
    if isinstance(value, Ref):
        return _ref(value, found)
    if isinstance(value, Text):
        return Text(tuple(_ref(part, found) if isinstance(part, Ref) else part for part in value.parts))
    if depth > _DEEPEST:
        return value
    if isinstance(value, Mapping):
        return _mapped(value, found, depth + 1)
    return [_value(item, found, depth + 1) for item in value] if isinstance(value, (list, tuple)) else value


def _ref(value: Ref, found: Mapping[str, str]) -> Ref:
    return replace(value, target=found[value.target]) if value.target in found else value
