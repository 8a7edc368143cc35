"""How is the snapshot taken, of one account or of many, that an audit is judged from?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from restore_ready._errors import StartError, UnreadableError
from restore_ready.live._account_roster import CONTROLS, INVALID_POLICIES, ROSTER, members_of, roster_of
from restore_ready.live._answers import iso
from restore_ready.live._collect import WORKERS, Scope, Verify, Watch, collect
from restore_ready.live._organization import list_organization
from restore_ready.live._sessions import home_region, sign_in
from restore_ready.live._snapshot import PARTIAL, Header, SnapshotWriter, read_accounts, writing
from restore_ready.live._targets import RoleIn, Target, read_targets
from restore_ready.live._work import MakeCrew, Work, collected, end_run
from restore_ready.model import Fact, Status

Done: TypeAlias = Callable[[str, int, int], None]
"""Is told each account once it is in the snapshot, how many are, and how many there will be."""


class Settings(Struct, frozen=True):
    """How a snapshot is taken.

    Attributes:
        path: where it goes.
        regions: the Regions to read; empty for all that an account can use.
        redacted: whether account ids are replaced.
        workers: calls at a time, in each account.
        verify: what AWS's policy simulator is asked, as `Scope` has it.
    """

    path: Path
    regions: tuple[str, ...] = ()
    redacted: bool = False
    workers: int = WORKERS
    verify: Verify | None = None

    def header(self) -> Header:
        """Return the header of a snapshot that begins now."""
        return Header.new(_now(), self.regions, redacted=self.redacted, verified=self.verify is not None)

    @property
    def partial(self) -> Path:
        """Where the snapshot is as long as it is not complete."""
        return self.path.with_name(self.path.name + PARTIAL)


class Roster(Struct, frozen=True):
    """The accounts to read, and the fact that lists them in the snapshot.

    Attributes:
        controls: what their organization says of its service control policies, where it was asked.
        invalid: likewise, which of them have an invalid backup policy.
    """

    targets: Sequence[Target]
    accounts: Fact
    controls: Fact | None = None
    invalid: Fact | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What stands before the accounts in a snapshot."""
        return (self.accounts, *(fact for fact in (self.controls, self.invalid) if fact is not None))


def take_one(target: Target, settings: Settings, watch: Watch | None = None) -> None:
    """Take the snapshot of one account.

    Raises:
        StartError: if there are no credentials, or they are of another account than the one meant.
        UsageError: if the sign-in or the file can't be used.
    """
    session = sign_in(target.sign_in)
    scope = Scope(target.account, settings.regions, verify=settings.verify)
    facts = collect(session, scope, workers=settings.workers, watch=watch)
    identity = next(facts)
    if identity.status is not Status.OK:
        own = target.sign_in.role_arn is None
        fix = "check the credentials, or name a --profile" if own else "check the credentials and the role"
        msg = f"can't sign in to AWS: {identity.code}: {identity.message}; {fix}"
        raise StartError(msg)
    with writing(settings.path, settings.header()) as writer:
        writer.add(identity.account, chain([identity], facts))


def listed_in_file(file: Path, how: RoleIn) -> Roster:
    """Return the accounts that *file* names.

    Raises:
        UsageError: if it can't be used.
    """
    targets = read_targets(file, _in_partition(how))
    return Roster(targets, roster_of((str(target.account) for target in targets), _now()))


def listed_in_organization(
    how: RoleIn, include: tuple[str, ...], exclude: tuple[str, ...], settings: Settings
) -> Roster:
    """Return the accounts of the organization that can be used, below *include* and not below *exclude*.

    The account that asks is read with the credentials it has: the role is not in the management account. A run that
    was broken off has the accounts already, and the organization is not asked again.

    Raises:
        StartError: if they can't be listed.
        UsageError: if the profile or role can't be used.
    """
    begun = None if settings.redacted else begun_roster(settings)
    asked = {"include": list(include), "exclude": list(exclude)}
    if begun is not None and begun.controls is not None and begun.accounts.params == asked:
        accounts, controls, invalid = begun.accounts, begun.controls, begun.invalid
    else:
        accounts, controls, invalid = list_organization(sign_in(how.base), include, exclude)
    there = _in_partition(how)
    active = (member for member in members_of(accounts) if member.active)
    return Roster(
        [
            Target(member.account, how.base, member.name)
            if member.account == accounts.account
            else there.target(member.account, member.name)
            for member in active
        ],
        accounts,
        controls,
        invalid,
    )


def _in_partition(how: RoleIn) -> RoleIn:
    session = sign_in(how.base)
    return replace(how, partition=session.get_partition_for_region(home_region(session)))


def take_many(roster: Roster, settings: Settings, make_crew: MakeCrew, done: Done | None = None) -> None:
    """Take the snapshot of many accounts, streamed: one that can't be read is in it with the reason.

    A run that was broken off is gone on with: accounts that are in its file are not asked again. A redacted one starts
    anew, because it is not kept which account got which number.

    Raises:
        UnreadableError: if what a broken run left is of other accounts, Regions or another version.
        UsageError: if the file can't be written, or the executor is not installed.
        StartError: if the executor can't be reached.
    """
    with (
        _run() as run,
        make_crew() as crew,
        writing(settings.path, settings.header(), resume=not settings.redacted) as writer,
    ):
        finished = _check_roster(writer, roster, settings)
        left = (target for target in roster.targets if target.account not in finished)
        own_controls, verify = roster.controls is None, settings.verify
        works = (Work(target, settings.regions, settings.workers, run, own_controls, verify) for target in left)
        for number, found in enumerate(collected(works, crew), start=len(finished) + 1):
            writer.add(found.account, found.facts)
            if done is not None:
                done(found.account, number, len(roster.targets))


@contextmanager
def _run() -> Iterator[str]:
    name = uuid4().hex
    try:
        yield name
    finally:
        end_run(name)


def begun_roster(settings: Settings) -> Roster | None:
    """Return the roster, without targets, of a run that was broken off and would be gone on with, if there is one."""
    try:
        first = next(read_accounts(settings.partial), None) if settings.partial.exists() else None
    except UnreadableError:
        return None
    if first is None or first.account != ROSTER or not first.facts:
        return None
    by_id = {fact.id: fact for fact in first.facts}
    return Roster((), first.facts[0], by_id.get(CONTROLS), by_id.get(INVALID_POLICIES))


def _check_roster(writer: SnapshotWriter, roster: Roster, settings: Settings) -> frozenset[str]:
    """Write the roster before everything else, or check that what was begun has the same; return who is in already.

    Raises:
        UnreadableError: if it has another one.
    """
    if not writer.done:
        writer.add(ROSTER, roster.facts)
        return frozenset()
    before, accounts = begun_roster(settings), roster.accounts
    if before is None or (before.accounts.params, before.accounts.data) != (accounts.params, accounts.data):
        raise UnreadableError(settings.partial, "was begun with other accounts: remove it and start anew", 2)
    return frozenset(writer.done) - {ROSTER}


def _now() -> str:
    return iso(datetime.now(timezone.utc))
