"""What surrounds a file system and a restored one lacks: mount targets, access points, policy, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct

from restore_ready.file_moves._mounts import MountIndex
from restore_ready.model import (
    AccessPoint,
    AutomaticBackups,
    Estate,
    FileSystem,
    FileSystemPolicy,
    MountTarget,
    Unresolved,
)


class Part(Struct, frozen=True):
    """One resource that has to be made again for a new file system, and what the source says of it."""

    what: str
    address: str
    says: str = ""


def parts_of(file_system: FileSystem, estate: Estate) -> tuple[Part, ...]:
    """Return what the source declares around *file_system*."""
    return tuple(_parts(file_system, estate))


def _parts(file_system: FileSystem, estate: Estate) -> Iterator[Part]:
    for target in targets_of(file_system, estate):
        yield Part("mount target", target.address, _subnet(target))
    for point in _around(file_system, estate, estate.access_points):
        yield Part("access point", point.address, _directory(point))
    for policy in _around(file_system, estate, estate.file_system_policies):
        yield Part("file system policy", policy.address)
    for setting in _around(file_system, estate, estate.automatic_backups):
        if setting.stated:
            yield Part("backup policy", setting.address, _state(setting.enabled))
    if file_system.tags != {}:
        yield Part("tags", file_system.address, _tags(file_system))


T = TypeVar("T", MountTarget, AccessPoint, FileSystemPolicy, AutomaticBackups)


def _around(file_system: FileSystem, estate: Estate, parts: Iterable[T]) -> Iterator[T]:
    """Give those of *parts* that certainly belong to *file_system*."""
    mount_index = estate.derived(MountIndex)
    for part in parts:
        found = mount_index.file_system(part.file_system)
        if found is not None and found.address == file_system.address:
            yield part


def targets_of(file_system: FileSystem, estate: Estate) -> Iterator[MountTarget]:
    """Give the mount targets that the source gives *file_system*."""
    return _around(file_system, estate, estate.mount_targets)


def has_policy(file_system: FileSystem, estate: Estate) -> bool:
    """Tell whether the source gives *file_system* a policy."""
    return any(True for _ in _around(file_system, estate, estate.file_system_policies))


def _subnet(target: MountTarget) -> str:
    return f"subnet {target.subnet}" if isinstance(target.subnet, str) else ""


def _directory(point: AccessPoint) -> str:
    root = "" if isinstance(point.root, Unresolved) else f"directory {point.root}"
    return f"{root}, user id {point.uid}" if isinstance(point.uid, int) else root


def _state(enabled: object) -> str:
    return "" if isinstance(enabled, Unresolved) else "ENABLED" if enabled else "DISABLED"


def _tags(file_system: FileSystem) -> str:
    if isinstance(file_system.tags, Unresolved):
        return "not known from the source"
    return ", ".join(f"{key}={value}" if isinstance(value, str) else key for key, value in file_system.tags.items())
