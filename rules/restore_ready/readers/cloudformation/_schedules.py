"""Finds scheduled work on file systems: EventBridge rules and schedules, also those in a SAM function's events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.model import AccessPoint, FileSystem, ScheduledWork
from restore_ready.readers._fields import Entry
from restore_ready.readers._mover_tables import SAM_FUNCTION
from restore_ready.readers._scheduled_work import Mounts, work_of
from restore_ready.readers._schedules import is_schedule, started, work_by_address
from restore_ready.readers.cloudformation._fields import mapping

_SAM_SCHEDULES = ("Schedule", "ScheduleV2")


def scheduled_work(
    entries: Sequence[Entry], file_systems: Sequence[FileSystem], access_points: Sequence[AccessPoint]
) -> Iterator[ScheduledWork]:
    """Yield the schedules that start work on file systems."""
    mounts = Mounts.of(file_systems, access_points)
    movers = work_by_address(entries, mounts)
    for entry in entries:
        if is_schedule(entry):
            target = [entry.values.get(name) for name in ("Target", "Targets")]
            yield from started(entry, work_of(target, mounts, movers))
        elif entry.type == SAM_FUNCTION:
            for event in sam_events(entry, _SAM_SCHEDULES):
                yield from started(event, movers[entry.address])


def sam_events(function: Entry, types: Sequence[str]) -> Iterator[Entry]:
    """Yield the properties of a SAM function's events of some *types*, as far as they are known."""
    events = mapping(function.values, "Events")
    for event in events.values() if isinstance(events, Mapping) else ():
        if isinstance(event, Mapping) and event.get("Type") in types:
            properties = mapping(event, "Properties")
            if isinstance(properties, Mapping):
                yield function.inner(properties)
