"""Which file system a value of the source means, and where a mount leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from restore_ready.model import (
    AccessPoint,
    FileSystem,
    FileSystemPolicy,
    Mount,
    MountTarget,
    Ref,
    Str,
    Text,
    Unresolved,
    show,
    unresolved_reason,
)
from restore_ready.model._why_open import NOT_IN_SIGHT

T = TypeVar("T", FileSystem, AccessPoint)
P = TypeVar("P", MountTarget, FileSystemPolicy)


class MountIndex:
    """File systems and access points, found by reference, ARN or id."""

    def __init__(self, file_systems: Iterable[FileSystem], access_points: Iterable[AccessPoint]) -> None:
        """Sort both."""
        self._file_systems = _Named(file_systems)
        self._access_points = _Named(access_points)

    def file_system(self, value: Str) -> FileSystem | None:
        """Return the file system that *value* means, ``None`` if it is not in sight."""
        return self._file_systems.find(value)

    def access_point(self, value: Str) -> AccessPoint | None:
        """Return the access point that *value* means, ``None`` if it is not in sight."""
        return self._access_points.find(value)

    def leads_to(self, mount: Mount) -> Str:
        """Return the file system that *mount* mounts, as the source names it."""
        if mount.file_system is not None:
            return mount.file_system
        point = None if mount.access_point is None else self.access_point(mount.access_point)
        return Unresolved(_out_of_sight(mount.access_point)) if point is None else point.file_system


class Belongings(Generic[P]):
    """Mount targets or file system policies by the file system they belong to.

    Attributes:
        astray: one of which it is not known.
    """

    def __init__(self, mount_index: MountIndex, all_of_them: Iterable[P]) -> None:
        """Sort *all_of_them*."""
        self._by_file_system: dict[str, list[P]] = {}
        self.astray: P | None = None
        for mounted in all_of_them:
            leads_to = mount_index.file_system(mounted.file_system)
            if leads_to is not None:
                self._by_file_system.setdefault(leads_to.address, []).append(mounted)
            elif unresolved_reason(mounted.file_system):
                self.astray = self.astray or mounted

    def of(self, file_system: FileSystem) -> list[P]:
        """Return those that certainly belong to *file_system*."""
        return self._by_file_system.get(file_system.address, [])


def _out_of_sight(access_point: Str | None) -> str:
    if access_point is None:
        return "it does not say which file system it mounts"
    return unresolved_reason(access_point) or NOT_IN_SIGHT.said(what=f"the access point {show(access_point)}")


class _Named(Generic[T]):
    """Some resources by address, ARN and id."""

    def __init__(self, all_of_them: Iterable[T]) -> None:
        self._by_name: dict[str, T] = {}
        for record in all_of_them:
            self._by_name[record.address] = record
            if isinstance(record.arn, str):
                self._by_name[record.arn] = record
                self._by_name[record.arn.rpartition("/")[2]] = record

    def find(self, value: Str) -> T | None:
        if isinstance(value, Ref):
            return self._by_name.get(value.target)
        if isinstance(value, str):
            return self._by_name.get(value) or self._by_name.get(value.rpartition("/")[2])
        if isinstance(value, Text):
            named = {part.target for part in value.parts if isinstance(part, Ref) and part.target in self._by_name}
            return self._by_name[named.pop()] if len(named) == 1 else None
        return None
