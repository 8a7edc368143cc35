"""Reads a root module into an estate."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from restore_ready.model import Reading, Source
from restore_ready.readers.terraform._estate import estate_from_blocks
from restore_ready.readers.terraform._evaluate import Readable, evaluate_root
from restore_ready.readers.terraform._variables import VariableValues

_NOTHING_ELSE: Final = Readable()
_NO_VALUES: Final = VariableValues()


def read_root(
    root: Path,
    *,
    limit_seconds: float = 60,
    values: VariableValues = _NO_VALUES,
    readable: Readable = _NOTHING_ELSE,
) -> Reading:
    """Evaluate one root module and build its estate; for the arguments see `evaluate_root`."""
    found = evaluate_root(root, limit_seconds=limit_seconds, values=values, readable=readable)
    return Reading((estate_from_blocks(found.blocks, source=Source.TERRAFORM, root=str(root), gaps=found.gaps),))
