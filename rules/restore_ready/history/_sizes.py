"""Declared sizes of file systems, and how long AWS needs at least to read them.

AWS publishes ceilings for backups of EFS, 400 MB/s and 2,000 files/s, whichever is slower; real rates are lower
(https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.history._records import metered_size, was_backed_up
from restore_ready.iam import matches
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Unresolved

BYTES_PER_MINUTE: Final = 400_000_000 * 60
_TERABYTE: Final = 10**12
_GIGABYTE: Final = 10**9


def sized_file_systems(estate: EstateIndex, sizes: Mapping[str, int]) -> Iterator[tuple[FileSystem, int]]:
    """Yield the file systems with what their first backup takes in.

    That is the size that *sizes*, bytes by name pattern, declares, else what AWS meters as long as there is no backup.
    """
    for file_system in estate.file_systems if sizes or estate.histories else ():
        size = size_of(file_system, sizes)
        if size is None and not was_backed_up(file_system, estate):
            size = metered_size(file_system, estate)
        if size is not None:
            yield file_system, size


def size_of(file_system: FileSystem, sizes: Mapping[str, int]) -> int | None:
    """Return the declared size of *file_system* in bytes, if it has one."""
    names = _names(file_system)
    return next((size for pattern, size in sizes.items() if any(_called(pattern, name) for name in names)), None)


def _names(file_system: FileSystem) -> list[str]:
    """Return what a file system is called: its address and its tag ``Name``."""
    tag = None if isinstance(file_system.tags, Unresolved) else file_system.tags.get("Name")
    return [file_system.address, *([tag] if isinstance(tag, str) else [])]


def _called(pattern: str, name: str) -> bool:
    return matches(pattern, name, fold_case=True) is True


def least_minutes(size: int) -> int:
    """Return how many minutes a first backup of *size* bytes takes at the very least."""
    return -(-size // BYTES_PER_MINUTE)


def show_bytes(size: int) -> str:
    """Return a number of bytes, for people: ``4.3 TB``."""
    return f"{size / _TERABYTE:.1f} TB" if size >= _TERABYTE else f"{size / _GIGABYTE:.1f} GB"
