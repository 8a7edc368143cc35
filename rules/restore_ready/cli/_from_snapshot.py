"""Lets commands that read sources read the snapshot of live accounts instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from restore_ready._errors import UnreadableError, UsageError
from restore_ready._reading import Sources
from restore_ready.requirements._find import Library

F = TypeVar("F", bound=Callable[..., Any])


def snapshot_option(command: F) -> F:
    """Add ``--from-snapshot``."""
    option = click.option(
        "--from-snapshot",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Read the live accounts that this snapshot of `restore-ready audit` holds, and no PATH.",
    )
    return option(command)


def read_snapshot(snapshot: Path, paths: Sequence[Path], requirements: Path | None) -> Sources:
    """Read the accounts in *snapshot*, to be judged by *requirements* or those of the current folder.

    Raises:
        UsageError: if *paths* are given too, or the snapshot can't be read.
    """
    if paths:
        msg = "a snapshot is read alone (--from-snapshot): take out the paths"
        raise UsageError(msg)
    from restore_ready._snapshots import snapshot_sources  # noqa: PLC0415  # most runs read no account

    try:
        return snapshot_sources(snapshot, Library([Path()], requirements).book(Path()))
    except UnreadableError as error:
        msg = f"can't use the snapshot: {error}"
        raise UsageError(msg) from error
