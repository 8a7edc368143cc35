"""What is asked for each file system, vault, plan and what else there is?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from restore_ready.live._row import (
    BACKUP_GET,
    BACKUP_LIST,
    BACKUP_PAGES,
    EFS,
    EFS_PAGES,
    EVENTS_PAGES,
    REGIONAL,
    Expansion,
    Level,
    Row,
    under,
)

_NO_EFS_POLICY: Final = frozenset({"PolicyNotFound"})
_NOT_FOUND: Final = frozenset({"ResourceNotFoundException"})

_FILE_SYSTEM: Final = {"FileSystemId": "FileSystemId"}
_VAULT: Final = {"BackupVaultName": "BackupVaultName"}
_PLAN: Final = {"BackupPlanId": "BackupPlanId"}
_TEST_PLAN: Final = {"RestoreTestingPlanName": "RestoreTestingPlanName"}

_REGION_AND_ACCOUNT: Final = slice(3, 5)
"""Where both stand in an ARN."""


def _has_own_key(point: Mapping[str, Any]) -> bool:
    """Return whether the key is of the recovery point's own Region and account: only that can be asked about."""
    key, arn = (str(point.get(name, "")).split(":") for name in ("EncryptionKeyArn", "RecoveryPointArn"))
    return key[_REGION_AND_ACCOUNT] == arn[_REGION_AND_ACCOUNT]


_POINT_FIELDS: Final = (
    *under("RecoveryPoints", "RecoveryPointArn BackupVaultName BackupVaultArn SourceBackupVaultArn VaultType"),
    *under("RecoveryPoints", "ResourceArn ResourceName ResourceType CreationDate CompletionDate"),
    *under("RecoveryPoints", "Status StatusMessage BackupSizeInBytes CalculatedLifecycle Lifecycle"),
    *under("RecoveryPoints", "EncryptionKeyArn IsEncrypted IamRoleArn"),
)

OBJECT_ROWS: Final = (
    Row(
        "backup_policy",
        "elasticfilesystem:DescribeBackupPolicy",
        Level.FILE_SYSTEM,
        ("BackupPolicy.Status",),
        "whether automatic backups are on",
        about=_FILE_SYSTEM,
        absent=_NO_EFS_POLICY,
        per_second=EFS,
    ),
    Row(
        "file_system_policy",
        "elasticfilesystem:DescribeFileSystemPolicy",
        Level.FILE_SYSTEM,
        ("FileSystemId", "Policy"),
        "whether the file system's own policy lets AWS Backup and a restore mover in",
        about=_FILE_SYSTEM,
        absent=_NO_EFS_POLICY,
        per_second=EFS,
    ),
    Row(
        "mount_targets",
        "elasticfilesystem:DescribeMountTargets",
        Level.FILE_SYSTEM,
        (
            *under("MountTargets", "MountTargetId FileSystemId SubnetId VpcId IpAddress"),
            *under("MountTargets", "AvailabilityZoneName AvailabilityZoneId LifeCycleState"),
        ),
        "where the file system can be mounted",
        about=_FILE_SYSTEM,
        pages=EFS_PAGES,
        expands=(Expansion("MountTargets", Level.MOUNT_TARGET),),
        per_second=EFS,
    ),
    Row(
        "mount_target_groups",
        "elasticfilesystem:DescribeMountTargetSecurityGroups",
        Level.MOUNT_TARGET,
        ("SecurityGroups",),
        "which security groups a restored file system's mount targets need",
        about={"MountTargetId": "MountTargetId"},
        absent=frozenset({"MountTargetNotFound"}),
        per_second=EFS,
    ),
    Row(
        "lifecycle",
        "elasticfilesystem:DescribeLifecycleConfiguration",
        Level.FILE_SYSTEM,
        (*under("LifecyclePolicies", "TransitionToIA TransitionToArchive TransitionToPrimaryStorageClass"),),
        "when files of a restored file system change their storage class",
        about=_FILE_SYSTEM,
        per_second=EFS,
    ),
    Row(
        "file_system_restores",
        "backup:ListRestoreJobsByProtectedResource",
        Level.RESTORED,
        under("RestoreJobs", "RestoreJobId"),
        "of which file system a restore was, where boto3 is too old to say it of each",
        about={"ResourceArn": "FileSystemArn"},
        absent=_NOT_FOUND,
        pages=BACKUP_PAGES,
        per_second=BACKUP_LIST,
    ),
    Row(
        "vault_recovery_points",
        "backup:ListRecoveryPointsByBackupVault",
        Level.VAULT,
        _POINT_FIELDS,
        "which backups there are, also of file systems that are gone, and how old the newest is",
        about=_VAULT,
        given={"ByResourceType": "EFS"},
        absent=_NOT_FOUND,
        pages=BACKUP_PAGES,
        expands=(Expansion("RecoveryPoints", Level.KEY, {"KeyId": "EncryptionKeyArn"}, where=_has_own_key),),
        per_second=BACKUP_LIST,
    ),
    Row(
        "shared_recovery_points",
        "backup:ListRecoveryPointsByBackupVault",
        Level.SHARED_VAULT,
        _POINT_FIELDS,
        "which backups can be restored from a logically air-gapped vault of another account",
        about={**_VAULT, "BackupVaultAccountId": "BackupVaultAccountId"},
        given={"ByResourceType": "EFS"},
        absent=_NOT_FOUND,
        pages=BACKUP_PAGES,
        per_second=BACKUP_LIST,
    ),
    Row(
        "vault_policy",
        "backup:GetBackupVaultAccessPolicy",
        Level.VAULT,
        ("BackupVaultName", "BackupVaultArn", "Policy"),
        "whether the vault lets its backups be restored",
        about=_VAULT,
        absent=_NOT_FOUND,
        own=("BackupVaultArn",),
        per_second=BACKUP_GET,
    ),
    Row(
        "vault_notifications",
        "backup:GetBackupVaultNotifications",
        Level.VAULT,
        ("BackupVaultName", "BackupVaultArn", "SNSTopicArn", "BackupVaultEvents"),
        "who hears of failed backups",
        about=_VAULT,
        absent=_NOT_FOUND | {"ERROR_2106"},
        own=("BackupVaultArn",),
        per_second=BACKUP_GET,
    ),
    Row(
        "plan",
        "backup:GetBackupPlan",
        Level.PLAN,
        (
            *under("BackupPlan", "BackupPlanName"),
            *under("BackupPlan.Rules", "RuleId RuleName TargetBackupVaultName ScheduleExpression"),
            *under("BackupPlan.Rules", "ScheduleExpressionTimezone StartWindowMinutes CompletionWindowMinutes"),
            *under("BackupPlan.Rules", "Lifecycle CopyActions EnableContinuousBackup RecoveryPointTags"),
            "BackupPlan.Rules.TargetLogicallyAirGappedBackupVaultArn",
            "BackupPlanId",
            "BackupPlanArn",
        ),
        "when backups start, how long they may take and are kept",
        about=_PLAN,
        own=("BackupPlanArn",),
        per_second=BACKUP_GET,
    ),
    Row(
        "selections",
        "backup:ListBackupSelections",
        Level.PLAN,
        under("BackupSelectionsList", "BackupPlanId SelectionId SelectionName IamRoleArn"),
        "how many selections a plan has",
        about=_PLAN,
        pages=BACKUP_PAGES,
        expands=(Expansion("BackupSelectionsList", Level.SELECTION),),
        per_second=BACKUP_LIST,
    ),
    Row(
        "selection",
        "backup:GetBackupSelection",
        Level.SELECTION,
        (
            *under("BackupSelection", "SelectionName IamRoleArn Resources NotResources ListOfTags Conditions"),
            "SelectionId",
            "BackupPlanId",
        ),
        "which file systems a plan covers, and with which role",
        about={**_PLAN, "SelectionId": "SelectionId"},
        per_second=BACKUP_GET,
    ),
    Row(
        "restore_test_plan",
        "backup:GetRestoreTestingPlan",
        Level.RESTORE_TEST_PLAN,
        (
            *under("RestoreTestingPlan", "RestoreTestingPlanName RestoreTestingPlanArn ScheduleExpression"),
            *under("RestoreTestingPlan", "ScheduleExpressionTimezone StartWindowHours LastExecutionTime"),
            "RestoreTestingPlan.RecoveryPointSelection",
        ),
        "which recovery points a restore test takes",
        about=_TEST_PLAN,
        own=("RestoreTestingPlan.RestoreTestingPlanArn",),
        per_second=REGIONAL,
    ),
    Row(
        "restore_test_selections",
        "backup:ListRestoreTestingSelections",
        Level.RESTORE_TEST_PLAN,
        under(
            "RestoreTestingSelections",
            "RestoreTestingPlanName RestoreTestingSelectionName ProtectedResourceType IamRoleArn",
        ),
        "how many selections a restore testing plan has",
        about=_TEST_PLAN,
        pages=BACKUP_PAGES,
        expands=(Expansion("RestoreTestingSelections", Level.RESTORE_TEST_SELECTION),),
        per_second=REGIONAL,
    ),
    Row(
        "restore_test_selection",
        "backup:GetRestoreTestingSelection",
        Level.RESTORE_TEST_SELECTION,
        (
            *under("RestoreTestingSelection", "RestoreTestingPlanName RestoreTestingSelectionName IamRoleArn"),
            *under("RestoreTestingSelection", "ProtectedResourceType ProtectedResourceArns"),
            *under("RestoreTestingSelection", "ProtectedResourceConditions ValidationWindowHours"),
        ),
        "which file systems are tested, and with which role",
        about={**_TEST_PLAN, "RestoreTestingSelectionName": "RestoreTestingSelectionName"},
        per_second=REGIONAL,
    ),
    Row(
        "schedule",
        "scheduler:GetSchedule",
        Level.SCHEDULE,
        (
            *("Name", "GroupName", "Arn", "State", "ScheduleExpression", "ScheduleExpressionTimezone"),
            *("StartDate", "EndDate", "FlexibleTimeWindow"),
            *under("Target", "Arn RoleArn EcsParameters.TaskDefinitionArn"),
        ),
        "when a function or task runs",
        about={"Name": "Name", "GroupName": "GroupName"},
        own=("Arn",),
        per_second=REGIONAL,
    ),
    Row(
        "event_targets",
        "events:ListTargetsByRule",
        Level.EVENT_RULE,
        under("Targets", "Id Arn RoleArn EcsParameters.TaskDefinitionArn"),
        "what a scheduled event rule starts",
        about={"Rule": "Name", "EventBusName": "EventBusName"},
        pages=EVENTS_PAGES,
        per_second=REGIONAL,
    ),
    Row(
        "key_policy",
        "kms:GetKeyPolicy",
        Level.KEY,
        ("Policy",),
        "whether the roles of backups and restores may use the key",
        about={"KeyId": "KeyId"},
        given={"PolicyName": "default"},
        per_second=REGIONAL,
    ),
    Row(
        "key",
        "kms:DescribeKey",
        Level.KEY,
        under("KeyMetadata", "Arn KeyId KeyManager KeyState Enabled DeletionDate"),
        "whether the key can be used, or will be deleted",
        about={"KeyId": "KeyId"},
        per_second=REGIONAL,
    ),
)
