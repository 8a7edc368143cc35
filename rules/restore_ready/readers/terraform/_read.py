"""Reads root modules into estates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from restore_ready.model import Reading, Source
from restore_ready.readers.terraform._estate import estate_from_blocks
from restore_ready.readers.terraform._evaluate import evaluate_root


def read_root(
    root: Path, *, limit_seconds: float = 60, var_files: Sequence[Path] = (), scanned: Sequence[Path] = ()
) -> Reading:
    """Evaluate one root module and build its estate; for the arguments see `evaluate_root`."""
    found = evaluate_root(root, limit_seconds=limit_seconds, var_files=var_files, scanned=scanned)
    return Reading((estate_from_blocks(found.blocks, source=Source.TERRAFORM, root=str(root), gaps=found.gaps),))


def read_roots(
    roots: Sequence[Path],
    *,
    limit_seconds: float = 60,
    var_files: Sequence[Path] = (),
    scanned: Sequence[Path] = (),
) -> Iterator[tuple[Path, Reading]]:
    """Evaluate *roots* and yield each with its reading in the order asked for."""
    for root in roots:
        yield root, read_root(root, limit_seconds=limit_seconds, var_files=var_files, scanned=scanned)
