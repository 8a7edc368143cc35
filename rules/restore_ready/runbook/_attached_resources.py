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
    Ref,
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
    for point in access_points_of(file_system, estate):
        yield AttachedResource("access point", point.address, _directory(point))
    for policy in policies_of(file_system, estate):
        yield AttachedResource("file system policy", policy.address)
    for setting in _of_file_system(file_system, estate, estate.automatic_backups):
        if setting.stated:
            yield AttachedResource("backup policy", setting.address, _state(setting.enabled))
    yield from _settings(file_system)
    if file_system.tags != {} and file_system.lost is None:
        yield AttachedResource("tags", file_system.address, _tags(file_system))


def _settings(file_system: FileSystem) -> Iterator[AttachedResource]:
    address, settings = file_system.address, file_system.settings
    if isinstance(file_system.throughput, str) and file_system.throughput != "bursting":
        provisioned = settings.provisioned if settings is not None else None
        says = f"{file_system.throughput}, {provisioned:g} MiB/s" if isinstance(provisioned, (int, float)) else ""
        yield AttachedResource("throughput mode", address, says or file_system.throughput)
    if settings is None:
        return
    if isinstance(settings.lifecycle, tuple) and settings.lifecycle:
        says = ", ".join(f"{name} {value}" for name, value in settings.lifecycle)
        yield AttachedResource("lifecycle", address, says)
    for replica in settings.replicas if isinstance(settings.replicas, tuple) else ():
        yield AttachedResource("replication", address, f"into {replica.region}" if replica.region else "")


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


def access_points_of(file_system: FileSystem, estate: EstateIndex) -> Iterator[AccessPoint]:
    """Return the access points that the source gives *file_system*."""
    return _of_file_system(file_system, estate, estate.access_points)


def policies_of(file_system: FileSystem, estate: EstateIndex) -> Iterator[FileSystemPolicy]:
    """Return the policies that the source gives *file_system*: one at most, where it is deployed."""
    return _of_file_system(file_system, estate, estate.file_system_policies)


def has_policy(file_system: FileSystem, estate: EstateIndex) -> bool:
    """Return whether the source gives *file_system* a policy."""
    return any(True for _ in policies_of(file_system, estate))


def subnet_of(target: MountTarget) -> str:
    """Return the id of a mount target's subnet, as far as the source knows it."""
    if isinstance(target.subnet, Ref) and target.subnet.target.startswith("subnet-"):
        return target.subnet.target
    return target.subnet if isinstance(target.subnet, str) else ""


def _subnet(target: MountTarget) -> str:
    known = subnet_of(target)
    subnet = f"subnet {known}" if known else ""
    groups = ", ".join(target.security_groups) if isinstance(target.security_groups, tuple) else ""
    return f"{subnet}, security groups {groups}" if groups else subnet


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
