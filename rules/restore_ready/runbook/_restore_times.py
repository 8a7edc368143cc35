"""How long does a restore take at the very least, at the ceilings that AWS publishes for EFS?"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready._words import show_minutes
from restore_ready.history._restore_time import COLD_MINUTES, RESTORE_FILES, least_restore_minutes, show_duration
from restore_ready.history._sizes import show_bytes, sized_file_systems
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Requirements

_GIGABYTE: Final = 10**9
_SIZES: Final = (10, 100, 500, 1_000, 5_000, 10_000)


class TimeForSize(Struct, frozen=True):
    """One size, the least time in minutes, and how many files fit into that: with more, they decide."""

    size: str
    minutes: int
    declared: bool = False

    @property
    def files(self) -> str:
        """The most files that are restored in that time."""
        return f"{self.minutes * 60 * RESTORE_FILES:,}"

    @property
    def time(self) -> str:
        """The least time, for people."""
        return show_duration(self.minutes)

    @property
    def cold(self) -> str:
        """The same from cold storage."""
        return show_duration(self.minutes + COLD_MINUTES)


class RestoreTimes(Struct, frozen=True):
    """The table of times, and what ``restore.within`` makes of the declared size."""

    rows: tuple[TimeForSize, ...]
    within: str
    verdict: str


def restore_times(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> RestoreTimes:
    """Return the times for common sizes and for the one that the requirements declare."""
    declared = [size for sized, size in sized_file_systems(estate, requirements.sizes) if sized is file_system]
    sizes = sorted({*(size * _GIGABYTE for size in _SIZES), *declared})
    rows = tuple(
        TimeForSize(show_bytes(size).replace(".0 ", " "), least_restore_minutes(size), size in declared)
        for size in sizes
    )
    within = "" if requirements.within is None else show_minutes(requirements.within)
    return RestoreTimes(rows, within, _verdict(declared, requirements.within))


def _verdict(declared: list[int], within: int | None) -> str:
    if within is None or not declared:
        return ""
    least = least_restore_minutes(declared[0])
    if least > within:
        return f"The declared size takes {show_duration(least)} at the very least: {show_minutes(within)} can't be met."
    left = show_duration(within - least)
    return f"The declared size leaves at most {left} to notice, decide, start, move the files and check."
