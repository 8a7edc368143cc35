"""Finds, for the nested blocks of a plan, the block of the configuration that each comes from.

A plan's configuration has the blocks that are written as such, and none of those that a ``dynamic`` block makes; the
planned blocks have no names, and sets of them no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from restore_ready.readers.terraform.plan._tree import Tree, mapping

_MOST_COMPARED: Final = 100
_ORDERED: Final = frozenset({"statement"})
"""Blocks that are a list, whose order a plan keeps."""


def written_for(name: str, planned: Sequence[Tree], written: Sequence[Tree]) -> list[Tree | None]:
    """Return the written block of each planned one called *name*; ``None`` for one where that is not certain.

    Each written block is there. So one that fits a single planned block is that one's. Where there are as many of
    both, no block is dynamic: blocks in order are each other's, and a planned one that a single one fits is that one's.
    """
    are_all = len(planned) == len(written)
    if are_all and name in _ORDERED:
        return list(written)
    if len(written) > _MOST_COMPARED or len(planned) > _MOST_COMPARED:
        return [None] * len(planned)
    fitting = [[block for block in written if _fits(values, block)] for values in planned]
    return [_certain(blocks, fitting, are_all=are_all) for blocks in fitting]


def _certain(blocks: list[Tree], fitting: list[list[Tree]], *, are_all: bool) -> Tree | None:
    if are_all and len(blocks) == 1:
        return blocks[0]
    own = [block for block in blocks if sum(any(block is other for other in others) for others in fitting) == 1]
    return own[0] if len(own) == 1 else None


def _fits(values: Tree, block: Tree) -> bool:
    """Tell whether a planned block can come from *block*: every constant that can be compared is the same."""
    constants = {
        name: expression for name, written in block.items() if "constant_value" in (expression := mapping(written))
    }
    return all(_same(values.get(name), expression["constant_value"]) for name, expression in constants.items())


def _same(planned: object, constant: object) -> bool:
    if isinstance(planned, list) and isinstance(constant, list):
        return {str(item).lower() for item in planned} == {str(item).lower() for item in constant}
    return planned == constant or str(planned).lower() == str(constant).lower()
