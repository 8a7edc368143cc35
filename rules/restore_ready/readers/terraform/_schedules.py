"""Finds scheduled work on file systems: EventBridge rules and schedules whose target is a function or an ECS task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.model import ASSUMED_MINUTES, AccessPoint, FileSystem, Known, Ref, ScheduledWork, Str, Unresolved
from restore_ready.readers._scheduled_work import (
    Mounts,
    Work,
    delayed,
    if_enabled,
    of_seconds,
    work_of,
)
from restore_ready.readers.terraform._attributes import nested, number, required_text, text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._movers import timeout

Blocks = Mapping[str, Sequence[Block]]


def scheduled_work(
    of_type: Blocks, file_systems: Sequence[FileSystem], access_points: Sequence[AccessPoint]
) -> Iterator[ScheduledWork]:
    """Give the schedules that start work on file systems, from the blocks by type."""
    rules, schedules = of_type.get("aws_cloudwatch_event_rule", ()), of_type.get("aws_scheduler_schedule", ())
    if not rules and not schedules:
        return
    mounts = Mounts.of(file_systems, access_points)
    movers = _movers(of_type, mounts)
    found = [_of_schedule(block, mounts, movers) for block in schedules]
    found += [_of_rule(block, of_type, mounts, movers) for block in rules]
    yield from (one for one in found if one is not None and one.file_systems)


def _movers(of_type: Blocks, mounts: Mounts) -> dict[str, Work]:
    found = {
        block.address: Work(mounts.named_in(block.values), of_seconds(timeout(block)))
        for block in of_type.get("aws_lambda_function", ())
    }
    for block in of_type.get("aws_ecs_task_definition", ()):
        found[block.address] = Work(mounts.named_in(block.values), None)
    for block in of_type.get("aws_lambda_alias", ()):
        function = block.values.get("function_name")
        if isinstance(function, Ref) and function.target in found:
            found[block.address] = found[function.target]
    return found


def _of_schedule(block: Block, mounts: Mounts, movers: Mapping[str, Work]) -> ScheduledWork | None:
    values = block.values
    work = work_of(values.get("target"), mounts, movers)
    schedule = if_enabled(required_text(values, "schedule_expression"), text(values, "state"))
    if schedule is None:
        return None
    zone = text(values, "schedule_expression_timezone")
    lasts = delayed(work.lasts, _flexible(block), ASSUMED_MINUTES)
    return ScheduledWork(
        block.address,
        block.place,
        required_text(values, "name"),
        schedule,
        "UTC" if zone is None else zone,
        work.file_systems,
        lasts,
    )


def _flexible(block: Block) -> Known[int] | None:
    """Return by how many minutes a schedule may start later."""
    windows = nested(block.values, "flexible_time_window")
    if isinstance(windows, Unresolved):
        return windows
    return number(windows[0], "maximum_window_in_minutes") if windows else None


def _of_rule(block: Block, of_type: Blocks, mounts: Mounts, movers: Mapping[str, Work]) -> ScheduledWork | None:
    written = text(block.values, "schedule_expression")
    if written is None or written == "" or block.values.get("is_enabled") is False:
        return None
    schedule = if_enabled(written, text(block.values, "state"))
    name = required_text(block.values, "name")
    targets = [
        one.values for one in of_type.get("aws_cloudwatch_event_target", ()) if _belongs(one, block.address, name)
    ]
    work = work_of(targets, mounts, movers)
    if schedule is None:
        return None
    return ScheduledWork(block.address, block.place, name, schedule, "UTC", work.file_systems, work.lasts)


def _belongs(target: Block, address: str, name: Str) -> bool:
    rule = target.values.get("rule")
    return rule.target == address if isinstance(rule, Ref) else isinstance(rule, str) and rule == name
