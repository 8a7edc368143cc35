"""Stands in for what an account can't show, so that nothing passes because it was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.model import EventRule, FileSystem, Ref, ScheduledWork, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object


def hidden_work(facts: AccountFacts, file_systems: Sequence[FileSystem]) -> Iterator[ScheduledWork]:
    """Yield scheduled work that can't be read, and therefore may touch any file system."""
    everything = tuple(Ref(file_system.address) for file_system in file_systems)
    for name, why in _hidden(facts) if everything else ():
        yield ScheduledWork(f"{facts.label}:{name}", facts.place, name, why, "UTC", everything)


def _hidden(facts: AccountFacts) -> Iterator[tuple[str, Unresolved]]:
    functions, points = facts.listed("functions"), facts.listed("access_points")
    for name in ("schedules", "event_rules"):
        if isinstance(listed := facts.listed(name), Unresolved):
            yield name, listed
    scheduled = [*_scheduled(facts)]
    for name, found in scheduled:
        if isinstance(found, Unresolved):
            yield name, found
    starts_work = any(not isinstance(found, Unresolved) for _, found in scheduled)
    if starts_work and isinstance(functions, Unresolved):
        yield "functions", functions
    mounts_any = any(function.get("FileSystemConfigs") for function in facts.entries("functions"))
    if starts_work and isinstance(points, Unresolved) and mounts_any:
        yield "access_points", points


def _scheduled(facts: AccountFacts) -> Iterator[tuple[str, object]]:
    """Yield what schedules and scheduled rules start, by their names."""
    for schedule in facts.entries("schedules"):
        if schedule.get("State") != "DISABLED" and _starts_work(schedule):
            yield schedule["Name"], facts.found("schedule", str(schedule.get("GroupName", "")), schedule["Name"])
    for rule in facts.entries("event_rules"):
        if rule.get("State") != "DISABLED" and rule.get("ScheduleExpression"):
            yield rule["Name"], facts.listed("event_targets", rule["Name"], str(rule.get("EventBusName", "")))


def _starts_work(schedule: Object) -> bool:
    """Return whether a schedule starts a function or a task: what others do is not asked of AWS."""
    target = schedule.get("Target")
    arn = str(target.get("Arn", "")) if isinstance(target, Mapping) else ""
    return ":lambda:" in arn or ":ecs:" in arn


def hidden_event_rules(facts: AccountFacts) -> Iterator[EventRule]:
    """Yield an event rule of which nothing is known, where rules can't be listed."""
    listed = facts.listed("event_rules")
    if isinstance(listed, Unresolved):
        yield EventRule(f"{facts.label}:event_rules", facts.place, listed)
