"""Backups run only when they are allowed to, and not while others work on the files.

## What it does
Compares the time in which a job may run, from its scheduled start until start window and completion window have both
passed, with the blackouts and allowed hours of the requirements: over a year, by the local clock, with its changes.
Scheduled work in the same configuration counts like a blackout: an EventBridge rule or Scheduler schedule whose
target is a Lambda function or ECS task that mounts or names a file system of the plan. It is taken to last as long as
the function's time-out, and 60 minutes where nothing limits it. Work that never pauses for two hours can't be avoided
by any plan and is not counted. Without blackouts, allowed hours and such work, every plan passes.

## Why is this bad?
EFS has no snapshots: AWS Backup reads the files one after the other. What is written meanwhile may be in the recovery
point or not, so that files that belong together don't fit. And the backup takes throughput from those who work.

## Example
```yaml
Resources:
  Files:
    Type: AWS::EFS::FileSystem
  Door:
    Type: AWS::EFS::AccessPoint
    Properties:
      FileSystemId: !Ref Files
  Report:
    Type: AWS::Lambda::Function
    Properties:
      Timeout: 900
      FileSystemConfigs:
        - {Arn: !GetAtt Door.Arn, LocalMountPath: /mnt/files}
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: cron(30 22 * * ? *)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Report.Arn, RoleArn: "arn:aws:iam::111122223333:role/scheduler"}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: nightly
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: efs
            ScheduleExpression: cron(0 22 * * ? *)
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: files
        IamRoleArn: arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
        Resources: [!GetAtt Files.Arn]
```

Use instead:
```yaml
Resources:
  Files:
    Type: AWS::EFS::FileSystem
  Door:
    Type: AWS::EFS::AccessPoint
    Properties:
      FileSystemId: !Ref Files
  Report:
    Type: AWS::Lambda::Function
    Properties:
      Timeout: 900
      FileSystemConfigs:
        - {Arn: !GetAtt Door.Arn, LocalMountPath: /mnt/files}
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: cron(30 22 * * ? *)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Report.Arn, RoleArn: "arn:aws:iam::111122223333:role/scheduler"}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: nightly
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: efs
            ScheduleExpression: cron(0 23 * * ? *)
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: files
        IamRoleArn: arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
        Resources: [!GetAtt Files.Arn]
```

## References
- https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
- https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from collections.abc import Sequence

from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, plans
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Plan,
    PlanRule,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
    settled,
)
from restore_ready.timing._conflicts import Batch, Job, batches, met
from restore_ready.timing._time_zones import Days, Zone, zone_over
from restore_ready.timing._windows import Closed, closed_times, days_ahead, runs_of


def judge(plan: Plan, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a plan whose jobs may run when they must not.

    Raises:
        Open: if the plan's rules, or the times at which no job may run, are not known.
    """
    days = days_ahead(requirements)
    closed = settled(closed_times(requirements, days))
    working = batches(plan, estate, days)
    if not closed and not working:
        return Pass()
    zone = settled(zone_over(requirements.time_zone, days))
    certain = [
        *closed,
        *(batch.times for batch in working if isinstance(batch.times, Closed) and batch.certain is True),
    ]
    return judge_each(plan, lambda rule: _judge_rule(rule, certain, working, zone, days), "schedule")


def _judge_rule(rule: PlanRule, closed: Sequence[Closed], working: Sequence[Batch], zone: Zone, days: Days) -> Verdict:
    job = _job(rule, days)
    found = list(met(job, closed))
    if not found:
        return _undecided(job, working)
    spans = sorted({span for _, some in found for span in some})
    names = [closed_time.name for closed_time, _ in found]
    return Fail(
        f"a job runs into {' and '.join(names)}: it {job.say_starts(spans, zone)}{job.say_how_often(spans, zone)}",
        fix="Schedule it for a time, with a start and a completion window, that stays clear of these.",
        evidence={"starts": job.starts(spans, zone), "time_zone": zone.name, "meets": names, "runs": len(spans)},
    )


def _job(rule: PlanRule, days: Days) -> Job:
    runs = settled(runs_of(rule.schedule, rule.time_zone, days))
    start = settled(rule.start_window, "the start window is not known")
    return Job(runs, start, settled(rule.completion_window, "the completion window is not known"))


def _undecided(job: Job, working: Sequence[Batch]) -> Verdict:
    """Return Pass for a job that certainly meets nothing, unless work that it may meet is not known well enough."""
    for batch in working:
        times = settled(batch.times, "when work on its file systems runs is not known")
        if isinstance(batch.certain, Unresolved) and job.meets(times):
            return Unknown(f"a job runs into {times.name}, which may use the same file system: {batch.certain.why}")
    return Pass()


RULE = Rule(
    "RR203",
    "window-meets-blackout",
    Severity.WARNING,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
