"""What scheduled work touches file systems: both readers find it with this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from restore_ready._values import Ref, Str, Text

_MOST_VALUES: Final = 10_000
"""Values of one resource that are looked through."""

_FILE_SYSTEM: Final = ":file-system/"


@dataclass(frozen=True, slots=True)
class Mounts:
    """The file systems of an estate and the ways to them.

    Attributes:
        file_systems: addresses of file systems.
        access_points: addresses, ids and ARNs of access points, with the file system each leads to.
    """

    file_systems: frozenset[str]
    access_points: Mapping[str, Str]

    def named_in(self, tree: object) -> tuple[Str, ...]:
        """Return the file systems that anything in a tree of values refers to or names, each once."""
        found = (self._meant(leaf) for leaf in _leaves(tree))
        return tuple(dict.fromkeys(one for one in found if one is not None))

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


def as_file_system(value: Str) -> Str:
    """Return a reference to a file system as a plain one, whichever of its attributes it was."""
    return Ref(value.target) if isinstance(value, Ref) else value


def minutes_up(seconds: int) -> int:
    """Return seconds as minutes, begun ones counting whole."""
    return max(1, -(-seconds // 60))


def targets(value: object) -> Iterable[str]:
    """Give the addresses of the resources that a value refers to."""
    return (leaf.target for leaf in _leaves(value) if isinstance(leaf, Ref))
