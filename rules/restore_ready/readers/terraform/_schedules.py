"""Finds scheduled work on file systems, with targets and aliases of functions that are blocks of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from restore_ready.model import AccessPoint, FileSystem, Ref, ScheduledWork
from restore_ready.readers._fields import Entry
from restore_ready.readers._scheduled_work import Mounts, Work, work_of
from restore_ready.readers._schedules import is_schedule, started, work_by_address
from restore_ready.readers._vault_tables import EVENT_RULE


def scheduled_work(
    entries: Sequence[Entry], file_systems: Sequence[FileSystem], access_points: Sequence[AccessPoint]
) -> Iterator[ScheduledWork]:
    """Yield the schedules that start work on file systems."""
    schedules = [entry for entry in entries if is_schedule(entry)]
    if not schedules:
        return
    mounts = Mounts.of(file_systems, access_points)
    movers = _with_aliases(work_by_address(entries, mounts), entries)
    targets = [entry for entry in entries if entry.type == "aws_cloudwatch_event_target"]
    for entry in schedules:
        target = [entry.values.get("target"), *(other.values for other in targets if _belongs(other, entry))]
        yield from started(entry, work_of(target, mounts, movers))


def _with_aliases(movers: dict[str, Work], entries: Sequence[Entry]) -> dict[str, Work]:
    found = dict(movers)
    for entry in entries:
        function = entry.values.get("function_name")
        if entry.type == "aws_lambda_alias" and isinstance(function, Ref) and function.target in movers:
            found[entry.address] = movers[function.target]
    return found


def _belongs(target: Entry, schedule: Entry) -> bool:
    """Return whether an event target is one of *schedule*, which it names or refers to if that is a rule."""
    rule = target.values.get("rule")
    if isinstance(rule, Ref):
        return rule.target == schedule.address
    return EVENT_RULE.tells(schedule) and isinstance(rule, str) and rule == schedule.values.get("name")
