"""Builds KMS keys with their policies and aliases, which may be blocks of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.model import Key, Known, PolicyDocument, PrincipalEntry, Statement, Str, Unresolved, doubt, join_text
from restore_ready.readers._fields import Dialect, Entry
from restore_ready.readers._key_tables import KEY, aliases
from restore_ready.readers._kinds import document, named
from restore_ready.readers.terraform._attributes import required_text, text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._dialect import entry_of

_OWN: Final = ("arn", "key_id")
_DELETED: Final = "PendingDeletion"
"""The state of a key that Terraform destroys: KMS deletes none at once."""


def keys(blocks: Sequence[Block], dialect: Dialect) -> Iterator[Key]:
    """Yield every customer managed key with its policy, wherever that is written, and its aliases."""
    policies, astray = _separate_policies(blocks, dialect)
    grants = [block for block in blocks if block.type == "aws_kms_grant"]
    entries = [entry_of(block, dialect) for block in blocks]
    for block, entry in zip(blocks, entries, strict=True):
        if not KEY.tells(entry):
            continue
        own = {name for name in (block.address, *map(block.values.get, _OWN)) if isinstance(name, str)}
        given = [policies[name] for name in own if name in policies]
        document = _certain(*given[0], block) if given else _own_policy(entry)
        key = KEY.read(
            entry,
            aliases=aliases(entries, own),
            document=astray if document is None else document,
            grants=tuple(_grant(grant, block) for grant in grants if named(text(grant.values, "key_id")) in own),
        )
        yield replace(key, enabled=False, state=_DELETED) if block.deleted else key


def _separate_policies(
    blocks: Sequence[Block], dialect: Dialect
) -> tuple[dict[str, tuple[Block, Known[PolicyDocument] | None]], Unresolved | None]:
    """Return the policies that are resources of their own, by what names their key, and why some key's is not known."""
    found: dict[str, tuple[Block, Known[PolicyDocument] | None]] = {}
    astray: Unresolved | None = None
    for block in blocks:
        if block.type != "aws_kms_key_policy":
            continue
        key = named(text(block.values, "key_id"))
        if key:
            found[key] = block, document(entry_of(block, dialect), "policy")
        else:
            astray = Unresolved(f"which key {block.address} is for can't be told")
    return found, astray


def _certain(block: Block, document: Known[PolicyDocument] | None, key: Block) -> Known[PolicyDocument] | None:
    why = doubt(block, key.maybe)
    return Unresolved(why) if why else document


def _own_policy(entry: Entry) -> Known[PolicyDocument] | None:
    return None if entry.values.get("policy") in (None, "") else document(entry, "policy")


def _grant(grant: Block, key: Block) -> Statement:
    """Return what a grant allows, as a statement of the key's policy would; its constraints leave it open."""
    operations = texts(grant.values, "operations")
    allowed = operations if isinstance(operations, Unresolved) else tuple(map(_action, operations))
    grantee = PrincipalEntry("AWS", required_text(grant.values, "grantee_principal"))
    why = doubt(grant, key.maybe) or ("it has constraints" if grant.values.get("constraints") else "")
    conditions = Unresolved(f"{grant.address}: {why}") if why else ()
    return Statement(0, grant.address, "Allow", allowed, principals=(grantee,), conditions=conditions)


def _action(operation: Str) -> Str:
    return join_text(("kms:", operation))
