"""What do the rules about windows say of one rule of a backup plan, in a few words?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from restore_ready._words import show_minutes
from restore_ready.engine._judge import Judgement
from restore_ready.model import Fail, PlanRule, Requirements, Unknown, Unresolved
from restore_ready.readiness._headline import headline
from restore_ready.readiness._state import State
from restore_ready.timing._conflicts import Job, met
from restore_ready.timing._windows import closed_times, days_ahead, outside_of, runs_of, show_hours

START: Final = "RR201"
COMPLETION: Final = "RR202"
MEETING: Final = "RR203"
OF_AUTOMATIC: Final = "RR101"
WINDOWS: Final = (START, COMPLETION, MEETING)


class WindowVerdict(Struct, frozen=True):
    """What is said of a rule: no with its faults, unknown with the reason, yes; none where nothing was asked."""

    state: State
    faults: tuple[str, ...] = ()
    why: str = ""


def of_plan_rule(name: str, judgements: Sequence[Judgement], requirements: Requirements) -> WindowVerdict:
    """Return what RR201 to RR203 say of a rule of a plan.

    Args:
        name: of the rule, as these name it: ``rule "nightly"``, ``rule 1``.
        judgements: those on the plan.
        requirements: those of the plan.
    """
    about = [judgement for judgement in judgements if judgement.rule.code in WINDOWS]
    faults = tuple(fault for judgement in about for fault in _faults(name, judgement, requirements))
    if faults:
        return WindowVerdict(State.NO, faults)
    doubts = (judgement.verdict.why for judgement in about if isinstance(judgement.verdict, Unknown))
    doubt = next((why for why in doubts if f"{name}: " in why or not why.startswith("rule ")), "")
    if doubt:
        return WindowVerdict(State.UNKNOWN, why=doubt)
    return WindowVerdict(State.YES if {judgement.rule.code for judgement in about} >= set(WINDOWS) else State.NONE)


def _faults(name: str, judgement: Judgement, requirements: Requirements) -> Iterator[str]:
    verdict, code = judgement.verdict, judgement.rule.code
    if not isinstance(verdict, Fail):
        return
    rules: Any = verdict.evidence.get("rules", ())
    for evidence in rules:
        if evidence["rule"] == name and code == MEETING:
            yield from _meetings(evidence, requirements)
        elif evidence["rule"] == name:
            yield _too_long(evidence["minutes"], evidence["allowed"], code)


def _too_long(minutes: int, allowed: int, code: str) -> str:
    what = "start" if code == START else "complete"
    return f"{show_minutes(minutes)} to {what}, {show_minutes(allowed)} allowed"


def _meetings(evidence: Mapping[str, Any], requirements: Requirements) -> Iterator[str]:
    return (_meets(name, requirements) for name in evidence["meets"])


def _meets(name: str, requirements: Requirements) -> str:
    hours = requirements.allowed_hours
    if hours is not None and name == outside_of(hours):
        return f"outside the allowed hours {show_hours(hours)}"
    return f"runs into {name}"


def of_automatic_rule(rule: PlanRule, judgements: Sequence[Judgement], requirements: Requirements) -> WindowVerdict:
    """Return what RR101 says of a rule of the automatic plan, and in what its windows miss the requirements.

    Args:
        rule: of the plan.
        judgements: those on what switches the plan on.
        requirements: those of the file system.
    """
    about = [judgement.verdict for judgement in judgements if judgement.rule.code == OF_AUTOMATIC]
    if any(isinstance(verdict, Fail) for verdict in about):
        missed = tuple(_missed(rule, requirements))
        return WindowVerdict(State.NO, missed or ("automatic backups are not to be relied on",))
    doubt = next((verdict.why for verdict in about if isinstance(verdict, Unknown)), "")
    if doubt:
        return WindowVerdict(State.UNKNOWN, why=headline(doubt))
    return WindowVerdict(State.YES if about else State.NONE)


def _missed(rule: PlanRule, requirements: Requirements) -> Iterator[str]:
    start, completion = rule.start_window, rule.completion_window
    if isinstance(start, int) and start > requirements.start_within:
        yield _too_long(start, requirements.start_within, START)
    if isinstance(completion, int) and completion > requirements.complete_within:
        yield _too_long(completion, requirements.complete_within, COMPLETION)
    days = days_ahead(requirements)
    runs, closed = runs_of(rule.schedule, rule.time_zone, days), closed_times(requirements, days)
    if isinstance(runs, Unresolved) or isinstance(closed, Unresolved):
        return
    if isinstance(start, int) and isinstance(completion, int):
        yield from (_meets(found.name, requirements) for found, _ in met(Job(runs, start, completion), closed))
