"""The shapes that answers of AWS must have to be read. What has another shape counts as not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from restore_ready.live._answers import FOREIGN, MALFORMED, ForeignAnswerError, check_account
from restore_ready.live._plan import ROWS
from restore_ready.model import Fact, Status

Object: TypeAlias = Mapping[str, Any]

LISTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "access_points": ("AccessPoints", ("AccessPointId", "FileSystemId")),
    "backup_jobs": ("BackupJobs", ("BackupJobId", "ResourceArn", "State", "CreationDate")),
    "copy_jobs": ("CopyJobs", ("CopyJobId", "ResourceArn", "State", "CreationDate", "DestinationBackupVaultArn")),
    "event_rules": ("Rules", ("Name",)),
    "event_targets": ("Targets", ()),
    "file_system_restores": ("RestoreJobs", ("RestoreJobId",)),
    "file_systems": ("FileSystems", ("FileSystemId",)),
    "functions": ("Functions", ("FunctionArn",)),
    "lifecycle": ("LifecyclePolicies", ()),
    "mount_targets": ("MountTargets", ("MountTargetId", "SubnetId")),
    "organization_parents": ("Parents", ("Id", "Type")),
    "plans": ("BackupPlansList", ("BackupPlanId",)),
    "protected_resources": ("Results", ("ResourceArn",)),
    "recovery_points": ("RecoveryPoints", ("RecoveryPointArn", "Status", "CreationDate")),
    "replications": ("Replications", ("SourceFileSystemId",)),
    "restore_jobs": ("RestoreJobs", ("RestoreJobId", "Status", "CreationDate")),
    "restore_test_plans": ("RestoreTestingPlans", ("RestoreTestingPlanName",)),
    "restore_test_selections": ("RestoreTestingSelections", ("RestoreTestingSelectionName",)),
    "schedules": ("Schedules", ("Name",)),
    "selections": ("BackupSelectionsList", ("SelectionId",)),
    "service_controls": ("Policies", ("Id",)),
    "shared_recovery_points": ("RecoveryPoints", ("RecoveryPointArn", "ResourceArn", "Status", "CreationDate")),
    "shared_vaults": ("BackupVaultList", ("BackupVaultName", "BackupVaultArn")),
    "vault_recovery_points": ("RecoveryPoints", ("RecoveryPointArn", "ResourceArn", "Status", "CreationDate")),
    "vaults": ("BackupVaultList", ("BackupVaultName",)),
}
"""Facts that are lists: the field that holds the list, and the texts that every entry must have.

``recovery_points``, those of one file system, are in old snapshots, taken before vaults were asked for theirs.
"""

OBJECTS: Final[Mapping[str, str]] = {
    "backup_policy": "BackupPolicy",
    "global_settings": "GlobalSettings",
    "key": "KeyMetadata",
    "plan": "BackupPlan",
    "restore_test_plan": "RestoreTestingPlan",
    "restore_test_selection": "RestoreTestingSelection",
    "selection": "BackupSelection",
    "service_control": "Policy",
}
"""Facts that are one thing: the field that holds it."""

ABOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "backup_policy": ("FileSystemId",),
    "event_targets": ("Rule", "EventBusName"),
    "file_system_policy": ("FileSystemId",),
    "file_system_restores": ("ResourceArn",),
    "key": ("KeyId",),
    "key_policy": ("KeyId",),
    "lifecycle": ("FileSystemId",),
    "mount_target_groups": ("MountTargetId",),
    "mount_targets": ("FileSystemId",),
    "organization_parents": ("ChildId",),
    "plan": ("BackupPlanId",),
    "recovery_points": ("ResourceArn",),
    "restore_test_plan": ("RestoreTestingPlanName",),
    "restore_test_selection": ("RestoreTestingPlanName", "RestoreTestingSelectionName"),
    "restore_test_selections": ("RestoreTestingPlanName",),
    "schedule": ("GroupName", "Name"),
    "selection": ("BackupPlanId", "SelectionId"),
    "selections": ("BackupPlanId",),
    "service_control": ("PolicyId",),
    "service_controls": ("TargetId",),
    "shared_recovery_points": ("BackupVaultName", "BackupVaultAccountId"),
    "vault_notifications": ("BackupVaultName",),
    "vault_policy": ("BackupVaultName",),
    "vault_recovery_points": ("BackupVaultName",),
}
"""Facts of which there are several in a Region: the parameters that say what each is about."""

_IAM: Final = ("RoleDetailList", "UserDetailList", "GroupDetailList", "Policies")
_IAM_INNER: Final = frozenset(
    {"AttachedManagedPolicies", "GroupPolicyList", "PolicyVersionList", "RolePolicyList", "UserPolicyList"}
)


def checked(fact: Fact) -> Fact:
    """Return *fact*, unknown if its answer can't be read, or is about another account."""
    if fact.status is not Status.OK:
        return fact
    fault = _fault(fact)
    if fault:
        return replace(fact, status=Status.UNKNOWN, data={}, code=MALFORMED, message=fault)
    try:
        if fact.id in ROWS:
            check_account(ROWS[fact.id], fact.data, fact.account)
    except ForeignAnswerError as error:
        return replace(fact, status=Status.UNKNOWN, data={}, code=FOREIGN, message=str(error))
    return fact


def _fault(fact: Fact) -> str:
    if not isinstance(fact.data, Mapping):
        return "the answer is not an object"
    if fact.id in OBJECTS:
        name = OBJECTS[fact.id]
        return "" if isinstance(fact.data.get(name), Mapping) else f"{name} is not an object"
    if fact.id == "iam":
        return _fault_of_iam(fact.data)
    if fact.id not in LISTS:
        return ""
    name, required = LISTS[fact.id]
    return _fault_of_list(name, fact.data.get(name), required)


def _fault_of_iam(data: Object) -> str:
    for name in _IAM:
        entries = data.get(name, [])
        if fault := _fault_of_list(name, entries, ("Arn",)):
            return fault
        for entry in entries:
            for inner in _IAM_INNER & entry.keys():
                if fault := _fault_of_list(inner, entry[inner], ()):
                    return fault
    return ""


def _fault_of_list(name: str, entries: object, required: tuple[str, ...]) -> str:
    if not isinstance(entries, list):
        return f"{name} is not a list"
    for entry in entries:
        if not isinstance(entry, Mapping):
            return f"an entry of {name} is not an object"
        lacking = [field for field in required if not isinstance(entry.get(field), str)]
        if lacking:
            return f"an entry of {name} has no {lacking[0]}"
    return ""
