"""Which file systems others are replicated into."""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.index._mounts import MountIndex
from restore_ready.model import (
    PlaceName,
    Ref,
    Replica,
    Replication,
    Str,
    Unresolved,
    doubt,
    same_name,
    unresolved_reason,
)


class Replications:
    """Replication configurations by what they replicate into."""

    def __init__(self, replications: Iterable[Replication], mount_index: MountIndex) -> None:
        """Sort *replications*."""
        self._mount_index = mount_index
        self._made: dict[str, Replication] = {}
        self._by_replica: dict[str, Replication] = {}
        self._sources: set[str] = set()
        self._open: list[tuple[str | None, str]] = []
        for replication in replications:
            self._made[replication.address] = replication
            source = self._key(replication.source)
            self._sources |= set() if source is None else {source}
            if isinstance(replication.replicas, Unresolved):
                self._leave_open(None, replication, replication.replicas.why)
                continue
            for replica in replication.replicas:
                self._sort_in(replica, replication)

    def _sort_in(self, replica: Replica, replication: Replication) -> None:
        if replica.file_system is None:
            return
        key = self._key(replica.file_system)
        if key is not None:
            self._by_replica[key] = replication
        elif why := unresolved_reason(replica.file_system):
            self._leave_open(replica.region if isinstance(replica.region, str) else None, replication, why)

    def _leave_open(self, region: str | None, replication: Replication, why: str) -> None:
        self._open.append((region, f"what {replication.address} replicates into is not known: {why}"))

    def _key(self, value: Str) -> str | None:
        """Return what identifies a file system: its address where it is in sight, else its id."""
        found = self._mount_index.file_system(value)
        if found is not None:
            return found.address
        return value.rpartition("/")[2] if isinstance(value, str) else None

    def into(self, value: Str) -> str | Unresolved:
        """Return what replicates into the file system that *value* means; empty if nothing does.

        What is replicated itself can be no replica: a file system takes part in one replication only.
        """
        made = self._made.get(value.target) if isinstance(value, Ref) and "destination" in value.attribute else None
        file_system, key = self._mount_index.file_system(value), self._key(value)
        if made is not None:
            return made.address
        if file_system is not None and file_system.replicating:
            return "EFS"
        if key is None or key in self._sources:
            return ""
        replication = self._by_replica.get(key)
        if replication is not None:
            why = doubt(replication, () if file_system is None else file_system.maybe)
            return Unresolved(why) if why else replication.address
        return self._perhaps(None if file_system is None else file_system.aws_place.region)

    def _perhaps(self, region: PlaceName | None) -> str | Unresolved:
        """Return why something may replicate into a file system in *region* after all; empty if nothing does."""
        for other, why in self._open:
            if region is None or other is None or same_name(region, other) is not False:
                return Unresolved(why)
        return ""
