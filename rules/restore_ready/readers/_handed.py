"""Which file systems are handed to what is out of sight: their id, their ARN, or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from restore_ready.model import Ref, Text

NAMING: Final = frozenset({"", "Arn", "FileSystemId", "Ref", "arn", "file_system_id", "id"})
"""Attributes by which a plan may choose a file system: as a whole, its id or its ARN."""

MOUNTING: Final = frozenset(
    {"EFSVolumeConfiguration", "FileSystemConfigs", "efs_volume_configuration", "file_system_config"}
)
"""Parts of tasks and functions that mount a file system: what stands there is handed over to be mounted only."""

_ARN: Final = "arn:"


def handed_in(tree: object, file_systems: AbstractSet[str]) -> Iterator[str]:
    """Yield those of some *file_systems*, by their addresses, that a tree of values names by their id or ARN.

    A longer text that holds an id, such as a script that mounts it, names none.
    """
    seen: set[str] = set()
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Mapping):
            waiting.extend(value for key, value in reversed(list(current.items())) if key not in MOUNTING)
        elif isinstance(current, (list, tuple)):
            waiting.extend(reversed(current))
        elif isinstance(current, Text) and isinstance(current.parts[0], str) and current.parts[0].startswith(_ARN):
            waiting.extend(reversed(current.parts))
        elif isinstance(current, Ref) and current.attribute in NAMING and current.target in file_systems - seen:
            seen.add(current.target)
            yield current.target
