"""The plan of EFS automatic backups against what is required: its times, windows and retention are AWS's.

The figures are those of the plan ``aws/efs/automatic-backup-plan`` that AWS creates
(https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready._words import show_minutes
from restore_ready.coverage._automatic import COMPLETION_WINDOW, KEPT_DAYS, START_WINDOW
from restore_ready.model import Requirements, Unresolved
from restore_ready.timing._conflicts import Job, met
from restore_ready.timing._cron import DEFAULT_SCHEDULE
from restore_ready.timing._time_zones import DAY, zone_over
from restore_ready.timing._windows import closed_times, days_ahead, runs_of


def missed_requirements(requirements: Requirements) -> list[str]:
    """Return which of AWS's fixed settings miss the requirements, one phrase each."""
    job, clock = _job(requirements)
    missed = []
    if requirements.start_within < START_WINDOW:
        allowed = show_minutes(requirements.start_within)
        missed.append(f"the job starts any time from 05:00 to 13:00 UTC{clock} ({allowed} allowed, not 8 h)")
    if requirements.complete_within < COMPLETION_WINDOW:
        allowed = show_minutes(requirements.complete_within)
        missed.append(f"it may take 7 days ({allowed} allowed)")
    if requirements.objective < DAY:
        missed.append(f"it runs once a day (every {show_minutes(requirements.objective)} required)")
    missed.extend(_missed_retention(requirements))
    closed = closed_times(requirements, days_ahead(requirements))
    if isinstance(closed, Unresolved):
        return [*missed, f"whether it meets the blackouts can't be told: {closed.why}"]
    names = [closed_time.name for closed_time, _ in met(job, closed)] if job else []
    return [*missed, f"it meets {'; '.join(names)}"] if names else missed


def _missed_retention(requirements: Requirements) -> Iterator[str]:
    shortest, longest = requirements.keep_at_least, requirements.keep_at_most
    if shortest is not None and shortest > KEPT_DAYS:
        yield f"it keeps recovery points {KEPT_DAYS} days (at least {shortest} required)"
    if longest is not None and longest < KEPT_DAYS:
        yield f"it keeps recovery points {KEPT_DAYS} days (at most {longest} allowed)"


def _job(requirements: Requirements) -> tuple[Job | None, str]:
    """Return the automatic plan's job, and when it may start by the requirements' clock, unless that shows UTC."""
    days = days_ahead(requirements)
    zone, found = zone_over(requirements.time_zone, days), runs_of(DEFAULT_SCHEDULE, "UTC", days)
    if isinstance(zone, Unresolved) or isinstance(found, Unresolved):
        return None, ""
    job = Job(found, START_WINDOW, COMPLETION_WINDOW)
    return job, "" if zone.name == "UTC" else f", {' or '.join(job.starts(job.spans(), zone))} {zone.name}"
