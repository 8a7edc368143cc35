"""What is asked for each file system, vault, plan and what else there is?"""

from __future__ import annotations

from typing import Final

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
            *under("MountTargets", "MountTargetId FileSystemId SubnetId VpcId"),
            *under("MountTargets", "AvailabilityZoneName AvailabilityZoneId LifeCycleState"),
        ),
        "where the file system can be mounted",
        about=_FILE_SYSTEM,
        pages=EFS_PAGES,
        per_second=EFS,
    ),
    Row(
        "recovery_points",
        "backup:ListRecoveryPointsByResource",
        Level.FILE_SYSTEM,
        (
            *under("RecoveryPoints", "RecoveryPointArn BackupVaultName VaultType CreationDate Status StatusMessage"),
            *under("RecoveryPoints", "BackupSizeBytes EncryptionKeyArn"),
        ),
        "which backups there are, and how old the newest is",
        about={"ResourceArn": "FileSystemArn"},
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
)
