"""What the rules find wrong with the backups and restores of one file system."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.engine._judge import judge
from restore_ready.model import Broken, Estate, Fail, Ref, Str, Unknown
from restore_ready.runbook._find import Chosen


class Finding(Struct, frozen=True):
    """One Fail, or what could not be judged and why."""

    code: str
    address: str
    message: str
    fix: str
    judged: bool = True


def findings(chosen: Chosen, own: set[str]) -> Iterator[Finding]:
    """Give what the rules find, less what is about other file systems, plans, vaults and movers only.

    Args:
        chosen: the file system.
        own: the addresses of those that it has to do with.
    """
    others = _all(chosen.estate) - own - {chosen.file_system.address}
    for one in judge(chosen.source.reading, all_rules(), chosen.source.requirements_file):
        if one.address in others:
            continue
        match one.verdict:
            case Fail(message, fix):
                yield Finding(one.rule.code, one.address, message, fix)
            case Unknown(why) | Broken(why):
                yield Finding(one.rule.code, one.address, why, "", judged=False)


def _all(estate: Estate) -> set[str]:
    found = {one.address for one in estate.file_systems}
    found |= {one.address for one in estate.plans}
    found |= {one.address for one in estate.vaults}
    found |= {one.address for one in estate.movers}
    found |= {one.address for one in estate.restore_tests}
    found |= {one.address for one in estate.automatic_backups}
    return found | {address for address, _ in _about_vaults(estate)}


def _about_vaults(estate: Estate) -> Iterator[tuple[str, Str]]:
    """Give the addresses of what speaks of a vault, and the vault."""
    yield from ((one.address, one.vault) for one in estate.vault_policies)
    yield from ((one.address, one.vault) for one in estate.vault_locks)
    yield from ((one.address, one.vault) for one in estate.vault_notifications)


def speaking_of(chosen: Chosen, vaults: set[str]) -> set[str]:
    """Return the addresses of what speaks of the file system or of *vaults*, which are addresses and names."""
    address = chosen.file_system.address
    found = {own for own, vault in _about_vaults(chosen.estate) if _target(vault) in vaults}
    return found | {one.address for one in chosen.estate.automatic_backups if _target(one.file_system) == address}


def _target(value: Str) -> str:
    return value.target if isinstance(value, Ref) else value if isinstance(value, str) else ""
