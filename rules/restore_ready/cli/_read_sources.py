"""What is read: live accounts, by a snapshot that is taken or was given, or the sources under some paths?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from restore_ready._errors import UnreadableError, UsageError
from restore_ready._temporary_folder import temporary_folder
from restore_ready.cli._live_options import LiveOptions
from restore_ready.cli._options import ReadingOptions
from restore_ready.cli._progress import Progress
from restore_ready.model import Requirements
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._sources import HowToRead, Sources, read_estates


@contextmanager
def snapshot_of(live: LiveOptions, verify: Requirements | None = None) -> Iterator[Path]:
    """Return the snapshot to read: the one that was given, else a new one, which goes away again unless it is wanted.

    Args:
        live: what is read, and how.
        verify: the requirements that say whom AWS's policy simulator is asked about; ``None`` to leave it unasked.

    Raises:
        StartError: if reading can't begin: no credentials, the wrong account, an organization that can't be listed.
        UsageError: if an option can't be used.
    """
    if live.from_snapshot is not None:
        yield live.from_snapshot
        return
    from restore_ready.cli._take_snapshot import take_snapshot  # noqa: PLC0415  # a snapshot is read without boto3
    from restore_ready.who_can_restore._questions import simulator_questions  # noqa: PLC0415  # most runs ask none

    with temporary_folder() as folder:
        path = live.snapshot or folder / "facts.jsonl"
        take_snapshot(live, path, None if verify is None else partial(simulator_questions, requirements=verify))
        yield path


def read_sources(live: LiveOptions | None, paths: Sequence[Path], reading: ReadingOptions) -> Sources:
    """Return what live accounts say, or else the sources under *paths*, by default those under the current folder.

    Raises:
        StartError: as `snapshot_of`.
        UsageError: if an option, a path or the snapshot can't be used.
    """
    if live is not None:
        return _read_live(live, paths, reading.requirements)
    progress = Progress()
    sources = read_estates(paths or (Path(),), HowToRead(**reading.arguments(), progress=progress))
    progress.clear()
    return sources


def _read_live(live: LiveOptions, paths: Sequence[Path], requirements: Path | None) -> Sources:
    """Return what live accounts say, to be judged by *requirements* or those of the current folder.

    Raises:
        StartError: as `snapshot_of`.
        UsageError: if *paths* are given too, or the snapshot can't be read.
    """
    if paths:
        why = "a snapshot is read alone (--from-snapshot)" if live.from_snapshot else "live accounts are read alone"
        msg = f"{why}: take out the paths"
        raise UsageError(msg)
    from restore_ready.scanning._snapshots import snapshot_sources  # noqa: PLC0415  # most runs read no account

    requirements_file = RequirementsFinder([Path()], requirements).requirements_file(Path())
    with snapshot_of(live) as snapshot:
        try:
            return snapshot_sources(snapshot, requirements_file)
        except UnreadableError as error:
            msg = f"can't use the snapshot: {error}"
            raise UsageError(msg) from error
