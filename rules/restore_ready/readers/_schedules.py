"""Finds scheduled work on file systems: EventBridge rules and schedules whose target is a function or an ECS task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.model import ASSUMED_MINUTES, Known, ScheduledWork, Str
from restore_ready.readers._fields import Entry, Field, Inside, Table
from restore_ready.readers._kinds import filled_text, number, text
from restore_ready.readers._mover_tables import FUNCTION, TASK, timeout
from restore_ready.readers._scheduled_work import Mounts, Work, delayed, if_enabled, of_seconds
from restore_ready.readers._vault_tables import EVENT_RULE


def _name(entry: Entry, name: str) -> Str | None:
    """Return a schedule's name; in CloudFormation its logical id stands for one left out."""
    found = text(entry, name)
    return entry.address if found is None and entry.dialect.language == "cloudformation" else found


_SCHEDULE: Final = Table(
    ScheduledWork,
    (
        Field("name", _name, "Name", "name", required=True),
        Field("time_zone", text, "ScheduleExpressionTimezone", "schedule_expression_timezone", default="UTC"),
    ),
    cloudformation=("AWS::Scheduler::Schedule",),
    terraform=("aws_scheduler_schedule",),
)
_EXPRESSION: Final[Field[Str]] = Field(
    "schedule", text, ("ScheduleExpression", "Schedule"), "schedule_expression", required=True
)
"""``Schedule`` is SAM's name in a function's events."""

_OF_RULE: Final[Field[Str]] = Field("schedule", filled_text, "ScheduleExpression", "schedule_expression")
"""An EventBridge rule that waits for events has none."""

_STATE: Final[Field[Str]] = Field("state", text, "State", "state")
_SWITCH: Final[Field[Str]] = Field("enabled", text, "Enabled", "is_enabled")
_LATER: Final[Field[Known[int]]] = Field(
    "later",
    number,
    "MaximumWindowInMinutes",
    "maximum_window_in_minutes",
    inside=Inside("FlexibleTimeWindow", "flexible_time_window"),
)
"""By how many minutes a schedule may start later."""


def is_schedule(entry: Entry) -> bool:
    """Return whether a resource starts something at set times."""
    return _SCHEDULE.tells(entry) or (EVENT_RULE.tells(entry) and _OF_RULE.given(entry) is not None)


def work_by_address(entries: Iterable[Entry], mounts: Mounts) -> dict[str, Work]:
    """Return what functions and tasks do to file systems, by their addresses."""
    found: dict[str, Work] = {}
    for entry in entries:
        if FUNCTION.tells(entry):
            found[entry.address] = Work(mounts.named_in(entry.values), of_seconds(timeout(entry)))
        elif TASK.tells(entry):
            found[entry.address] = Work(mounts.named_in(entry.values), None)
    return found


def started(entry: Entry, work: Work) -> Iterator[ScheduledWork]:
    """Yield the *work* that a schedule starts, if it touches a file system and the schedule is not switched off."""
    expression = _EXPRESSION.given(entry)
    schedule = None if expression is None else if_enabled(expression, _STATE.given(entry))
    if work.file_systems and schedule is not None and _SWITCH.given(entry) != "false":
        lasts = delayed(work.lasts, _LATER.given(entry), ASSUMED_MINUTES)
        yield _SCHEDULE.read(entry, schedule=schedule, file_systems=work.file_systems, lasts=lasts)
