"""Finds scheduled work on file systems: EventBridge rules and schedules, also those in a SAM function's events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.model import ASSUMED_MINUTES, AccessPoint, FileSystem, Known, ScheduledWork, Unresolved
from restore_ready.readers._scheduled_work import (
    Mounts,
    Work,
    delayed,
    if_enabled,
    of_seconds,
    work_of,
)
from restore_ready.readers.cloudformation._fields import Properties, mapping, number, required_text, text
from restore_ready.readers.cloudformation._movers import FUNCTIONS, timeout
from restore_ready.readers.cloudformation._resource import Resource

_KEYS = {"Schedule": "Schedule", "ScheduleV2": "ScheduleExpression"}


def scheduled_work(
    resources: Sequence[Resource], file_systems: Sequence[FileSystem], access_points: Sequence[AccessPoint]
) -> Iterator[ScheduledWork]:
    """Give the schedules that start work on file systems."""
    mounts = Mounts.of(file_systems, access_points)
    movers = _movers(resources, mounts)
    for one in resources:
        if one.type == "AWS::Events::Rule" and "ScheduleExpression" in one.properties:
            yield from _built(one, one.properties, work_of(one.properties.get("Targets"), mounts, movers))
        elif one.type == "AWS::Scheduler::Schedule":
            yield from _built(one, one.properties, work_of(one.properties.get("Target"), mounts, movers))
        elif one.type == "AWS::Serverless::Function":
            yield from _of_events(one, movers[one.name])


def _movers(resources: Sequence[Resource], mounts: Mounts) -> dict[str, Work]:
    found: dict[str, Work] = {}
    for one in resources:
        if one.type in FUNCTIONS:
            found[one.name] = Work(mounts.named_in(one.properties), of_seconds(timeout(one)))
        elif one.type == "AWS::ECS::TaskDefinition":
            found[one.name] = Work(mounts.named_in(one.properties), None)
    return found


def _of_events(function: Resource, work: Work) -> Iterator[ScheduledWork]:
    events = mapping(function.properties, "Events")
    for event in events.values() if isinstance(events, Mapping) else ():
        if isinstance(event, Mapping) and event.get("Type") in _KEYS:
            values = mapping(event, "Properties")
            if isinstance(values, Mapping):
                yield from _built(function, values, work, _KEYS[str(event["Type"])])


def _built(
    resource: Resource, values: Properties, work: Work, key: str = "ScheduleExpression"
) -> Iterator[ScheduledWork]:
    off = text(values, "Enabled") == "false"
    schedule = if_enabled(required_text(values, key), text(values, "State"))
    if not work.file_systems or off or schedule is None:
        return
    zone = text(values, "ScheduleExpressionTimezone")
    lasts = delayed(work.lasts, _flexible(values), ASSUMED_MINUTES)
    name = text(values, "Name")
    yield ScheduledWork(
        resource.name,
        resource.place,
        resource.name if name is None else name,
        schedule,
        "UTC" if zone is None else zone,
        work.file_systems,
        lasts,
    )


def _flexible(values: Properties) -> Known[int] | None:
    """Return by how many minutes a schedule may start later."""
    window = mapping(values, "FlexibleTimeWindow")
    if window is None or isinstance(window, Unresolved):
        return window
    return number(window, "MaximumWindowInMinutes")
