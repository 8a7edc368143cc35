"""The plan of EFS automatic backups against what is required: its times, windows and retention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from restore_ready._words import show_minutes
from restore_ready.model import Known, PlanRule, Requirements, Unresolved
from restore_ready.timing._conflicts import Job, met
from restore_ready.timing._interval import widest_gap
from restore_ready.timing._time_zones import DAY, Days, Zone, zone_over
from restore_ready.timing._windows import TO, Closed, Runs, closed_times, days_ahead, runs_of


def missed_requirements(rules: Sequence[PlanRule], requirements: Requirements) -> list[str]:
    """Return how the *rules* of the automatic plan miss the requirements, one phrase each."""
    days = days_ahead(requirements)
    runs = [runs_of(rule.schedule, rule.time_zone, days) for rule in rules]
    jobs = [(rule, _job(rule, found)) for rule, found in zip(rules, runs, strict=True)]
    missed = [phrase for rule, job in jobs for phrase in _of_windows(rule, job, requirements)]
    missed += _of_interval(runs, requirements)
    missed += (phrase for rule in rules for phrase in _of_retention(rule, requirements))
    closed = closed_times(requirements, days)
    missed += (phrase for _, job in jobs for phrase in _of_blackouts(job, closed))
    return list(dict.fromkeys(missed))


def _job(rule: PlanRule, runs: Runs | Unresolved) -> Job | None:
    """Return when the jobs of a rule may run, unless that is not known."""
    start, completion = rule.start_window, rule.completion_window
    if isinstance(runs, Unresolved) or isinstance(start, Unresolved) or isinstance(completion, Unresolved):
        return None
    return Job(runs, start, completion)


def _of_windows(rule: PlanRule, job: Job | None, requirements: Requirements) -> Iterator[str]:
    start, completion = rule.start_window, rule.completion_window
    if isinstance(start, Unresolved):
        yield f"its start window is not known: {start.why}"
    elif requirements.start_within < start:
        allowed = show_minutes(requirements.start_within)
        yield f"the job starts any time{_clocks(job, requirements)} ({allowed} allowed, not {show_minutes(start)})"
    if isinstance(completion, Unresolved):
        yield f"its completion window is not known: {completion.why}"
    elif requirements.complete_within < completion:
        yield f"it may take {show_minutes(completion)} ({show_minutes(requirements.complete_within)} allowed)"


def _clocks(job: Job | None, requirements: Requirements) -> str:
    """Return when a job may start, by the clock of the plan and by that of the requirements, where it is another."""
    if job is None:
        return ""
    own = job.runs.zone
    zone = zone_over(requirements.time_zone, days_ahead(requirements))
    by_plan = _starts(job, own)
    if not by_plan:
        return ""
    by_requirements = by_plan if isinstance(zone, Unresolved) else _starts(job, zone)
    also = "" if isinstance(zone, Unresolved) or by_requirements == by_plan else f", {by_requirements} {zone.name}"
    return f" from {by_plan.replace(TO, ' to ')} {own.name.removeprefix('Etc/')}{also}"


@lru_cache(maxsize=16)
def _starts(job: Job, zone: Zone) -> str:
    """Return when a job may start by a clock; asked for every file system, answered once."""
    return " or ".join(job.starts(job.spans(), zone))


@lru_cache(maxsize=16)
def _gap(runs: tuple[Runs, ...], days: Days) -> int:
    """Return the longest time between two runs, not counting that clocks are put back; answered once as well."""
    return widest_gap(runs, days) - max((series.zone.put_back for series in runs), default=0)


def _of_interval(found: Sequence[Known[Runs]], requirements: Requirements) -> Iterator[str]:
    days = days_ahead(requirements)
    unknown = [runs.why for runs in found if isinstance(runs, Unresolved)]
    runs = tuple(runs for runs in found if isinstance(runs, Runs))
    gap = _gap(runs, days)
    if gap <= requirements.objective:
        return
    if unknown:
        yield f"how often it runs is not known: {unknown[0]}"
        return
    often = "once a day" if gap == DAY else f"every {show_minutes(gap)}"
    yield f"it runs {often} (every {show_minutes(requirements.objective)} required)"


def _of_retention(rule: PlanRule, requirements: Requirements) -> Iterator[str]:
    shortest, longest, days = requirements.keep_at_least, requirements.keep_at_most, rule.delete_after_days
    if isinstance(days, Unresolved):
        yield f"how long it keeps recovery points is not known: {days.why}"
        return
    kept = "for ever" if days is None else f"{days} days"
    if shortest is not None and days is not None and shortest > days:
        yield f"it keeps recovery points {kept} (at least {shortest} required)"
    if longest is not None and (days is None or longest < days):
        yield f"it keeps recovery points {kept} (at most {longest} allowed)"


def _of_blackouts(job: Job | None, closed: Sequence[Closed] | Unresolved) -> Iterator[str]:
    if isinstance(closed, Unresolved):
        yield f"whether it runs into a blackout is not known: {closed.why}"
    elif job is not None and (names := [closed_time.name for closed_time, _ in met(job, closed)]):
        yield f"it runs into {' and '.join(names)}"
