"""Takes the snapshot of one account, or of many, that an audit is judged from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from restore_ready._errors import StartError, UnreadableError
from restore_ready.live._answers import iso
from restore_ready.live._collect import WORKERS, Scope, Watch, collect
from restore_ready.live._facts import Fact, Status
from restore_ready.live._roll import ROLL
from restore_ready.live._sessions import sign_in
from restore_ready.live._snapshot import PARTIAL, Header, SnapshotWriter, read_accounts, writing
from restore_ready.live._targets import Target
from restore_ready.live._work import MakeCrew, Work, collected

Done: TypeAlias = Callable[[str, int, int], None]
"""Is told each account once it is in the snapshot, how many are, and how many there will be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a snapshot is taken.

    Attributes:
        path: where it goes.
        regions: the Regions to read; empty for all that an account can use.
        redacted: whether account ids are replaced.
        workers: calls at a time, in each account.
    """

    path: Path
    regions: tuple[str, ...] = ()
    redacted: bool = False
    workers: int = WORKERS

    def header(self) -> Header:
        """Return the header of a snapshot that begins now."""
        return Header.new(now(), self.regions, redacted=self.redacted)


def now() -> str:
    """Return this moment, as facts have it."""
    return iso(datetime.now(timezone.utc))


def take_one(target: Target, settings: Settings, watch: Watch | None = None) -> None:
    """Take the snapshot of one account.

    Raises:
        StartError: if there are no credentials, or they are of another account than the one meant.
        UsageError: if the sign-in or the file can't be used.
    """
    session = sign_in(target.sign_in)
    scope = Scope(target.account, settings.regions)
    facts = collect(session, scope, workers=settings.workers, watch=watch)
    identity = next(facts)
    if identity.status is not Status.OK:
        cure = "check the credentials" if target.sign_in.role_arn is None else "check the credentials and the role"
        msg = f"can't sign in to AWS: {identity.code}: {identity.message}; {cure}"
        raise StartError(msg)
    with writing(settings.path, settings.header()) as writer:
        writer.add(identity.account, chain([identity], facts))


def take_many(
    targets: Sequence[Target], roll: Fact, settings: Settings, make_crew: MakeCrew, done: Done | None = None
) -> None:
    """Take the snapshot of many accounts, streamed: one that can't be read is in it with the reason.

    A run that was broken off is gone on with: accounts that are in its file are not asked again. A redacted one starts
    anew, because it is not kept which account got which number.

    Raises:
        UnreadableError: if what a broken run left is of other accounts, Regions or another version.
        UsageError: if the file can't be written, or the executor is not installed.
        StartError: if the executor can't be reached.
    """
    with (
        make_crew() as crew,
        writing(settings.path, settings.header(), resume=not settings.redacted) as writer,
    ):
        _call_roll(writer, roll, settings.path)
        finished = len(writer.done) - 1
        number = len(targets)
        left = (one for one in targets if one.account not in writer.done)
        run = writer.header.started
        for found in collected((Work(one, settings.regions, settings.workers, run) for one in left), crew):
            writer.add(found.account, found.facts)
            finished += 1
            if done is not None:
                done(found.account, finished, number)


def begun_roll(path: Path) -> Fact | None:
    """Return the roll of a run that was broken off and would be gone on with, ``None`` if there is none."""
    partial = path.with_name(path.name + PARTIAL)
    return next(_rolls(partial), None) if partial.exists() else None


def _rolls(partial: Path) -> Iterator[Fact]:
    try:
        first = next(read_accounts(partial), None)
    except UnreadableError:
        return
    if first is not None and first.account == ROLL and first.facts:
        yield first.facts[0]


def _call_roll(writer: SnapshotWriter, roll: Fact, path: Path) -> None:
    """Put the roll before everything else, or check that what was begun has the same.

    Raises:
        UnreadableError: if it has another one.
    """
    if not writer.done:
        writer.add(ROLL, [roll])
        writer.done = (ROLL,)
        return
    before = begun_roll(path)
    if before is None or (before.params, before.data) != (roll.params, roll.data):
        partial = path.with_name(path.name + PARTIAL)
        raise UnreadableError(partial, "was begun with other accounts: remove it and start anew", 2)
