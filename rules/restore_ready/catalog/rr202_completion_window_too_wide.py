"""Backup jobs complete within the completion window that is required.

## What it does
Compares the completion window of every rule of a backup plan with the widest one allowed: 24 hours,
or `backup.complete_within` of the requirements. Where the window is left out, the default of the source counts:
Terraform's `aws_backup_plan` sends 180 minutes; CloudFormation, SAM, CDK, `awscc_backup_backup_plan` and backup
policies of AWS Organizations leave it to AWS, which takes 10080, seven days.

## Why is this bad?
AWS stops a job only when its completion window is over. A job that hangs for seven days blocks every daily backup
in between, since AWS runs one backup of a resource at a time, and nobody hears of it until the window ends.

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
            StartWindowMinutes: 60
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
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
- https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
"""

from restore_ready.catalog._changes import LEAST, curable, set_window
from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, judge_window, plans
from restore_ready.model import Estate, Plan, PlanRule, Requirements, Rule, Setting, Severity, Unresolved, Verdict


def judge(plan: Plan, _estate: Estate, requirements: Requirements) -> Verdict:
    """Fail a plan with a rule whose job may run for too long.

    Raises:
        Open: if the plan's rules are not known.
    """
    allowed = requirements.complete_within

    def leaves_time(rule: PlanRule) -> bool:
        if isinstance(rule.start_window, Unresolved):
            return False
        return allowed >= max(LEAST, min(rule.start_window, requirements.start_within)) + LEAST

    def judge_rule(rule: PlanRule) -> Verdict:
        verdict = judge_window(
            rule.completion_window,
            allowed,
            "a job may run for {} before AWS gives up on it",
            stated=rule.completion_window_stated,
            fix=f"Set the completion window to at most {allowed} minutes, and to more than the start window.",
        )
        changes = set_window(plan, rule, Setting.COMPLETION_WINDOW, allowed) if leaves_time(rule) else ()
        return curable(verdict, changes)

    return judge_each(plan, judge_rule, "completion_window")


RULE = Rule(
    "RR202",
    "completion-window-too-wide",
    Severity.WARNING,
    plans,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
