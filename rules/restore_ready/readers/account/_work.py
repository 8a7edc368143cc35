"""Stands in for what an account can't show, so that nothing passes because it was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.model import EventRule, FileSystem, Ref, ScheduledWork, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object


def hidden_work(facts: AccountFacts, file_systems: Sequence[FileSystem]) -> Iterator[ScheduledWork]:
    """Give scheduled work that can't be read, and therefore may touch any file system."""
    everything = tuple(Ref(one.address) for one in file_systems)
    for name, why in _hidden(facts) if everything else ():
        yield ScheduledWork(f"{facts.label}:{name}", facts.place, name, why, "UTC", everything)


def _hidden(facts: AccountFacts) -> Iterator[tuple[str, Unresolved]]:
    schedules, rules = facts.listed("schedules"), facts.listed("event_rules")
    functions, points = facts.listed("functions"), facts.listed("access_points")
    for name, listed in (("schedules", schedules), ("event_rules", rules)):
        if isinstance(listed, Unresolved):
            yield name, listed
    scheduled = [*_scheduled(facts, schedules, rules)]
    for name, found in scheduled:
        if isinstance(found, Unresolved):
            yield name, found
    starts_work = any(not isinstance(found, Unresolved) for _, found in scheduled)
    if starts_work and isinstance(functions, Unresolved):
        yield "functions", functions
    if starts_work and isinstance(points, Unresolved) and _mounts_any(functions):
        yield "access_points", points


def _scheduled(
    facts: AccountFacts, schedules: list[Object] | Unresolved, rules: list[Object] | Unresolved
) -> Iterator[tuple[str, object]]:
    """Give what schedules and scheduled rules start, by their names."""
    for one in () if isinstance(schedules, Unresolved) else schedules:
        if one.get("State") != "DISABLED" and _starts_work(one):
            yield one["Name"], facts.found("schedule", str(one.get("GroupName", "")), one["Name"])
    for one in () if isinstance(rules, Unresolved) else rules:
        if one.get("State") != "DISABLED" and one.get("ScheduleExpression"):
            yield one["Name"], facts.listed("event_targets", one["Name"], str(one.get("EventBusName", "")))


def _starts_work(schedule: Object) -> bool:
    """Tell whether a schedule starts a function or a task: what others do is not asked of AWS."""
    target = schedule.get("Target")
    arn = str(target.get("Arn", "")) if isinstance(target, Mapping) else ""
    return ":lambda:" in arn or ":ecs:" in arn


def _mounts_any(functions: list[Object] | Unresolved) -> bool:
    return not isinstance(functions, Unresolved) and any(one.get("FileSystemConfigs") for one in functions)


def hidden_event_rules(facts: AccountFacts) -> Iterator[EventRule]:
    """Give an event rule of which nothing is known, where rules can't be listed."""
    listed = facts.listed("event_rules")
    if isinstance(listed, Unresolved):
        yield EventRule(f"{facts.label}:event_rules", facts.place, listed)
