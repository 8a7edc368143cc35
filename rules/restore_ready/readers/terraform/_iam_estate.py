"""Builds the principals and identity policies of an estate, attachments of every kind carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from restore_ready.model import Policy, Principal
from restore_ready.readers.terraform._attachments import Attacher
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._customer_policies import Policies
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._principals import KINDS, Directory, Draft, draft


def iam_parts(
    blocks: Sequence[Block],
    documents: Documents,
    *,
    principals: Iterable[Principal],
    policies: Iterable[Policy],
) -> tuple[tuple[Principal, ...], tuple[Policy, ...]]:
    """Return the principals and the customer managed policies of *blocks*.

    Args:
        blocks: all blocks of the estate.
        documents: reads their policy documents.
        principals: those that other providers' blocks declare; attachments may name them too.
        policies: likewise.
    """
    known = Policies(blocks, policies, documents)
    managed = [one for one in blocks if one.mode == "managed"]
    drafts = [draft(one, known, documents) for one in managed if one.type in KINDS]
    drafts += [Draft(one) for one in principals]
    looked_up = [one for one in blocks if one.mode == "data" and one.type in KINDS]
    directory = Directory(drafts, looked_up, documents)
    attacher = Attacher(directory, known, documents)
    for block in managed:
        attacher.attach(block)
    for block in managed:
        attacher.join_groups(block)
    return tuple(one.finished() for one in directory), known.all()
