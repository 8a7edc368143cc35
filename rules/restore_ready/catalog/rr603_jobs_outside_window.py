"""Backup jobs really start and finish when they must.

## What it does
Looks at the jobs that each backup plan started in the last 30 days: how long after their scheduled time they began, how
long they ran, and whether they ran into a blackout or left the allowed hours. The limits are those of the requirements:
`backup.start_within`, `backup.complete_within`, `backup.allowed_hours` and `backup.blackouts`. The jobs of AWS's
automatic plan are judged for each file system that has automatic backups.

## Why is this bad?
Windows are what a plan allows, not what happens. A job that is late while it still may be, runs into office hours
today, and expires unnoticed once there is more to back up.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: plan
    data:
      BackupPlanId: p-1
      BackupPlan: {BackupPlanName: nightly, Rules: [{RuleName: nightly, TargetBackupVaultName: efs}]}
  - fact: backup_jobs
    data:
      BackupJobs:
        - BackupJobId: job-1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          State: COMPLETED
          CreatedBy: {BackupPlanId: p-1}
          CreationDate: "2026-11-19T05:00:00Z"
          InitiationDate: "2026-11-19T11:40:00Z"
          CompletionDate: "2026-11-19T12:10:00Z"
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: plan
    data:
      BackupPlanId: p-1
      BackupPlan: {BackupPlanName: nightly, Rules: [{RuleName: nightly, TargetBackupVaultName: efs}]}
  - fact: backup_jobs
    data:
      BackupJobs:
        - BackupJobId: job-1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          State: COMPLETED
          CreatedBy: {BackupPlanId: p-1}
          CreationDate: "2026-11-19T05:00:00Z"
          InitiationDate: "2026-11-19T05:20:00Z"
          CompletionDate: "2026-11-19T06:10:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupJob.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Final, TypeAlias

from restore_ready._words import show_minutes
from restore_ready.coverage._automatic import VAULT
from restore_ready.history._records import DAY, show_span, show_time
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AutomaticBackups,
    BackupJob,
    Fail,
    Known,
    Pass,
    Plan,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
    settled,
)
from restore_ready.timing._time_zones import Days, Span
from restore_ready.timing._windows import Closed, closed_times, meeting

_Subject: TypeAlias = Plan | AutomaticBackups

_DAYS: Final = 30
_FIX: Final = "Give the plan a time with less going on, and windows that leave no room for this."
_FIX_AUTOMATIC: Final = "Back it up by a plan of your own, with a time and windows that leave no room for this."
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[_Subject]:
    every: tuple[_Subject, ...] = (*estate.plans, *estate.automatic_backups)
    return (subject for subject in every if _jobs_of(subject, estate) != ())


def _jobs_of(subject: _Subject, estate: EstateIndex) -> Known[tuple[BackupJob, ...]]:
    """Return the jobs of *subject* in the last days, or why they are not known; none where there is no record."""
    now = estate.now
    if now is None:
        return ()
    jobs = _of_plan(subject, estate) if isinstance(subject, Plan) else _of_automatic_plan(subject, estate)
    return jobs if isinstance(jobs, Unresolved) else tuple(job for job in jobs if job.created >= now - _DAYS * DAY)


def _of_plan(plan: Plan, estate: EstateIndex) -> Known[tuple[BackupJob, ...]]:
    jobs = estate.backup_jobs_by_plan
    return jobs if isinstance(jobs, Unresolved) else jobs.get(plan.address.rpartition(":")[2], ())


def _of_automatic_plan(setting: AutomaticBackups, estate: EstateIndex) -> Known[tuple[BackupJob, ...]]:
    """Return the jobs of AWS's automatic plan, which alone backs up into its vault, for one file system."""
    history = estate.histories_by_file_system.get(setting.address)
    jobs = () if history is None else history.backup_jobs
    if isinstance(jobs, Unresolved):
        return () if setting.enabled is False else jobs
    return tuple(job for job in jobs if job.plan and job.vault == VAULT)


def judge(subject: _Subject, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a plan, AWS's automatic one among them, whose jobs really ran outside the window that is required.

    Raises:
        Open: if the backup jobs, or the times at which no job may run, are not known.
    """
    jobs, now = settled(_jobs_of(subject, estate), "its backup jobs are not known"), estate.now
    if now is None:
        return Unknown("when the account was read is not known")
    first = (now - (_DAYS + 1) * DAY).date()
    closed = settled(closed_times(requirements, Days.after(first, _DAYS + 3)))
    ordered = sorted(jobs, key=lambda job: job.created)
    bad = [(job, faults) for job in ordered if (faults := list(_faults(job, closed, requirements, now)))]
    if not bad:
        return Pass()
    last, faults = bad[-1]
    return Fail(
        f"{_counted(len(bad), len(jobs), show_time(last.created))}: {'; '.join(faults)}",
        fix=_FIX if isinstance(subject, Plan) else _FIX_AUTOMATIC,
        evidence={"jobs": [job.id for job, _ in bad], "of": len(jobs), "latest": faults},
    )


def _faults(job: BackupJob, closed: Sequence[Closed], requirements: Requirements, now: datetime) -> Iterator[str]:
    if job.started is not None:
        late = job.started - job.created
        if late > timedelta(minutes=requirements.start_within):
            yield f"it started after {show_span(late)} ({show_minutes(requirements.start_within)} allowed)"
        took = (job.completed or now) - job.started
        if took > timedelta(minutes=requirements.complete_within):
            still = "" if job.completed else " and still runs"
            yield f"it ran for {show_span(took)}{still} ({show_minutes(requirements.complete_within)} allowed)"
    span = _span(job, now)
    yield from (
        f"it ran into {closed_time.name}"
        for closed_time in closed
        if span is not None and [*meeting([span], closed_time.spans)]
    )


def _span(job: BackupJob, now: datetime) -> Span | None:
    """Return when the job ran, in minutes since 1970; ``None`` where it never began."""
    if job.started is None:
        return None
    start, end = (int((moment - _EPOCH) / timedelta(minutes=1)) for moment in (job.started, job.completed or now))
    return start, max(end, start + 1)


def _counted(bad: int, every: int, last: str) -> str:
    if every == 1:
        return f"the only job in {_DAYS} days, scheduled for {last}, ran outside the required window"
    which = "that" if bad == 1 else "the last of them"
    return f"{bad} of {every} jobs in {_DAYS} days ran outside the required window, {which} scheduled for {last}"


RULE = Rule(
    "RR603",
    "jobs-outside-window",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
