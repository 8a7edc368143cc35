"""Judges live accounts from their snapshot, one account at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from restore_ready._book import Book
from restore_ready._judge import judge
from restore_ready._model import Gap, Place, Reading
from restore_ready._reading import Crash, SourceReading, Sources
from restore_ready._rule import Rule
from restore_ready._scan import Scan, expired
from restore_ready.live._facts import Fact, Status
from restore_ready.live._plan import ROWS
from restore_ready.live._roll import ROLL, Member, members_of
from restore_ready.live._snapshot import AccountFacts, read_accounts
from restore_ready.readers.account import read_account


@dataclass(frozen=True, slots=True)
class AccountScan:
    """What came out of one account of a snapshot.

    Attributes:
        unknown: facts that are not known and without which the audit is not complete; an account that could not be
            entered has none but its identity.
    """

    account: str
    scan: Scan
    unknown: tuple[Fact, ...] = ()
    entered: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account on the roll that was not to be read: suspended, or being closed."""

    member: Member


def scan_snapshot(path: Path, rules: Iterable[Rule], book: Book) -> Iterator[AccountScan | LeftOut]:
    """Judge the accounts of the snapshot *path* one by one, by *rules* under the requirements of *book*.

    An account on the roll that is not in the snapshot is given as one that was not entered.

    Raises:
        UnreadableError: if the snapshot can't be read.
    """
    chosen = tuple(rules)
    missing: dict[str, Member] = {}
    for found in read_accounts(path):
        if found.account == ROLL:
            for member in members_of(found.facts[0]):
                if member.active:
                    missing[member.account] = member
                else:
                    yield LeftOut(member)
            continue
        missing.pop(found.account, None)
        yield _scanned(found, chosen, book)
    for member in missing.values():
        yield _not_entered(member.account, "it is on the roll of accounts, but not in the snapshot")


def expired_exceptions(book: Book) -> Scan:
    """Report the exceptions of *book* that have expired, as a scan of nothing."""
    return Scan(gaps=tuple(expired(book)))


def snapshot_sources(path: Path, book: Book) -> Sources:
    """Give the Regions of the accounts in the snapshot *path* as sources, judged under the requirements of *book*.

    Raises:
        UnreadableError: if the snapshot can't be read.
    """
    found = [_read(one, book) for one in read_accounts(path) if one.account != ROLL]
    return Sources(
        readings=tuple(region for one in found for reading in one.readings for region in _by_region(reading)),
        gaps=tuple(gap for one in found for gap in one.gaps),
        read=tuple(label for one in found for label in one.read),
        unread=tuple(label for one in found for label in one.unread),
        crashes=tuple(crash for one in found for crash in one.crashes),
    )


def _read(found: AccountFacts, book: Book) -> Sources:
    """Read one account."""
    label = Path(f"aws:{found.account}")
    entered = _identity(found)
    if entered is None or entered.status is not Status.OK:
        return Sources(gaps=(_gap(found.account, _why(entered)),), unread=(label,))
    try:
        reading = read_account(found.facts)
    except Exception as error:  # noqa: BLE001  # a reader's own error is reported as RR000; the rest is still judged
        return Sources(crashes=(Crash(label, f"{type(error).__name__}: {error}"),))
    gaps = dict.fromkeys((*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps)))
    return Sources((SourceReading(label, reading, book),), tuple(gaps), read=(label,))


def _by_region(source: SourceReading) -> Iterator[SourceReading]:
    for estate in source.reading.estates:
        yield SourceReading(Path(estate.root), Reading((estate,), source.reading.gaps), source.book)


def _scanned(found: AccountFacts, rules: tuple[Rule, ...], book: Book) -> AccountScan:
    sources = _read(found, book)
    judgements = tuple(one for source in sources.readings for one in judge(source.reading, rules, book))
    scan = Scan(judgements, sources.gaps, sources.read, sources.unread, sources.crashes)
    unknown = tuple(one for one in found.facts if one.status is Status.UNKNOWN and not _is_optional(one))
    return AccountScan(found.account, scan, unknown, entered=not sources.unread)


def _is_optional(fact: Fact) -> bool:
    return fact.id in ROWS and ROWS[fact.id].optional


def _identity(found: AccountFacts) -> Fact | None:
    return next((one for one in found.facts if one.id == "identity"), None)


def _why(identity: Fact | None) -> str:
    if identity is None:
        return "its snapshot does not say whose it is"
    cure = f": grant {identity.action} to whoever audits" if identity.action else ""
    return f"{identity.code}: {identity.message}{cure}"


def _not_entered(account: str, why: str) -> AccountScan:
    return AccountScan(account, Scan(gaps=(_gap(account, why),), unread=(Path(f"aws:{account}"),)), entered=False)


def _gap(account: str, why: str) -> Gap:
    label = f"aws:{account}"
    return Gap(label, Place(label), f"the account could not be read: {why}", hides_backups=True)
