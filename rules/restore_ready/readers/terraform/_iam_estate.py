"""Builds the principals and identity policies of an estate, attachments of every kind carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from restore_ready.model import Policy, Principal
from restore_ready.readers._drafts import Draft
from restore_ready.readers._fields import Dialect
from restore_ready.readers._iam_tables import principal_types
from restore_ready.readers.terraform._attachments import Attacher
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._customer_policies import Policies
from restore_ready.readers.terraform._dialect import entry_of
from restore_ready.readers.terraform._exclusive_attachments import ExclusiveLists
from restore_ready.readers.terraform._principals import Directory, draft


def iam_parts(
    blocks: Sequence[Block],
    dialect: Dialect,
    *,
    principals: Iterable[Principal],
    policies: Iterable[Policy],
) -> tuple[tuple[Principal, ...], tuple[Policy, ...]]:
    """Return the principals and the customer managed policies of *blocks*.

    Args:
        blocks: all blocks of the estate.
        dialect: of the estate.
        principals: those that other providers' blocks declare; attachments may name them too.
        policies: likewise.
    """
    known = Policies(blocks, policies, dialect)
    managed = [block for block in blocks if block.mode == "managed"]
    declared = (draft(block, entry_of(block, dialect), known) for block in managed)
    drafts = [*(found for found in declared if found is not None), *map(Draft, principals)]
    looked_up = [block for block in blocks if block.mode == "data" and block.type in principal_types()]
    directory = Directory(drafts, looked_up, dialect)
    attacher = Attacher(directory, known, dialect)
    for block in managed:
        attacher.attach(block)
    exclusive_lists = ExclusiveLists(directory, known)
    for block in managed:
        exclusive_lists.enforce(block)
    for block in managed:
        attacher.join_groups(block)
    return tuple(found.finished() for found in directory), known.all()
