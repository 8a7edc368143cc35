"""Copies of the file system's backups are made, and the newest is not too old.

## What it does
Looks at the copy jobs of the last 30 days, which is as far back as AWS lists them, to each vault that the backup plans
copy a file system's recovery points to: whether the last that ended failed or copied only in part, and whether the
newest copy is older than it can be. That is: older than the copying rule's own rhythm, or than `backup.every` where
that is longer, with both windows of the rule and a day for the copy itself. What may be older than 30 days is not asked
for its age. Where no copy to a vault is on record at all, since when the plan copies is not known, and the verdict is
open.

## Why is this bad?
Copies in another Region or account are what is left when the Region is down or the account is lost. A copy that AWS
refuses fails every night, in silence, while the backups themselves look well.

## Example
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: plan
    params: {BackupPlanId: nightly}
    data:
      BackupPlanId: nightly
      BackupPlan:
        BackupPlanName: nightly
        Rules:
          - RuleName: nightly
            TargetBackupVaultName: efs
            ScheduleExpression: "cron(0 2 * * ? *)"
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
            CopyActions: [{DestinationBackupVaultArn: "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr"}]
  - fact: selection
    data:
      BackupPlanId: nightly
      SelectionId: home
      BackupSelection:
        SelectionName: home
        IamRoleArn: arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
        Resources: ["arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"]
  - fact: copy_jobs
    data:
      CopyJobs:
        - CopyJobId: copy-1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          DestinationBackupVaultArn: arn:aws:backup:eu-central-1:111122223333:backup-vault:dr
          State: FAILED
          StatusMessage: Access Denied trying to call AWS Backup service
          CreationDate: "2026-11-20T02:40:00Z"
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems: [{FileSystemId: fs-1, CreationTime: "2026-01-01T00:00:00Z"}]
  - fact: plan
    params: {BackupPlanId: nightly}
    data:
      BackupPlanId: nightly
      BackupPlan:
        BackupPlanName: nightly
        Rules:
          - RuleName: nightly
            TargetBackupVaultName: efs
            ScheduleExpression: "cron(0 2 * * ? *)"
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
            CopyActions: [{DestinationBackupVaultArn: "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr"}]
  - fact: selection
    data:
      BackupPlanId: nightly
      SelectionId: home
      BackupSelection:
        SelectionName: home
        IamRoleArn: arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
        Resources: ["arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"]
  - fact: copy_jobs
    data:
      CopyJobs:
        - CopyJobId: copy-1
          ResourceArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1
          DestinationBackupVaultArn: arn:aws:backup:eu-central-1:111122223333:backup-vault:dr
          State: COMPLETED
          CreationDate: "2026-11-20T02:40:00Z"
          CompletionDate: "2026-11-20T03:10:00Z"
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListCopyJobs.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
"""

from collections.abc import Iterable, Iterator

from restore_ready.history._records import Recorded, record_of, recorded, show_span, show_time, usable_points
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Verdict,
    settled,
)
from restore_ready.vaults._copies import CopyTarget, copied_to, copy_targets

_MADE = "COMPLETED"


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FileSystem]:
    return (record.file_system for record in recorded(estate) if copied_to(record, estate) and _has_any(record, estate))


def _has_any(subject: Recorded, estate: EstateIndex) -> bool:
    """Return whether there is anything to copy, or was, or may be."""
    history = subject.history
    return history.copy_jobs != () or bool(usable_points(subject.file_system, estate))


def judge(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a file system of which copies fail, or the newest copy is too old.

    Raises:
        Open: if the copy jobs are not known.
    """
    subject = record_of(file_system, estate)
    jobs = settled(subject.history.copy_jobs, "its copy jobs are not known")
    targets = list(copy_targets(subject, jobs, estate, requirements))
    faults = [fault for target in targets for fault in _faults(target, subject)]
    if faults:
        return Fail(
            "; ".join(faults),
            fix="Read the messages of these copy jobs; the destination vault's policy and key, and the organization's "
            "setting for copies to other accounts, decide. Then copy once by hand.",
            evidence={"vaults": [target.arn for target in targets], "jobs": [job.id for job in jobs]},
        )
    unseen = [target.arn for target in targets if not target.jobs and target.newest is None]
    if unseen and not _is_new(subject, targets):
        return Unknown(
            f"no copy to {', '.join(unseen)} is on record of 30 days, and since when there should be any is not known"
        )
    return Pass()


def _is_new(subject: Recorded, targets: Iterable[CopyTarget]) -> bool:
    """Return whether the file system is younger than any copy of it may be old."""
    created, limits = subject.history.created, [target.limit for target in targets]
    return created is not None and all(limit is not None and subject.now - created <= limit for limit in limits)


def _faults(target: CopyTarget, subject: Recorded) -> Iterator[str]:
    last, under_way = target.last, target.under_way
    if last is not None and last.state != _MADE:
        ended = [job for job in target.jobs if job.state != _MADE and job is not under_way]
        said = f': "{last.message}"' if last.message else ""
        how = "was made in part only" if last.state == "PARTIAL" else "failed"
        times = f" ({len(ended)} in 30 days)" if len(ended) > 1 else ""
        yield f"the last copy to {target.arn}, of {show_time(last.created)}, {how}{times}{said}"
        return
    if target.limit is None or (under_way is not None and subject.now - under_way.created <= target.limit):
        return
    if target.newest is not None and subject.now - target.newest > target.limit:
        old, allowed = show_span(subject.now - target.newest), show_span(target.limit)
        made = show_time(target.newest)
        yield f"the newest copy in {target.arn}, of {made}, is {old} old ({allowed} allowed by its plan)"
    elif target.newest is None and under_way is not None:
        yield f"the only copy to {target.arn} is under way for {show_span(subject.now - under_way.created)}"


RULE = Rule(
    "RR608",
    "copies-not-made",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(),
    cloudformation=(),
)
