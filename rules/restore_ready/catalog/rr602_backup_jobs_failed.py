"""Backup jobs complete.

## What it does
Counts the backup jobs of each file system of the last 30 days, which is as far back as AWS lists them, that expired,
failed, were aborted or completed only in part, and tells what AWS said of the latest. Jobs that completed with issues
count too: AWS has a message of another kind than SUCCESS for them.

## Why is this bad?
Each of them is a recovery point that is missing or incomplete. Jobs that now and then expire are the first sign that
the windows are too tight, and that one day all of them will. A job that completed with issues may have backed up
nothing, as where the vault's key does not let its role write.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: backup_jobs
    data:
      BackupJobs:
        - BackupJobId: job-1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          State: EXPIRED
          StatusMessage: Backup job expired before completion.
          CreationDate: "2026-11-19T05:00:00Z"
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: backup_jobs
    data:
      BackupJobs:
        - BackupJobId: job-1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          State: COMPLETED
          CreationDate: "2026-11-19T05:00:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupJob.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/monitoring.html
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from restore_ready.history._records import DAY, record_of, recorded, show_time
from restore_ready.index import EstateIndex
from restore_ready.model import (
    BackupJob,
    Fail,
    FileSystem,
    Pass,
    Requirements,
    Rule,
    Severity,
    Verdict,
    settled,
)

_DAYS: Final = 30
_WITH_ISSUES: Final = "COMPLETED with issues"
_BAD: Final = ("EXPIRED", "FAILED", "ABORTED", "PARTIAL", _WITH_ISSUES)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    return (record.file_system for record in recorded(estate) if record.history.backup_jobs != ())


def judge(file_system: FileSystem, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a file system of which backup jobs did not complete.

    Raises:
        Open: if the backup jobs are not known.
    """
    subject = record_of(file_system, estate)
    jobs = settled(subject.history.backup_jobs, "its backup jobs are not known")
    recent = [job for job in jobs if job.created >= subject.now - _DAYS * DAY]
    bad = sorted((job for job in recent if _state(job) in _BAD), key=lambda job: job.created)
    if not bad:
        return Pass()
    counts = Counter(map(_state, bad))
    told = ", ".join(f"{counts[state]} {state}" for state in _BAD if counts[state])
    last = bad[-1]
    said = f': "{last.message}"' if last.message else ""
    return Fail(
        f"{_counted(len(bad), len(recent))} in {_DAYS} days did not succeed ({told}), the latest on "
        f"{show_time(last.created)}{said}",
        fix="Read the messages of these jobs; expired ones want wider windows, or fewer jobs at once.",
        evidence={"states": dict(counts), "jobs": [job.id for job in bad], "of": len(recent)},
    )


def _state(job: BackupJob) -> str:
    """Return how a job ended; a message without its kind, as older snapshots have it, tells of no issue."""
    with_issues = job.state == "COMPLETED" and job.category not in {"", "SUCCESS"}
    return _WITH_ISSUES if with_issues else job.state


def _counted(bad: int, every: int) -> str:
    return "the only backup job" if every == 1 else f"{bad} of {every} backup jobs"


RULE = Rule(
    "RR602",
    "backup-jobs-failed",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
