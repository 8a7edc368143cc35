"""How do live accounts stand by their snapshot, one account at a time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready._errors import UnreadableError
from restore_ready.live._account_roster import ROSTER, Member, is_roster, members_of
from restore_ready.live._plan import ROWS
from restore_ready.live._snapshot import SnapshotAccount, read_accounts
from restore_ready.live._verification_rows import SIMULATION
from restore_ready.model import Fact, Gap, Place, Reading, Rule, Status, Verification
from restore_ready.model._why_open import NO_ENTRY
from restore_ready.readers.account import read_account
from restore_ready.readiness._pictures import Pictures
from restore_ready.readiness._time_line import joined
from restore_ready.requirements._file import RequirementsFile
from restore_ready.scanning._guarded import Crash, guarded
from restore_ready.scanning._judged import judged_sources
from restore_ready.scanning._scan import Scan
from restore_ready.scanning._sources import SourceReading, Sources
from restore_ready.scanning._told_exceptions import expired
from restore_ready.who_can_restore._verification import verification


class AccountScan(Struct, frozen=True):
    """What came out of one account of a snapshot.

    Attributes:
        name: what its organization calls it; empty where that is not known.
        unknown: facts that are not known and without which the audit is not complete; an account that could not be
            entered has none but its identity.
        verification: what AWS's policy simulator says of our answers; ``None`` where it was not asked.
        leftovers: the ARNs of file systems that restore tests left, which are not judged.
    """

    account: str
    scan: Scan
    unknown: tuple[Fact, ...] = ()
    entered: bool = True
    verification: Verification | None = None
    name: str = ""
    leftovers: tuple[str, ...] = ()


class LeftOut(Struct, frozen=True):
    """An account on the roster that was not to be read: suspended, or being closed."""

    member: Member


def scan_snapshot(
    path: Path, rules: Iterable[Rule], requirements_file: RequirementsFile, *, pictures: Pictures = Pictures.NONE
) -> Iterator[AccountScan | LeftOut]:
    """Return how the accounts of the snapshot *path* stand, one by one, by *rules* under *requirements_file*.

    An account on the roster that is not in the snapshot is given as one that was not entered. With *pictures*, it is
    worked out, too, what these show.

    Raises:
        UnreadableError: if the snapshot can't be read.
    """
    chosen = tuple(rules)
    roster = _Roster()
    for found in roster.accounts(path):
        if isinstance(found, SnapshotAccount):
            scanned = _scanned(found, roster.organization, chosen, requirements_file, pictures=pictures)
            yield replace(scanned, name=roster.names.get(found.account, ""))
        elif found.active:
            missed = _missed(found.account, _NOT_THERE)
            scan = Scan(gaps=missed.gaps, unread=missed.unread)
            yield AccountScan(found.account, scan, entered=False, name=found.name)
        else:
            yield LeftOut(found)


_NOT_THERE: Final = "it is on the roll of accounts, but not in the snapshot"


class _Roster(Struct):
    """What stands before the accounts in a snapshot of several.

    Attributes:
        organization: what their organization said of all of them, where it was asked.
        names: what it calls its accounts, by their ids.
    """

    organization: tuple[Fact, ...] = ()
    names: Mapping[str, str] = {}

    def accounts(self, path: Path) -> Iterator[SnapshotAccount | Member]:
        """Return the accounts of a snapshot, and members on its roster that can't be used or are not in it.

        Raises:
            UnreadableError: if the snapshot, or its roster, can't be read.
        """
        missing: dict[str, Member] = {}
        for found in read_accounts(path):
            if found.account == ROSTER:
                if not (found.facts and is_roster(found.facts[0])):
                    raise UnreadableError(path, "its roll of accounts can't be read", 2)
                members = members_of(found.facts[0])
                self.names = {member.account: member.name for member in members}
                missing = {member.account: member for member in members if member.active}
                self.organization = found.facts[1:]
                yield from (member for member in members if not member.active)
            else:
                missing.pop(found.account, None)
                yield found
        yield from missing.values()


def expired_exceptions(requirements_file: RequirementsFile) -> Scan:
    """Return the exceptions of *requirements_file* that have expired, as a scan of nothing."""
    return Scan(gaps=tuple(expired(requirements_file)))


def snapshot_sources(path: Path, requirements_file: RequirementsFile) -> Sources:
    """Return the Regions of the accounts in the snapshot *path* as sources, judged under *requirements_file*.

    Accounts that could not be entered and Regions whose file systems are not known count as named, and not read.

    Raises:
        UnreadableError: if the snapshot can't be read.
    """
    accounts = tuple(_sources(path, requirements_file))
    unread = tuple(label for account in accounts for label in account.unread)
    return Sources(
        readings=tuple(region for account in accounts for source in account.readings for region in _by_region(source)),
        gaps=tuple(gap for account in accounts for gap in account.gaps),
        read=tuple(label for account in accounts for label in account.read),
        unread=unread,
        crashes=tuple(crash for account in accounts for crash in account.crashes),
        named=unread,
    )


def _sources(path: Path, requirements_file: RequirementsFile) -> Iterator[Sources]:
    roster = _Roster()
    for found in roster.accounts(path):
        if isinstance(found, SnapshotAccount):
            read = _read(found, roster.organization, requirements_file)
            yield replace(read, unread=(*read.unread, *_blind(found)))
        elif found.active:
            yield _missed(found.account, _NOT_THERE)


def _blind(found: SnapshotAccount) -> Iterator[Path]:
    """Return the Regions whose file systems are not known."""
    for fact in found.facts:
        if fact.id == "file_systems" and fact.status is Status.UNKNOWN:
            yield Path(f"aws:{found.account}", fact.region)


def _read(found: SnapshotAccount, organization: tuple[Fact, ...], requirements_file: RequirementsFile) -> Sources:
    """Return what one account says."""
    label = Path(f"aws:{found.account}")
    entered = _identity(found)
    if entered is None or entered.status is not Status.OK:
        return _missed(found.account, _why(entered))
    crashes: list[Crash] = []
    with guarded(label, crashes):
        # what the simulator says is no part of the account: it is set beside what the account says
        own = (fact for fact in found.facts if fact.id != SIMULATION.id)
        reading = read_account(own, organization=organization)
        gaps = dict.fromkeys((*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps)))
        return Sources((SourceReading(label, reading, requirements_file),), tuple(gaps), read=(label,))
    return Sources(crashes=tuple(crashes))


def _by_region(source: SourceReading) -> Iterator[SourceReading]:
    for estate in source.reading.estates:
        yield SourceReading(Path(estate.root), Reading((estate,), source.reading.gaps), source.requirements_file)


def _scanned(
    found: SnapshotAccount,
    organization: tuple[Fact, ...],
    rules: tuple[Rule, ...],
    requirements_file: RequirementsFile,
    *,
    pictures: Pictures,
) -> AccountScan:
    sources = _read(found, organization, requirements_file)
    crashes = list(sources.crashes)
    judged = judged_sources(sources.readings, rules, crashes, pictures=pictures)
    compared: Verification | None = None
    with guarded(Path(f"aws:{found.account}"), crashes, "the comparison with AWS's simulator"):
        checked = (verification(source.reading, found.facts) for source in sources.readings)
        compared = next((result for result in checked if result is not None), None)
    scan = Scan(
        tuple(judgement for source in judged for judgement in source.judgements),
        sources.gaps,
        sources.read,
        sources.unread,
        tuple(crashes),
        file_systems=tuple(file_system for source in judged for file_system in source.file_systems),
        time_lines=joined(line for source in judged for line in source.time_lines),
    )
    unknown = tuple(fact for fact in found.facts if fact.status is Status.UNKNOWN and not _is_optional(fact))
    estates = (estate for source in sources.readings for estate in source.reading.estates)
    return AccountScan(
        found.account,
        scan,
        unknown,
        entered=not sources.unread,
        leftovers=tuple(arn for estate in estates for arn in estate.leftovers),
        verification=compared,
    )


def _is_optional(fact: Fact) -> bool:
    return fact.id in ROWS and ROWS[fact.id].optional


def _identity(found: SnapshotAccount) -> Fact | None:
    return next((fact for fact in found.facts if fact.id == "identity"), None)


def _why(identity: Fact | None) -> str:
    if identity is None:
        return "its snapshot does not say whose it is"
    fix = f": grant {identity.action} to whoever audits" if identity.action else ""
    return f"{identity.code}: {identity.message}{fix}"


def _missed(account: str, why: str) -> Sources:
    """Return what an account gives that could not be entered."""
    label = f"aws:{account}"
    gap = Gap(label, Place(label), f"{NO_ENTRY.words}: {why}", hides_backups=True)
    return Sources(gaps=(gap,), unread=(Path(label),))
