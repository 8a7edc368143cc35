"""Backup jobs start within the start window that is required.

## What it does
Compares the start window of every rule of a backup plan with the widest one allowed: 60 minutes,
or `backup.start_within` of the requirements. Where the window is left out, the default of the source counts:
Terraform's `aws_backup_plan` sends 60 minutes; CloudFormation, SAM, CDK, `awscc_backup_backup_plan` and backup
policies of AWS Organizations leave it to AWS, which takes 480.

## Why is this bad?
Within the start window AWS starts the job whenever it likes. With 480 minutes, a backup scheduled for 05:00
may begin at 13:00, in the middle of somebody's batch run or office hours, and a restore loses
up to eight more hours of work than the schedule suggests.

## Example
```yaml
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: efs
            ScheduleExpression: cron(0 13 * * ? *)
            CompletionWindowMinutes: 180
```

Use instead:
```yaml
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: efs
            ScheduleExpression: cron(0 13 * * ? *)
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html
"""

from restore_ready.catalog._changes import LEAST, curable, set_window
from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, judge_window, plans
from restore_ready.model import Estate, Plan, PlanRule, Requirements, Rule, Setting, Severity, Verdict


def judge(plan: Plan, _estate: Estate, requirements: Requirements) -> Verdict:
    """Fail a plan with a rule whose job may start too long after its scheduled time.

    Raises:
        Open: if the plan's rules are not known.
    """
    allowed = requirements.start_within

    def judge_rule(rule: PlanRule) -> Verdict:
        verdict = judge_window(
            rule.start_window,
            allowed,
            "a job may start up to {} after its scheduled time",
            stated=rule.start_window_stated,
            fix=f"Set the start window to at most {allowed} minutes (AWS accepts 60 and more).",
        )
        return curable(verdict, set_window(plan, rule, Setting.START_WINDOW, allowed) if allowed >= LEAST else ())

    return judge_each(plan, judge_rule, "start_window")


RULE = Rule(
    "RR201",
    "start-window-too-wide",
    Severity.WARNING,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
