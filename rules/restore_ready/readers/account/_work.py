"""Stands in for what an account can't show, so that nothing passes because it was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.model._estate import BatchSchedule, EventRule, FileSystem
from restore_ready.model._values import Ref, Unresolved
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._ledger import Ledger


def hidden_work(ledger: Ledger, file_systems: Sequence[FileSystem]) -> Iterator[BatchSchedule]:
    """Give scheduled work that can't be read, and therefore may touch any file system."""
    everything = tuple(Ref(one.address) for one in file_systems)
    for name, why in _hidden(ledger) if everything else ():
        yield BatchSchedule(f"{ledger.label}:{name}", ledger.place, name, why, "UTC", everything)


def _hidden(ledger: Ledger) -> Iterator[tuple[str, Unresolved]]:
    schedules, rules = ledger.listed("schedules"), ledger.listed("event_rules")
    functions, points = ledger.listed("functions"), ledger.listed("access_points")
    for name, listed in (("schedules", schedules), ("event_rules", rules)):
        if isinstance(listed, Unresolved):
            yield name, listed
    scheduled = [*_scheduled(ledger, schedules, rules)]
    for name, found in scheduled:
        if isinstance(found, Unresolved):
            yield name, found
    starts_work = any(not isinstance(found, Unresolved) for _, found in scheduled)
    if starts_work and isinstance(functions, Unresolved):
        yield "functions", functions
    if starts_work and isinstance(points, Unresolved) and _mounts_any(functions):
        yield "access_points", points


def _scheduled(
    ledger: Ledger, schedules: list[Object] | Unresolved, rules: list[Object] | Unresolved
) -> Iterator[tuple[str, object]]:
    """Give what schedules and scheduled rules start, by their names."""
    for one in () if isinstance(schedules, Unresolved) else schedules:
        if one.get("State") != "DISABLED" and _starts_work(one):
            yield one["Name"], ledger.found("schedule", str(one.get("GroupName", "")), one["Name"])
    for one in () if isinstance(rules, Unresolved) else rules:
        if one.get("State") != "DISABLED" and one.get("ScheduleExpression"):
            yield one["Name"], ledger.listed("event_targets", one["Name"], str(one.get("EventBusName", "")))


def _starts_work(schedule: Object) -> bool:
    """Tell whether a schedule starts a function or a task: what others do is not asked of AWS."""
    target = schedule.get("Target")
    arn = str(target.get("Arn", "")) if isinstance(target, Mapping) else ""
    return ":lambda:" in arn or ":ecs:" in arn


def _mounts_any(functions: list[Object] | Unresolved) -> bool:
    return not isinstance(functions, Unresolved) and any(one.get("FileSystemConfigs") for one in functions)


def hidden_event_rules(ledger: Ledger) -> Iterator[EventRule]:
    """Give an event rule of which nothing is known, where rules can't be listed."""
    listed = ledger.listed("event_rules")
    if isinstance(listed, Unresolved):
        yield EventRule(f"{ledger.label}:event_rules", ledger.place, listed)
