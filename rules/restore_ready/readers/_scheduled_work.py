"""What scheduled work touches file systems: both readers find it with this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.model import AccessPoint, FileSystem, Known, Ref, Str, Text, Unresolved

_MOST_VALUES: Final = 10_000
"""Values of one resource that are looked through."""

_FILE_SYSTEM: Final = ":file-system/"


class Mounts(Struct, frozen=True):
    """The file systems of an estate and the ways to them.

    Attributes:
        file_systems: addresses of file systems.
        access_points: addresses, ids and ARNs of access points, with the file system each leads to.
    """

    file_systems: frozenset[str]
    access_points: Mapping[str, Str]

    @classmethod
    def of(cls, file_systems: Iterable[FileSystem], access_points: Iterable[AccessPoint]) -> Mounts:
        """Return those of an estate."""
        ways: dict[str, Str] = {}
        for point in access_points:
            if isinstance(point.file_system, (Ref, str)):
                known = (point.arn, point.arn.rpartition("/")[2]) if isinstance(point.arn, str) else ()
                leads_to = Ref(point.file_system.target) if isinstance(point.file_system, Ref) else point.file_system
                ways.update(dict.fromkeys((point.address, *known), leads_to))
        return cls(frozenset(file_system.address for file_system in file_systems), ways)

    def named_in(self, tree: object) -> tuple[Str, ...]:
        """Return the file systems that anything in a tree of values refers to or names, each once."""
        found = (self._meant(leaf) for leaf in _leaves(tree))
        return tuple(dict.fromkeys(file_system for file_system in found if file_system is not None))

    def _meant(self, leaf: Ref | str) -> Str | None:
        if isinstance(leaf, Ref):
            return Ref(leaf.target) if leaf.target in self.file_systems else self.access_points.get(leaf.target)
        if leaf in self.access_points:
            return self.access_points[leaf]
        last = leaf.rpartition(_FILE_SYSTEM)[2]
        return last if last.startswith("fs-") and last.isascii() and last[3:].isalnum() else None


def _leaves(tree: object) -> Iterator[Ref | str]:
    waiting = [tree]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        current = waiting.pop()
        seen += 1
        if isinstance(current, (Ref, str)):
            yield current
        elif isinstance(current, Text):
            waiting.extend(current.parts)
        elif isinstance(current, Mapping):
            waiting.extend(current.values())
        elif isinstance(current, (list, tuple)):
            waiting.extend(current)


class Work(Struct, frozen=True):
    """What a function, a task or a whole target touches, and for how many minutes at most (``None``: no limit)."""

    file_systems: tuple[Str, ...]
    lasts: Known[int | None]


def work_of(target: object, mounts: Mounts, movers: Mapping[str, Work]) -> Work:
    """Return what the target of a schedule touches: what itself names, and what the functions and tasks in it do."""
    addresses = dict.fromkeys(leaf.target for leaf in _leaves(target) if isinstance(leaf, Ref))
    found = [movers[address] for address in addresses if address in movers]
    file_systems = [*mounts.named_in(target), *(value for work in found for value in work.file_systems)]
    return Work(tuple(dict.fromkeys(file_systems)), _longest([work.lasts for work in found]))


def _longest(lasts: Sequence[Known[int | None]]) -> Known[int | None]:
    longest = 0
    for limit in lasts:
        if limit is None or isinstance(limit, Unresolved):
            return limit
        longest = max(longest, limit)
    return longest or None


def of_seconds(timeout: Known[int]) -> Known[int]:
    """Return a time-out in minutes, begun ones counting whole."""
    return timeout if isinstance(timeout, Unresolved) else max(1, -(-timeout // 60))


def delayed(lasts: Known[int | None], by: Known[int] | None, usual: int) -> Known[int | None]:
    """Return how long after its scheduled time work may still run that may start later *by* some minutes."""
    if by is None or isinstance(lasts, Unresolved):
        return lasts
    return by if isinstance(by, Unresolved) else by + (usual if lasts is None else lasts)


def if_enabled(schedule: Str, state: Str | None) -> Str | None:
    """Return a schedule, ``None`` if it is switched off, unresolved if that is not known."""
    if state is None or not isinstance(state, (str, Unresolved)):
        return schedule
    if isinstance(state, Unresolved):
        return Unresolved(f"whether it is switched on is not known: {state.why}")
    return None if state.upper() == "DISABLED" else schedule
