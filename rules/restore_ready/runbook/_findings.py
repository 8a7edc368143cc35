"""What do the rules find wrong with the backups and restores of one file system?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from restore_ready.engine._judge import Judgement
from restore_ready.index import EstateIndex
from restore_ready.model import Broken, Fail, Ref, Str, Subject, Unknown
from restore_ready.runbook._find_file_system import Chosen


class RunbookFinding(Struct, frozen=True):
    """One Fail, or what could not be judged and why."""

    code: str
    address: str
    message: str
    fix: str
    judged: bool = True


def findings(chosen: Chosen, own: set[str], judgements: Iterable[Judgement]) -> Iterator[RunbookFinding]:
    """Return what the rules find, less what is about other file systems, plans, vaults and movers only.

    Args:
        chosen: the file system.
        own: the addresses of those that it has to do with.
        judgements: of its source.
    """
    others = _all(chosen.estate) - own - {chosen.file_system.address}
    for judgement in judgements:
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
        estate.lost_file_systems,
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
