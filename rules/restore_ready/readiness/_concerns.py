"""Which file systems does a resource have to do with? Followed through the estate's own references, never by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.coverage._plans_and_file_systems import selecting
from restore_ready.file_moves._movers import file_systems_of
from restore_ready.history._lost_file_systems import left_behind
from restore_ready.history._records import usable_points
from restore_ready.kms._keys import key_behind
from restore_ready.model import (
    EventRule,
    FileSystem,
    GlobalSettings,
    Key,
    Ref,
    RegionSettings,
    RestoreTestPlan,
    Selection,
    Str,
    VaultLock,
    VaultNotification,
    VaultPolicy,
    same_place,
)
from restore_ready.vaults._destinations import destinations
from restore_ready.who_can_restore._chain import FileSystemChains

_OF_BACKUP_ROLES: Final = "RR107"


class Concerns:
    """The file systems of an estate by the addresses of what they depend on, as far as that is certain.

    Plans, selections and their roles, vaults with their policies, locks and notifications, keys, policies of the file
    system, movers, restore tests, settings of the Region, and the people and roles that could restore.
    """

    def __init__(self, estate: JudgedEstate, chains: Iterable[FileSystemChains]) -> None:
        """Follow what each file system of *estate* depends on; *chains* say who could restore it."""
        self._estate = estate
        self.file_systems: Final = {found.address: found for found in (*estate.file_systems, *left_behind(estate))}
        """Those that are reported, by address: they exist, or recovery points are left of them."""

        self._direct: dict[str, dict[str, None]] = {}
        self._backup_roles: dict[str, dict[str, None]] = {}
        self._people: dict[str, dict[str, None]] = {}
        settings: tuple[RegionSettings | EventRule | GlobalSettings, ...]
        settings = (*estate.region_settings, *estate.event_rules, *estate.global_settings)
        self._settings = {setting.address: setting.aws_place for setting in settings}
        for file_system in self.file_systems.values():
            self._follow(file_system)
        self._follow_attached()
        reported = (found for found in chains if found.file_system.address in self.file_systems)
        for found in reported:
            for address in _of_chains(found):
                self._people.setdefault(address, {})[found.file_system.address] = None

    def of(self, code: str, address: str) -> tuple[str, ...]:
        """Return the addresses of the file systems that a verdict of the rule *code* on *address* is about."""
        direct = self._direct.get(address, {})
        if code == _OF_BACKUP_ROLES:
            return tuple(direct | self._backup_roles.get(address, {}))
        return tuple(direct or self._people.get(address, {})) or self._in_place(address)

    def is_about_people(self, address: str) -> bool:
        """Return whether *address* is that of somebody who may restore, or of something of theirs, and nothing else."""
        return address not in self._direct and address in self._people

    def _in_place(self, address: str) -> tuple[str, ...]:
        """Return the file systems in the Region or account that *address* is a setting of; none if it is none."""
        at = self._settings.get(address)
        file_systems = () if at is None else self._estate.file_systems
        near = (found for found in file_systems if at is not None and same_place(at, found.aws_place) is not False)
        return tuple(found.address for found in near)

    def _add(self, address: str, file_system: FileSystem) -> None:
        self._direct.setdefault(address, {})[file_system.address] = None

    def _follow(self, file_system: FileSystem) -> None:
        self._add(file_system.address, file_system)
        if file_system.lost is None:
            self._follow_backups(file_system)
        keys = list(self._vaults(file_system))
        for key in keys:
            self._add(key, file_system)
            vault = self._estate.vaults_by_address.get(key)
            self._follow_key(None if vault is None else vault.key, file_system)
        self._follow_key(file_system.key, file_system)

    def _follow_backups(self, file_system: FileSystem) -> None:
        """Follow what is meant to back it up, and to restore it as a test."""
        for setting in self._estate.automatic_settings.about(file_system):
            self._add(setting.address, file_system)
        for selection, answer in selecting(file_system, self._estate):
            if answer is True:
                self._follow_selection(selection, file_system)
        for tested in self._estate.tests.of(file_system):
            if tested.chosen is True:
                self._add(tested.test.address, file_system)
                if isinstance(tested.plan, RestoreTestPlan):
                    self._add(tested.plan.address, file_system)

    def _follow_selection(self, selection: Selection, file_system: FileSystem) -> None:
        self._add(selection.address, file_system)
        if isinstance(selection.plan, Ref):
            self._add(selection.plan.target, file_system)
        elif isinstance(selection.plan, str):
            for plan in self._estate.plans_by_name.get(selection.plan, ()):
                self._add(plan, file_system)
        role = self._estate.all_roles.find(selection.role)
        if role is not None:
            self._backup_roles.setdefault(role.address, {})[file_system.address] = None

    def _vaults(self, file_system: FileSystem) -> Iterator[str]:
        intended = destinations(file_system, self._estate).certain if file_system.lost is None else ()
        laid = (destination.vault for destination in intended)
        points = usable_points(file_system, self._estate)
        held = (self._estate.vault_keys.key(point.vault, file_system.aws_place, here=True) for point in points)
        yield from dict.fromkeys(key for key in (*laid, *held) if isinstance(key, str))

    def _follow_key(self, value: Str | None, file_system: FileSystem) -> None:
        key = key_behind(value, file_system.aws_place, self._estate)
        if isinstance(key, Key):
            self._add(key.address, file_system)

    def _follow_attached(self) -> None:
        """Follow what names a vault or a file system."""
        estate = self._estate
        attachments: tuple[VaultPolicy | VaultLock | VaultNotification, ...]
        attachments = (*estate.vault_policies, *estate.vault_locks, *estate.vault_notifications)
        for attached in attachments:
            key = estate.vault_keys.key(attached.vault, attached.aws_place)
            for address in self._direct.get(key, {}) if isinstance(key, str) else ():
                self._add(attached.address, self.file_systems[address])
        for policy in estate.file_system_policies:
            found = estate.mount_index.file_system(policy.file_system)
            if found is not None:
                self._add(policy.address, found)
        for mover in estate.movers:
            for file_system in file_systems_of(mover, estate):
                self._add(mover.address, file_system)


def _of_chains(found: FileSystemChains) -> Iterator[str]:
    for chain in found.chains:
        yield chain.principal.address
        yield from (policy.address for policy in chain.principal.policies)
        if chain.role is not None:
            yield chain.role.address
