"""Which rules of which backup plans run when, and what do the rules about windows say of each?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from restore_ready.catalog._plans import name_of_rule
from restore_ready.coverage._automatic import VAULT, automatic_rules, has_automatic_backups
from restore_ready.coverage._plans_and_file_systems import reached
from restore_ready.engine._effective_requirements import RuleRunner
from restore_ready.engine._judge import Judgement
from restore_ready.model import (
    BackupJob,
    FileSystem,
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Str,
    Subject,
    Unresolved,
    show,
)
from restore_ready.readiness._backed_up import AUTOMATIC
from restore_ready.readiness._hours import WEEK, LocalWeek, bands_of, changes_of, clock_of, day_of, local_week
from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import JobStart, TimeLine, TimeRow, joined
from restore_ready.readiness._window_verdicts import (
    OF_AUTOMATIC,
    WINDOWS,
    WindowVerdict,
    of_automatic_rule,
    of_plan_rule,
)
from restore_ready.timing._conflicts import batches
from restore_ready.timing._cron import DEFAULT_SCHEDULE
from restore_ready.timing._time_zones import DAY, Span
from restore_ready.timing._windows import Closed, runs_of

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_CLOCKS: Final = 4
"""Times a day up to which the other half of the year is told."""

_OFTEN: Final = 50
"""Runs a year from which a day of the week counts as regular."""

_MONTHLY: Final = range(10, 15)
_RARE: Final = 10
"""Of that many runs, one is no habit: that clocks change moves a run or two."""


def time_lines(runner: RuleRunner, judgements: Iterable[Judgement]) -> tuple[TimeLine, ...]:
    """Return when the backups of an estate run, a line for each clock that its requirements name."""
    by_address: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        if judgement.rule.code in (*WINDOWS, OF_AUTOMATIC):
            by_address.setdefault(judgement.address, []).append(judgement)
    return joined(_lines(runner, by_address))


def _lines(runner: RuleRunner, judgements: Mapping[str, Sequence[Judgement]]) -> Iterator[TimeLine]:
    for plan in runner.estate.plans:
        requirements = requirements_of(runner, plan)
        week = local_week(requirements)
        yield _line(requirements, week, _rows_of_plan(plan, week, runner, requirements, judgements))
    for file_system in runner.estate.file_systems:
        if has_automatic_backups(file_system, runner.estate) is True:
            requirements = requirements_of(runner, file_system)
            week = local_week(requirements)
            yield _line(requirements, week, _automatic_rows(file_system, week, runner, judgements))


def requirements_of(runner: RuleRunner, subject: Subject) -> Requirements:
    """Return what is required of a plan or a file system: under its overrides where these are known."""
    possible = runner.possible(subject)
    if isinstance(possible, tuple) and len(possible) == 1:
        return possible[0].requirements
    return runner.requirements_file.base


def _line(requirements: Requirements, week: LocalWeek | Unresolved, rows: Iterable[TimeRow]) -> TimeLine:
    if isinstance(week, Unresolved):
        return TimeLine(clock_of(requirements), (), (), tuple(rows), week.why)
    bands = bands_of(requirements, week)
    why = bands.why if isinstance(bands, Unresolved) else ""
    known = () if isinstance(bands, Unresolved) else bands
    return TimeLine(clock_of(requirements), known, changes_of(week), tuple(rows), why)


def _rows_of_plan(
    plan: Plan,
    week: LocalWeek | Unresolved,
    runner: RuleRunner,
    requirements: Requirements,
    judgements: Mapping[str, Sequence[Judgement]],
) -> Iterator[TimeRow]:
    name, said = _called(plan.name, plan.address), judgements.get(plan.address, ())
    covered = [file_system for file_system, answer in reached(plan, runner.estate) if answer is True]
    names = tuple(_called(file_system.name, file_system.address) for file_system in covered)
    if isinstance(plan.rules, Unresolved):
        why = f"the plan's rules are not known: {plan.rules.why}"
        yield TimeRow(name, "", "", "", None, None, State.UNKNOWN, file_systems=names, why=why)
        return
    work = () if isinstance(week, Unresolved) else tuple(_work(plan, runner, week))
    jobs = _jobs(_jobs_of(plan, runner), week)
    for number, rule in enumerate(plan.rules, start=1):
        found = of_plan_rule(name_of_rule(rule, number), said, requirements)
        called = "" if isinstance(rule.name, (Ref, Unresolved)) else show(rule.name)
        row = _row(name, called, rule, found, names)
        own = jobs if len(plan.rules) == 1 else ()
        yield replace(row, work=work, jobs=own, **_times(rule, week))


def _automatic_rows(
    file_system: FileSystem,
    week: LocalWeek | Unresolved,
    runner: RuleRunner,
    judgements: Mapping[str, Sequence[Judgement]],
) -> Iterator[TimeRow]:
    estate = runner.estate
    settings = (setting.address for setting in estate.automatic_settings.about(file_system))
    said = [judgement for address in settings for judgement in judgements.get(address, ())]
    history = estate.histories_by_file_system.get(file_system.address)
    jobs = () if history is None or isinstance(history.backup_jobs, Unresolved) else history.backup_jobs
    own = _jobs((job for job in jobs if job.vault == VAULT), week)
    names = (_called(file_system.name, file_system.address),)
    for rule in automatic_rules(estate):
        found = of_automatic_rule(rule, said, requirements_of(runner, file_system))
        yield replace(_row(AUTOMATIC, "", rule, found, names), automatic=True, jobs=own, **_times(rule, week))


def _called(name: Str, address: str) -> str:
    return name if isinstance(name, str) and name else address


def _row(plan: str, called: str, rule: PlanRule, found: WindowVerdict, names: tuple[str, ...]) -> TimeRow:
    schedule = DEFAULT_SCHEDULE if rule.schedule is None else rule.schedule
    return TimeRow(
        plan,
        called,
        schedule if isinstance(schedule, str) else "",
        rule.time_zone if isinstance(rule.time_zone, str) else "",
        rule.start_window if isinstance(rule.start_window, int) else None,
        rule.completion_window if isinstance(rule.completion_window, int) else None,
        found.state,
        file_systems=names,
        faults=found.faults,
        why=found.why,
    )


def _times(rule: PlanRule, week: LocalWeek | Unresolved) -> dict[str, Any]:
    """Return the fields of a row that say when its rule runs; why that is not known, where it is not."""
    if isinstance(week, Unresolved):
        return {"state": State.UNKNOWN, "why": week.why}
    runs = runs_of(rule.schedule, rule.time_zone, week.days)
    if isinstance(runs, Unresolved):
        return {"state": State.UNKNOWN, "why": runs.why}
    local = [week.zone.local(at) for at in runs.at]
    in_week = tuple(at - week.monday for at in local if 0 <= at - week.monday < WEEK)
    starts = tuple(sorted({at % DAY for at in in_week or local[:1]}))
    return {
        "starts": starts,
        "other": _other(local, starts),
        "week": in_week,
        "days": _days(local, in_week),
        "runs_next": day_of(local[0]) if local else None,
    }


def _other(local: Sequence[int], starts: Sequence[int]) -> tuple[int, ...]:
    """Return the times of day at which it runs in the other half of the year."""
    often = Counter(at % DAY for at in local)
    others = tuple(sorted(at for at, times in often.items() if at not in starts and times * _RARE >= len(local)))
    return others if max(len(others), len(starts)) <= _MOST_CLOCKS else ()


def _days(local: Sequence[int], in_week: Sequence[int]) -> str:
    days = sorted({at // DAY for at in in_week})
    if len(days) == len(_DAYS):
        return "daily"
    if days and len(local) >= _OFTEN * len(days):
        return ", ".join(_DAYS[day] for day in days)
    if not local:
        return "never"
    return "monthly" if len(local) in _MONTHLY else "yearly" if len(local) == 1 else f"{len(local)} times a year"


def _work(plan: Plan, runner: RuleRunner, week: LocalWeek) -> Iterator[Span]:
    """Yield when scheduled work on the file systems of a plan goes on, where it is certain that it is on these."""
    for batch in batches(plan, runner.estate, week.days):
        if batch.certain is True and isinstance(batch.times, Closed):
            yield from week.of(batch.times.spans)


def _jobs(jobs: Iterable[BackupJob], week: LocalWeek | Unresolved) -> tuple[JobStart, ...]:
    """Return when jobs began by the clock."""
    if isinstance(week, Unresolved):
        return ()
    zone = ZoneInfo(week.zone.name)
    began = ((job, (job.started or job.created).astimezone(zone)) for job in jobs)
    return tuple(JobStart(at.hour * 60 + at.minute, job.state == "COMPLETED") for job, at in began)


def _jobs_of(plan: Plan, runner: RuleRunner) -> Iterable[BackupJob]:
    jobs = runner.estate.backup_jobs_by_plan
    return () if isinstance(jobs, Unresolved) else jobs.get(plan.address.rpartition(":")[2], ())
