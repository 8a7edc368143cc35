"""Which rules of a plan run where their start windows meet: AWS Backup runs the one that is kept longer.

"If you have a backup plan with multiple rules and the time frames of the two rules overlap", the one "with the longer
retention time" is taken, by "the full start window"
(https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import PlanRule, Unresolved
from restore_ready.timing._windows import Runs

_FOR_EVER: Final = float("inf")
_SHORTEST: Final = 60
"""Minutes of the shortest start window that AWS takes."""

_WIDEST: Final = 100 * 366 * 24 * 60
"""Minutes of the widest one, 100 years."""


class RunningRule(Struct, frozen=True):
    """A rule with the times at which its schedule runs."""

    rule: PlanRule
    runs: Runs


class Kept(Struct, frozen=True):
    """The runs that are left of the rules of a plan.

    Attributes:
        certain: those that no other rule can displace.
        possible: those, and others of which it is not known whether another rule displaces them.
        why: why that is not known; empty where both are the same.
    """

    certain: tuple[Runs, ...]
    possible: tuple[Runs, ...]
    why: str = ""


def without_displaced(rules: Sequence[RunningRule]) -> Kept:
    """Return the runs of the rules of one plan without those that a rule which is kept longer displaces."""
    possible = _survivors(rules)
    certain = tuple(_left(mine, _longer(mine, rules, perhaps=True), _WIDEST) for mine in rules)
    if certain == possible:
        return Kept(certain, certain)
    open_parts = (part for each in rules for part in (each.rule.delete_after_days, each.rule.start_window))
    why = next((part.why for part in open_parts if isinstance(part, Unresolved)), "one may displace the other")
    return Kept(certain, possible, f"which rule runs where start windows meet is not known: {why}")


def _survivors(rules: Sequence[RunningRule]) -> tuple[Runs, ...]:
    """Return the runs of *rules* that no run displaces which takes place itself."""
    left: dict[int, RunningRule] = {}
    for number in sorted(range(len(rules)), key=lambda number: -(_kept(rules[number]) or 0)):
        mine = rules[number]
        left[number] = RunningRule(mine.rule, _left(mine, _longer(mine, left.values()), _SHORTEST))
    return tuple(left[number].runs for number in range(len(rules)))


def _longer(mine: RunningRule, others: Iterable[RunningRule], *, perhaps: bool = False) -> list[RunningRule]:
    """Return those of *others* that are kept longer than *mine*; *perhaps*, those that may be."""
    own = _kept(mine)
    return [
        other
        for other in others
        if other is not mine and (perhaps if own is None or (theirs := _kept(other)) is None else theirs > own)
    ]


def _kept(running: RunningRule) -> float | None:
    """Return for how many days recovery points are kept; ``None`` where that is not known."""
    days = running.rule.delete_after_days
    if isinstance(days, Unresolved):
        return None
    return _FOR_EVER if days is None else days


def _left(mine: RunningRule, others: Iterable[RunningRule], unknown: int) -> Runs:
    """Return the runs of *mine* whose start window meets that of no run of *others*.

    Args:
        mine: the rule that may be displaced.
        others: those that displace it.
        unknown: the minutes taken for a start window that is not known.
    """
    at = mine.runs.at
    for other in others:
        before, after = _window(other.rule, unknown), _window(mine.rule, unknown)
        starts = other.runs.at
        at = tuple(run for run in at if not _any_between(starts, run - before, run + after))
    return mine.runs if len(at) == len(mine.runs.at) else replace(mine.runs, at=at)


def _window(rule: PlanRule, unknown: int) -> int:
    return unknown if isinstance(rule.start_window, Unresolved) else rule.start_window


def _any_between(starts: Sequence[int], after: int, before: int) -> bool:
    """Return whether one of *starts*, which ascend, lies between two moments, neither included."""
    at = bisect_left(starts, after + 1)
    return at < len(starts) and starts[at] < before
