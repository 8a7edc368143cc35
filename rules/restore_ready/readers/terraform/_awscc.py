"""Turns ``awscc_*`` blocks into CloudFormation resources, which is what that provider sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from restore_ready.model import like
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.terraform._block import Block

_TYPES: Final = {
    "awscc_backup_backup_plan": "AWS::Backup::BackupPlan",
    "awscc_backup_backup_selection": "AWS::Backup::BackupSelection",
    "awscc_backup_backup_vault": "AWS::Backup::BackupVault",
    "awscc_backup_logically_air_gapped_backup_vault": "AWS::Backup::LogicallyAirGappedBackupVault",
    "awscc_backup_restore_testing_plan": "AWS::Backup::RestoreTestingPlan",
    "awscc_backup_restore_testing_selection": "AWS::Backup::RestoreTestingSelection",
    "awscc_datasync_location_efs": "AWS::DataSync::LocationEFS",
    "awscc_datasync_task": "AWS::DataSync::Task",
    "awscc_ec2_subnet": "AWS::EC2::Subnet",
    "awscc_ecs_task_definition": "AWS::ECS::TaskDefinition",
    "awscc_efs_access_point": "AWS::EFS::AccessPoint",
    "awscc_efs_file_system": "AWS::EFS::FileSystem",
    "awscc_efs_mount_target": "AWS::EFS::MountTarget",
    "awscc_events_rule": "AWS::Events::Rule",
    "awscc_iam_group": "AWS::IAM::Group",
    "awscc_iam_group_policy": "AWS::IAM::GroupPolicy",
    "awscc_iam_managed_policy": "AWS::IAM::ManagedPolicy",
    "awscc_iam_role": "AWS::IAM::Role",
    "awscc_iam_role_policy": "AWS::IAM::RolePolicy",
    "awscc_iam_user": "AWS::IAM::User",
    "awscc_iam_user_policy": "AWS::IAM::UserPolicy",
    "awscc_kms_alias": "AWS::KMS::Alias",
    "awscc_kms_key": "AWS::KMS::Key",
    "awscc_kms_replica_key": "AWS::KMS::ReplicaKey",
    "awscc_organizations_account": "AWS::Organizations::Account",
    "awscc_organizations_organizational_unit": "AWS::Organizations::OrganizationalUnit",
    "awscc_organizations_policy": "AWS::Organizations::Policy",
    "awscc_notifications_event_rule": "AWS::Notifications::EventRule",
    "awscc_lambda_function": "AWS::Lambda::Function",
    "awscc_scheduler_schedule": "AWS::Scheduler::Schedule",
    "awscc_sns_topic": "AWS::SNS::Topic",
    "awscc_sns_topic_policy": "AWS::SNS::TopicPolicy",
    "awscc_sso_permission_set": "AWS::SSO::PermissionSet",
}
_IRREGULAR: Final = {
    "efs_volume_configuration": "EFSVolumeConfiguration",
    "iam": "IAM",
    "sns_topic_arn": "SNSTopicArn",
}
_DOCUMENTS: Final = frozenset(
    {
        "access_policy",
        "assume_role_policy_document",
        "content",
        "event_pattern",
        "file_system_policy",
        "inline_policy",
        "key_policy",
        "policy_document",
    }
)
_MAPS: Final = frozenset({"backup_plan_tags", "backup_vault_tags", "recovery_point_tags"})
_ATTRIBUTE: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_DEEPEST: Final = 32


def resources_of(blocks: Iterable[Block]) -> Iterator[Resource]:
    """Yield a CloudFormation resource for each block of a type that matters here."""
    for block in blocks:
        if block.mode == "managed" and block.type in _TYPES:
            found = {_cased(name): _converted(name, value, 0) for name, value in block.values.items()}
            properties = like(block.values, found)
            yield Resource(block.address, _TYPES[block.type], properties, block.place, block.maybe, block.aws_place)


def _cased(name: str) -> str:
    """Write an attribute's name as CloudFormation does; what is no attribute's name (a tag, a key) stays."""
    if not _ATTRIBUTE.match(name):
        return name
    return _IRREGULAR.get(name, "".join(part[:1].upper() + part[1:] for part in name.split("_")))


def _converted(name: str, value: object, depth: int) -> object:
    """Convert what is nested in attribute *name*; policy documents and maps of tags keep their keys."""
    if name in _DOCUMENTS or depth > _DEEPEST:
        return value
    if isinstance(value, Mapping) and name in _MAPS:
        return value
    if isinstance(value, Mapping):
        return like(value, {_cased(str(key)): _converted(str(key), inner, depth + 1) for key, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return [_converted(name, inner, depth + 1) for inner in value]
    return value
