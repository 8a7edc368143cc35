"""Notifications and events of AWS Backup reach somebody.

## What it does
Finds notifications of backup vaults whose SNS topic AWS Backup can't publish to: a FIFO topic, one of another account,
one encrypted with AWS's managed key `alias/aws/sns`, and one whose access policy does not let `backup.amazonaws.com`
publish, as AWS's default policy does not. Finds EventBridge rules on events of `aws.backup` that have no target.

Of a topic that is not in the configuration, its ARN alone tells account and kind. In an account, topics and the targets
of event rules are not read: only what ARNs tell is judged there. Where such a notification or rule is all that a vault
has, it is reported here, and RR305 does not report the vault again.

## Why is this bad?
AWS takes all of it without complaint, and nothing ever arrives. Everybody relies on being told, and jobs fail for weeks
without a sound.

## Example
```terraform
resource "aws_sns_topic" "on_call" {
  name = "on-call"
}

resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_vault_notifications" "efs" {
  backup_vault_name   = aws_backup_vault.efs.name
  sns_topic_arn       = aws_sns_topic.on_call.arn
  backup_vault_events = ["BACKUP_JOB_COMPLETED"]
}
```

Use instead:
```terraform
resource "aws_sns_topic" "on_call" {
  name = "on-call"
}

resource "aws_sns_topic_policy" "on_call" {
  arn = aws_sns_topic.on_call.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "SNS:Publish"
      Resource  = aws_sns_topic.on_call.arn
    }]
  })
}

resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_vault_notifications" "efs" {
  backup_vault_name   = aws_backup_vault.efs.name
  sns_topic_arn       = aws_sns_topic.on_call.arn
  backup_vault_events = ["BACKUP_JOB_COMPLETED"]
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
- https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
"""

from collections.abc import Iterable

from restore_ready.index import EstateIndex
from restore_ready.model import (
    EventRule,
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    VaultNotification,
    Verdict,
    settled,
)
from restore_ready.vaults._lookup import VAULT_CLOUDFORMATION
from restore_ready.vaults._notifications import speaks_of_backups
from restore_ready.vaults._topics import PUBLISHER, is_in_sight, why_deaf


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[VaultNotification | EventRule]:
    """Return what of an estate hears of backups, and of which it can be told whether it does."""
    for notification in estate.vault_notifications:
        if is_in_sight(notification, estate) or any(True for _ in why_deaf(notification, estate)):
            yield notification
    for rule in estate.event_rules:
        if rule.targets is not None and speaks_of_backups(rule) is True:
            yield rule


def judge(listener: VaultNotification | EventRule, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail what hears nothing of the events it waits for.

    Raises:
        Open: if that is not known.
    """
    return _judge_rule(listener) if isinstance(listener, EventRule) else _judge_notification(listener, estate)


def _judge_rule(rule: EventRule) -> Verdict:
    if rule.targets is None or settled(rule.targets):
        return Pass()
    return Fail(
        "it takes events of AWS Backup and has no target: nobody hears of them",
        fix="Give the rule a target, such as an SNS topic that people are subscribed to.",
    )


def _judge_notification(notification: VaultNotification, estate: EstateIndex) -> Verdict:
    found = list(why_deaf(notification, estate))
    faults = [why for why in found if isinstance(why, str)]
    if faults:
        return Fail(
            f"AWS Backup can't publish to its topic: {', '.join(faults)}",
            fix="Name a standard topic of the vault's own account, not encrypted or with a key of your own, whose "
            f"policy lets {PUBLISHER} publish.",
            evidence={"reasons": faults},
            focus=notification.places.of("topic"),
        )
    for doubt in found:
        settled(doubt)
    return Pass()


RULE = Rule(
    "RR307",
    "notification-undelivered",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(
        "aws_backup_vault_notifications",
        "aws_cloudwatch_event_rule",
        "awscc_backup_backup_vault",
        "awscc_backup_logically_air_gapped_backup_vault",
        "awscc_events_rule",
    ),
    cloudformation=("AWS::Events::Rule", "AWS::Serverless::Function", *VAULT_CLOUDFORMATION),
)
