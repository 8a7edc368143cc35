"""What is asked once per Region?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from restore_ready.live._row import (
    BACKUP_LIST,
    BACKUP_PAGES,
    EFS,
    EFS_PAGES,
    EVENTS_PAGES,
    REGIONAL,
    Expansion,
    Level,
    Pages,
    Row,
    under,
)
from restore_ready.model import TEST_LEFTOVER

_SERVICES_OF_WORK: Final = (":lambda:", ":ecs:")


def _starts_work(schedule: Mapping[str, Any]) -> bool:
    """Return whether a schedule starts what could touch files: its expression is one more call, for each schedule."""
    target = str(schedule.get("Target", {}).get("Arn", ""))
    return any(service in target for service in _SERVICES_OF_WORK)


def _is_scheduled(rule: Mapping[str, Any]) -> bool:
    """Return whether an event rule runs by the clock: only then its targets matter."""
    return bool(rule.get("ScheduleExpression"))


def _is_no_leftover(file_system: Mapping[str, Any]) -> bool:
    """Return whether a file system is none that a restore test left: those are not judged, by their tags or names."""
    names = (file_system.get("Name"), *(tag.get("Key") for tag in file_system.get("Tags") or ()))
    return not any(str(name).startswith(TEST_LEFTOVER) for name in names)


GATE_ROWS: Final = (
    Row(
        "file_systems",
        "elasticfilesystem:DescribeFileSystems",
        Level.REGION,
        (
            *under("FileSystems", "FileSystemId FileSystemArn Name CreationTime LifeCycleState SizeInBytes Tags"),
            *under("FileSystems", "Encrypted KmsKeyId AvailabilityZoneName AvailabilityZoneId NumberOfMountTargets"),
            *under("FileSystems", "ThroughputMode FileSystemProtection"),
            *under("FileSystems", "PerformanceMode ProvisionedThroughputInMibps"),
        ),
        "what must be backed up",
        pages=EFS_PAGES,
        expands=(
            Expansion("FileSystems", Level.FILE_SYSTEM, where=_is_no_leftover),
            Expansion("FileSystems", Level.KEY, {"KeyId": "KmsKeyId"}),
        ),
        own=("FileSystems.FileSystemArn",),
        per_second=EFS,
    ),
    Row(
        "vaults",
        "backup:ListBackupVaults",
        Level.REGION,
        (
            *under("BackupVaultList", "BackupVaultName BackupVaultArn VaultType VaultState CreationDate"),
            *under("BackupVaultList", "EncryptionKeyArn NumberOfRecoveryPoints"),
            *under("BackupVaultList", "Locked MinRetentionDays MaxRetentionDays LockDate"),
        ),
        "where backups are kept, their locks and keys",
        pages=BACKUP_PAGES,
        expands=(
            Expansion("BackupVaultList", Level.VAULT),
            Expansion("BackupVaultList", Level.KEY, {"KeyId": "EncryptionKeyArn"}),
        ),
        own=("BackupVaultList.BackupVaultArn",),
        per_second=BACKUP_LIST,
    ),
    Row(
        "plans",
        "backup:ListBackupPlans",
        Level.REGION,
        under("BackupPlansList", "BackupPlanId BackupPlanArn BackupPlanName CreationDate LastExecutionDate"),
        "which backup plans there are",
        pages=BACKUP_PAGES,
        expands=(Expansion("BackupPlansList", Level.PLAN),),
        own=("BackupPlansList.BackupPlanArn",),
        per_second=BACKUP_LIST,
    ),
)

ACTIVE_ROWS: Final = (
    Row(
        "access_points",
        "elasticfilesystem:DescribeAccessPoints",
        Level.ACTIVE_REGION,
        under(
            "AccessPoints", "AccessPointId AccessPointArn FileSystemId LifeCycleState PosixUser RootDirectory Name Tags"
        ),
        "whether a restore mover sees the restored files",
        pages=Pages("NextToken", "NextToken", "MaxResults", 1000),
        own=("AccessPoints.AccessPointArn",),
        per_second=EFS,
    ),
    Row(
        "restore_test_plans",
        "backup:ListRestoreTestingPlans",
        Level.ACTIVE_REGION,
        (
            *under("RestoreTestingPlans", "RestoreTestingPlanName RestoreTestingPlanArn ScheduleExpression"),
            *under("RestoreTestingPlans", "ScheduleExpressionTimezone StartWindowHours LastExecutionTime"),
        ),
        "whether restores are tested",
        pages=BACKUP_PAGES,
        expands=(Expansion("RestoreTestingPlans", Level.RESTORE_TEST_PLAN),),
        own=("RestoreTestingPlans.RestoreTestingPlanArn",),
        per_second=REGIONAL,
    ),
    Row(
        "restore_jobs",
        "backup:ListRestoreJobs",
        Level.ACTIVE_REGION,
        (
            *under("RestoreJobs", "RestoreJobId RecoveryPointArn RecoveryPointCreationDate CreationDate"),
            *under("RestoreJobs", "CompletionDate Status StatusMessage BackupSizeInBytes IamRoleArn"),
            *under("RestoreJobs", "CreatedResourceArn ResourceType ValidationStatus ValidationStatusMessage"),
            *under("RestoreJobs", "CreatedBy.RestoreTestingPlanArn SourceResourceArn"),
        ),
        "when a restore last succeeded, and how long it took",
        given={"ByResourceType": "EFS"},
        pages=BACKUP_PAGES,
        per_second=BACKUP_LIST,
    ),
    Row(
        "backup_jobs",
        "backup:ListBackupJobs",
        Level.ACTIVE_REGION,
        (
            *under("BackupJobs", "BackupJobId ResourceArn ResourceType BackupVaultName BackupVaultArn"),
            *under("BackupJobs", "RecoveryPointArn State StatusMessage MessageCategory CreationDate InitiationDate"),
            *under("BackupJobs", "StartBy CompletionDate BackupSizeInBytes IamRoleArn"),
            *under("BackupJobs.CreatedBy", "BackupPlanId BackupPlanArn BackupRuleId"),
        ),
        "how the backups of the last 30 days went; AWS lists no older ones",
        given={"ByResourceType": "EFS"},
        pages=BACKUP_PAGES,
        per_second=BACKUP_LIST,
    ),
    Row(
        "copy_jobs",
        "backup:ListCopyJobs",
        Level.ACTIVE_REGION,
        (
            *under("CopyJobs", "CopyJobId ResourceArn ResourceType SourceBackupVaultArn DestinationBackupVaultArn"),
            *under("CopyJobs", "SourceRecoveryPointArn DestinationRecoveryPointArn State StatusMessage"),
            *under("CopyJobs", "MessageCategory CreationDate CompletionDate BackupSizeInBytes IamRoleArn"),
            *under("CopyJobs.CreatedBy", "BackupPlanId BackupPlanArn BackupRuleId"),
        ),
        "how the copies of the last 30 days went; AWS lists no older ones",
        given={"ByResourceType": "EFS"},
        pages=BACKUP_PAGES,
        per_second=BACKUP_LIST,
    ),
    Row(
        "protected_resources",
        "backup:ListProtectedResources",
        Level.ACTIVE_REGION,
        under("Results", "ResourceArn ResourceType ResourceName LastBackupTime LastBackupVaultArn"),
        "what was ever backed up, also where its vault or its own Region can't be read",
        pages=BACKUP_PAGES,
        per_second=BACKUP_LIST,
    ),
    Row(
        "shared_vaults",
        "backup:ListBackupVaults",
        Level.ACTIVE_REGION,
        under("BackupVaultList", "BackupVaultName BackupVaultArn VaultType VaultState"),
        "which vaults other accounts share, from which restores can start",
        given={"ByShared": True},
        pages=BACKUP_PAGES,
        expands=(
            Expansion("BackupVaultList", Level.SHARED_VAULT, accounts={"BackupVaultAccountId": "BackupVaultArn"}),
        ),
        per_second=BACKUP_LIST,
    ),
    Row(
        "replications",
        "elasticfilesystem:DescribeReplicationConfigurations",
        Level.ACTIVE_REGION,
        (
            *under("Replications", "SourceFileSystemId SourceFileSystemArn SourceFileSystemRegion"),
            *under("Replications.Destinations", "FileSystemId Region Status"),
        ),
        "where file systems are replicated to, which a restored one is not",
        absent=frozenset({"ReplicationNotFound"}),
        pages=Pages("NextToken", "NextToken", "MaxResults", 100),
        per_second=EFS,
    ),
    Row(
        "region_settings",
        "backup:DescribeRegionSettings",
        Level.ACTIVE_REGION,
        ("ResourceTypeOptInPreference",),
        "whether AWS Backup backs up EFS",
        per_second=REGIONAL,
    ),
    Row(
        "functions",
        "lambda:ListFunctions",
        Level.ACTIVE_REGION,
        (
            *under("Functions", "FunctionName FunctionArn Role Timeout FileSystemConfigs"),
            *under("Functions.VpcConfig", "SubnetIds VpcId"),
        ),
        "what moves restored files, and what else works on the file systems",
        pages=Pages("Marker", "NextMarker", "MaxItems", 50),
        own=("Functions.FunctionArn",),
        per_second=REGIONAL,
    ),
    Row(
        "schedules",
        "scheduler:ListSchedules",
        Level.ACTIVE_REGION,
        (*under("Schedules", "Name GroupName Arn State"), "Schedules.Target.Arn"),
        "when batch work runs",
        pages=Pages("NextToken", "NextToken", "MaxResults", 100),
        expands=(Expansion("Schedules", Level.SCHEDULE, where=_starts_work),),
        own=("Schedules.Arn",),
        per_second=REGIONAL,
    ),
    Row(
        "event_rules",
        "events:ListRules",
        Level.ACTIVE_REGION,
        under("Rules", "Name Arn EventBusName EventPattern ScheduleExpression State"),
        "who hears of failed backups, and when batch work runs",
        pages=EVENTS_PAGES,
        expands=(Expansion("Rules", Level.EVENT_RULE, where=_is_scheduled),),
        own=("Rules.Arn",),
        per_second=REGIONAL,
    ),
)
