"""Who can restore a file system: for each principal, the chain from the call to the key, and what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.access._restore_grants import restore_grants
from restore_ready.access._restore_roles import restore_roles
from restore_ready.index import EstateIndex
from restore_ready.model import Estate, FileSystem, Principal, Requirements, Truth
from restore_ready.vaults._recovery_points import RecoveryPointVault, recovery_point_vaults
from restore_ready.who_can_restore._callers import Caller
from restore_ready.who_can_restore._candidates import in_question, others
from restore_ready.who_can_restore._chain import FileSystemChains
from restore_ready.who_can_restore._lifting import DenyingVault, Lifters, denies_everyone_restores
from restore_ready.who_can_restore._points import lies_elsewhere, points_on_record
from restore_ready.who_can_restore._role_answers import AtFileSystem, Roles
from restore_ready.who_can_restore._words import knows_everybody

_NOBODY: Final = "nobody who may start a restore is in sight"
_NOBODY_HERE: Final = "no user, group or role in this account may start a restore"


def chains(records: Estate, requirements: Requirements, *, detailed: bool = False) -> Iterator[FileSystemChains]:
    """Yield who can restore each file system of an estate, those that recovery points alone tell of among them.

    Args:
        records: the estate.
        requirements: say who is called an operator, and what a restore role.
        detailed: whether it is looked up as well who may lift a vault's Deny and what those lack who can restore, which
            takes time for every vault and principal.
    """
    estate = EstateIndex.of(records)
    grants = tuple(restore_grants(estate, requirements))
    found_roles = restore_roles(estate, requirements, grants)
    roles = Roles(found_roles, estate, requirements)
    principals = tuple(in_question(estate, requirements, grants, found_roles))
    callers = tuple(Caller(principal, estate, roles, detailed=detailed) for principal in principals)
    asked = _Asked(estate, requirements, callers, _others(estate, principals), detailed=detailed)
    yield from map(asked.about, (*estate.file_systems, *estate.lost_file_systems))


def _others(estate: EstateIndex, principals: tuple[Principal, ...]) -> Truth:
    """Return whether others may restore than those in question; in a source that is left aside where there are any."""
    return others(estate, principals) if knows_everybody(estate) or not principals else False


class _Asked:
    """Who is asked about the file systems of an estate."""

    def __init__(
        self,
        estate: EstateIndex,
        requirements: Requirements,
        callers: tuple[Caller, ...],
        others_may: Truth,
        *,
        detailed: bool,
    ) -> None:
        self._estate = estate
        self._requirements = requirements
        self._callers = callers
        self._others = others_may
        self._detailed = detailed
        self._lifters = Lifters(estate)
        self._denying: dict[str, DenyingVault] = {}

    def about(self, file_system: FileSystem) -> FileSystemChains:
        """Return who can restore *file_system*."""
        laid = recovery_point_vaults(file_system, self._estate, self._requirements)
        points = points_on_record(file_system, self._estate)
        at = AtFileSystem(file_system, self._estate)
        found = tuple(caller.best(file_system, laid, at, points) for caller in self._callers)
        elsewhere = () if points is None else tuple(filter(lies_elsewhere, laid.certain))
        shown = tuple(vault for vault in laid.certain if vault not in elsewhere)
        return FileSystemChains(
            file_system,
            shown,
            "" if laid.hidden is None else laid.hidden.why,
            found,
            elsewhere,
            points,
            tuple(filter(self._denies_somebody, map(self._denial, shown))),
            self._others,
            _NOBODY_HERE if knows_everybody(self._estate) else _NOBODY,
        )

    def _denies_somebody(self, found: DenyingVault) -> bool:
        return found.for_everyone is True or any(caller.is_denied(found.vault) for caller in self._callers)

    def _denial(self, vault: RecoveryPointVault) -> DenyingVault:
        """Return how far a vault denies restores, and who may lift that, if it is asked for and may be needed."""
        if vault.key not in self._denying:
            self._denying[vault.key] = DenyingVault(vault, denies_everyone_restores(vault))
        found = self._denying[vault.key]
        if self._detailed and found.lifters is None and self._denies_somebody(found):
            self._denying[vault.key] = found = self._lifters.of(found)
        return found
