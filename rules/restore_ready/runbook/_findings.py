"""What do the rules find wrong with the backups and restores of one file system?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.engine._judge import Judgement, judge
from restore_ready.index import EstateIndex
from restore_ready.model import Broken, Fail, Ref, Str, Subject, Unknown
from restore_ready.runbook._find_file_system import Chosen
from restore_ready.scanning._sources import SourceReading


class RunbookFinding(Struct, frozen=True):
    """One Fail, or what could not be judged and why."""

    code: str
    address: str
    message: str
    fix: str
    judged: bool = True


class JudgedSources:
    """Judges each source once, of however many of its file systems there are runbooks."""

    def __init__(self) -> None:
        """Begin without any."""
        self._judged: dict[int, tuple[SourceReading, list[Judgement]]] = {}

    def of(self, source: SourceReading) -> list[Judgement]:
        """Return what all rules say of *source*."""
        if id(source) not in self._judged:
            self._judged[id(source)] = (source, list(judge(source.reading, all_rules(), source.requirements_file)))
        return self._judged[id(source)][1]


def findings(chosen: Chosen, own: set[str], judged: JudgedSources) -> Iterator[RunbookFinding]:
    """Return what the rules find, less what is about other file systems, plans, vaults and movers only.

    Args:
        chosen: the file system.
        own: the addresses of those that it has to do with.
        judged: what was judged before.
    """
    others = _all(chosen.estate) - own - {chosen.file_system.address}
    for judgement in judged.of(chosen.source):
        if judgement.address in others:
            continue
        match judgement.verdict:
            case Fail(message, fix):
                yield RunbookFinding(judgement.rule.code, judgement.address, message, fix)
            case Unknown(why) | Broken(why):
                yield RunbookFinding(judgement.rule.code, judgement.address, why, "", judged=False)


def _all(estate: EstateIndex) -> set[str]:
    resources: Iterable[Subject] = chain(
        estate.file_systems,
        estate.plans,
        estate.vaults,
        estate.movers,
        estate.restore_tests,
        estate.automatic_backups,
    )
    return {resource.address for resource in resources} | {address for address, _ in _about_vaults(estate)}


def _about_vaults(estate: EstateIndex) -> Iterator[tuple[str, Str]]:
    """Return the addresses of what speaks of a vault, and the vault."""
    yield from ((policy.address, policy.vault) for policy in estate.vault_policies)
    yield from ((lock.address, lock.vault) for lock in estate.vault_locks)
    yield from ((notification.address, notification.vault) for notification in estate.vault_notifications)


def speaking_of(chosen: Chosen, vaults: set[str]) -> set[str]:
    """Return the addresses of what speaks of the file system or of *vaults*, which are addresses and names."""
    address = chosen.file_system.address
    found = {own for own, vault in _about_vaults(chosen.estate) if _target(vault) in vaults}
    return found | {
        setting.address for setting in chosen.estate.automatic_backups if _target(setting.file_system) == address
    }


def _target(value: Str) -> str:
    return value.target if isinstance(value, Ref) else value if isinstance(value, str) else ""
