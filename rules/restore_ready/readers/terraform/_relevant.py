"""Which types of Terraform blocks an estate is built from; both readers drop all others."""

from __future__ import annotations

from typing import Final

RELEVANT: Final = (
    "aws_backup_",
    "aws_caller_identity",
    "aws_cloudformation_stack",
    "aws_cloudwatch_event_",
    "aws_datasync_",
    "aws_ecs_task_definition",
    "aws_efs_",
    "aws_iam_",
    "aws_kms_",
    "aws_lambda_",
    "aws_notifications_event_rule",
    "aws_organizations_",
    "aws_partition",
    "aws_region",
    "aws_scheduler_schedule",
    "aws_serverlessapplicationrepository_",
    "aws_sns_topic",
    "aws_ssoadmin_",
    "aws_subnet",
    "awscc_backup_",
    "awscc_cloudformation_stack",
    "awscc_datasync_",
    "awscc_ec2_subnet",
    "awscc_ecs_task_definition",
    "awscc_efs_",
    "awscc_events_rule",
    "awscc_iam_",
    "awscc_kms_",
    "awscc_lambda_function",
    "awscc_notifications_event_rule",
    "awscc_organizations_",
    "awscc_scheduler_schedule",
    "awscc_sns_topic",
    "awscc_sso_",
)
"""How the types of the resources and data sources begin that matter."""
