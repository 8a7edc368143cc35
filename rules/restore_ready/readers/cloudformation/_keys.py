"""Builds KMS keys, and says which key a vault or file system names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from restore_ready.iam import parse_document
from restore_ready.model import Key, Ref, Str
from restore_ready.readers.cloudformation._fields import required_text, text
from restore_ready.readers.cloudformation._resource import Resource

_KEYS: Final = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_ALIAS: Final = "AWS::KMS::Alias"


def keys(resources: Sequence[Resource]) -> Iterator[Key]:
    """Build every customer managed key with its policy and aliases."""
    aliases = [(required_text(one.properties, "TargetKeyId"), one) for one in resources if one.type == _ALIAS]
    for resource in resources:
        if resource.type in _KEYS:
            written = resource.properties.get("KeyPolicy")
            yield Key(
                resource.name,
                resource.place,
                Ref(resource.name, "Arn"),
                tuple(name for target, alias in aliases if _is(target, resource) for name in _alias(alias)),
                None if written is None else parse_document(written),
            )


def _is(target: Str, key: Resource) -> bool:
    return isinstance(target, Ref) and target.target == key.name


def _alias(resource: Resource) -> Iterator[Str]:
    """Give the alias by its name and by reference."""
    name = text(resource.properties, "AliasName")
    if name is not None:
        yield name
    yield Ref(resource.name, "Ref")
