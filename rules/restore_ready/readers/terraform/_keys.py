"""Builds KMS keys, and says which key a vault or file system names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from restore_ready.model import Key, Known, PolicyDocument, Ref, Str, Unresolved
from restore_ready.readers.terraform._attributes import Values, required_text, text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._existence import doubt

KEYS: Final = ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key")
_OWN: Final = ("arn", "key_id")
_FOUND: Final = ("arn", "id", "key_id", "target_key_arn", "target_key_id")
"""Attributes of data sources that name the key they find."""

_AWS_MANAGED: Final = "alias/aws/"


class KeyNames:
    """What the estate's blocks call keys."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        """Take *blocks*, among them data sources that look AWS's own keys up."""
        self._names: dict[str, str] = {}
        for block in blocks:
            name = _looked_up(block)
            if name.startswith(_AWS_MANAGED):
                values = (block.values.get(one) for one in _FOUND)
                self._names |= {one: name for one in (block.address, *values) if isinstance(one, str)}

    def read(self, values: Values, name: str) -> Str | None:
        """Return the key that attribute *name* means; its alias instead where that is one of AWS's own."""
        value = text(values, name)
        known = value.target if isinstance(value, Ref) else value
        return self._names.get(known, value) if isinstance(known, str) else value


def _looked_up(block: Block) -> str:
    """Return the alias by which a data source looks a key up, if it does; else an empty string."""
    argument = {"aws_kms_alias": "name", "aws_kms_key": "key_id"}.get(block.type, "") if block.mode == "data" else ""
    value = block.values.get(argument)
    return value if isinstance(value, str) else ""


def keys(of_type: Mapping[str, Sequence[Block]], documents: Documents) -> Iterator[Key]:
    """Build every customer managed key with its policy, wherever that is written, and its aliases."""
    policies, astray = _separate_policies(of_type.get("aws_kms_key_policy", ()), documents)
    aliases = [(required_text(one.values, "target_key_id"), one) for one in of_type.get("aws_kms_alias", ())]
    for block in (one for kind in KEYS for one in of_type.get(kind, ())):
        own = {one for one in (block.address, *(block.values.get(name) for name in _OWN)) if isinstance(one, str)}
        given = [policies[one] for one in own if one in policies]
        document = _certain(*given[0], block) if given else _own_policy(block, documents)
        arn = block.values.get("arn")
        yield Key(
            block.address,
            block.place,
            arn if isinstance(arn, str) else Ref(block.address, "arn"),
            tuple(name for target, alias in aliases if _named(target) in own for name in _alias(alias)),
            astray if document is None else document,
        )


def _separate_policies(
    blocks: Sequence[Block], documents: Documents
) -> tuple[dict[str, tuple[Block, Known[PolicyDocument]]], Unresolved | None]:
    """Return the policies that are resources of their own, by what names their key, and why some key's is not known."""
    found: dict[str, tuple[Block, Known[PolicyDocument]]] = {}
    astray: Unresolved | None = None
    for block in blocks:
        key = _named(required_text(block.values, "key_id"))
        if key:
            found[key] = block, documents.read(block.values.get("policy"))
        else:
            astray = Unresolved(f"which key {block.address} is for can't be told")
    return found, astray


def _named(key: Str) -> str:
    return key.target if isinstance(key, Ref) else key if isinstance(key, str) else ""


def _certain(block: Block, document: Known[PolicyDocument], key: Block) -> Known[PolicyDocument]:
    why = doubt(block, key.maybe)
    return Unresolved(why) if why else document


def _own_policy(block: Block, documents: Documents) -> Known[PolicyDocument] | None:
    written = block.values.get("policy")
    return None if written is None or written == "" else documents.read(written)


def _alias(block: Block) -> Iterator[Str]:
    """Give the alias by its name and by reference."""
    name = text(block.values, "name")
    if name is not None:
        yield name
    yield Ref(block.address, "name")
