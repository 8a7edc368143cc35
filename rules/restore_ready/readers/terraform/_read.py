"""Reads root modules into estates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from restore_ready.model import Reading, Source
from restore_ready.readers.terraform._estate import estate_from_blocks
from restore_ready.readers.terraform._evaluate import Evaluation, evaluate_root, evaluate_roots


def read_root(root: Path, *, limit_seconds: float = 60, var_files: Sequence[Path] = ()) -> Reading:
    """Evaluate one root module and build its estate."""
    return _reading(root, evaluate_root(root, limit_seconds=limit_seconds, var_files=var_files))


def read_roots(
    roots: Sequence[Path], *, limit_seconds: float = 60, workers: int = 2, var_files: Sequence[Path] = ()
) -> Iterator[tuple[Path, Reading]]:
    """Evaluate *roots*, several at a time, and give each with its reading in the order asked for."""
    for root, found in evaluate_roots(roots, limit_seconds=limit_seconds, workers=workers, var_files=var_files):
        yield root, _reading(root, found)


def _reading(root: Path, found: Evaluation) -> Reading:
    estate = estate_from_blocks(found.blocks, source=Source.TERRAFORM, root=str(root), gaps=found.gaps)
    return Reading((estate,))
