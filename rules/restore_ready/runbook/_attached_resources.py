"""What is attached to a file system and a restored one lacks: which mount targets, access points, policy, tags?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct

from restore_ready.index import EstateIndex
from restore_ready.model import (
    AccessPoint,
    AutomaticBackups,
    FileSystem,
    FileSystemPolicy,
    MountTarget,
    Partial,
    Unresolved,
)


class AttachedResource(Struct, frozen=True):
    """One resource that has to be made again for a new file system, and what the source says of it."""

    what: str
    address: str
    says: str = ""


def attached_resources(file_system: FileSystem, estate: EstateIndex) -> tuple[AttachedResource, ...]:
    """Return what the source declares around *file_system*."""
    return tuple(_attached(file_system, estate))


def _attached(file_system: FileSystem, estate: EstateIndex) -> Iterator[AttachedResource]:
    for target in targets_of(file_system, estate):
        yield AttachedResource("mount target", target.address, _subnet(target))
    for point in _of_file_system(file_system, estate, estate.access_points):
        yield AttachedResource("access point", point.address, _directory(point))
    for policy in _of_file_system(file_system, estate, estate.file_system_policies):
        yield AttachedResource("file system policy", policy.address)
    for setting in _of_file_system(file_system, estate, estate.automatic_backups):
        if setting.stated:
            yield AttachedResource("backup policy", setting.address, _state(setting.enabled))
    if file_system.tags != {}:
        yield AttachedResource("tags", file_system.address, _tags(file_system))


T = TypeVar("T", MountTarget, AccessPoint, FileSystemPolicy, AutomaticBackups)


def _of_file_system(file_system: FileSystem, estate: EstateIndex, resources: Iterable[T]) -> Iterator[T]:
    """Return those of *resources* that certainly belong to *file_system*."""
    mount_index = estate.mount_index
    for resource in resources:
        found = mount_index.file_system(resource.file_system)
        if found is not None and found.address == file_system.address:
            yield resource


def targets_of(file_system: FileSystem, estate: EstateIndex) -> Iterator[MountTarget]:
    """Return the mount targets that the source gives *file_system*."""
    return _of_file_system(file_system, estate, estate.mount_targets)


def has_policy(file_system: FileSystem, estate: EstateIndex) -> bool:
    """Return whether the source gives *file_system* a policy."""
    return any(True for _ in _of_file_system(file_system, estate, estate.file_system_policies))


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
    known = [f"{key}={value}" if isinstance(value, str) else key for key, value in file_system.tags.items()]
    others = ["others that are not known from the source"] if isinstance(file_system.tags, Partial) else []
    return ", ".join([*known, *others])
