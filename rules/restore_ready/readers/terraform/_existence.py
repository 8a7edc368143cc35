"""Says what may not exist where something else does."""

from __future__ import annotations

from restore_ready.readers.terraform._block import Block


def doubt(block: Block, beside: tuple[str, ...]) -> str:
    """Say why it is not known whether *block* exists where something with the open conditions *beside* does.

    Empty if it certainly does.
    """
    condition = next((condition for condition in block.maybe if condition not in beside), "")
    return f"whether {block.address} exists is not known: {condition}" if condition else ""
