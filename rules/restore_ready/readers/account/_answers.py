"""The shapes that answers of AWS must have to be read. What has another shape counts as not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from restore_ready.live._answers import FOREIGN, MALFORMED, ForeignAnswerError, MalformedAnswerError, check_account
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

_TEXT: Final = (str, NoneType)
_LIST: Final = (list, NoneType)
_OBJECT: Final = (dict, NoneType)
_EACH: Final = "*"

TYPES: Final[Mapping[str, Mapping[str, tuple[type, ...]]]] = {
    "event_rules": {"EventBusName": _TEXT, "ScheduleExpression": _TEXT, "State": _TEXT},
    "file_systems": {"FileSystemProtection": _OBJECT, "KmsKeyId": _TEXT, "SizeInBytes": (int, dict, NoneType)},
    "functions": {"FileSystemConfigs": _LIST},
    "plan": {
        "Rules": (list,),
        "Rules.TargetBackupVaultName": _TEXT,
        "Rules.ScheduleExpression": _TEXT,
        "Rules.CopyActions.DestinationBackupVaultArn": _TEXT,
    },
    "restore_test_plan": {
        "RecoveryPointSelection": _OBJECT,
        "RecoveryPointSelection.ExcludeVaults": _LIST,
        "RecoveryPointSelection.ExcludeVaults.*": _TEXT,
        "RecoveryPointSelection.IncludeVaults": _LIST,
        "RecoveryPointSelection.IncludeVaults.*": _TEXT,
        "RecoveryPointSelection.RecoveryPointTypes": _LIST,
    },
    "restore_test_selection": {
        "IamRoleArn": (str,),
        "ProtectedResourceArns": _LIST,
        "ProtectedResourceArns.*": _TEXT,
        "ProtectedResourceConditions": _OBJECT,
        "ProtectedResourceType": (str,),
    },
    "schedule": {"Target": (dict,), "Target.Arn": (str,)},
    "selection": {
        "Conditions": _OBJECT,
        "IamRoleArn": _TEXT,
        "ListOfTags": _LIST,
        "NotResources": _LIST,
        "NotResources.*": _TEXT,
        "Resources": _LIST,
        "Resources.*": _TEXT,
    },
    "vaults": {"EncryptionKeyArn": _TEXT},
}
"""Types of fields that would be passed over if they had another: of one thing, or of each entry of a list."""

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
_BOUNDARY: Final = "PermissionsBoundary"
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
    except MalformedAnswerError as error:
        return replace(fact, status=Status.UNKNOWN, data={}, code=MALFORMED, message=str(error))
    return fact


def _fault(fact: Fact) -> str:
    if not isinstance(fact.data, Mapping):
        return "the answer is not an object"
    if fact.id in OBJECTS:
        name = OBJECTS[fact.id]
        thing = fact.data.get(name)
        return _fault_of_types(fact.id, thing) if isinstance(thing, Mapping) else f"{name} is not an object"
    if fact.id == "iam":
        return _fault_of_iam(fact.data)
    if fact.id not in LISTS:
        return _fault_of_types(fact.id, fact.data)
    name, required = LISTS[fact.id]
    entries = fact.data.get(name)
    fault = _fault_of_list(name, entries, required)
    return fault or next(filter(None, (_fault_of_types(fact.id, entry) for entry in entries or ())), "")


def _fault_of_types(fact_id: str, thing: Object) -> str:
    for path, kinds in TYPES.get(fact_id, {}).items():
        if not all(isinstance(value, kinds) for value in _at(thing, path)):
            return f"{path} is of another type than AWS gives it"
    return ""


def _at(thing: object, path: str) -> Iterator[object]:
    """Yield what stands at *path*, through lists as well, ``*`` being the thing itself; ``None`` for nothing."""
    if path == _EACH:
        yield thing
        return
    name, _, rest = path.partition(".")
    value = thing.get(name) if isinstance(thing, Mapping) else None
    if not rest:
        yield value
    for inner in (value if isinstance(value, list) else [value]) if rest else ():
        yield from _at(inner, rest)


def _fault_of_iam(data: Object) -> str:
    for name in _IAM:
        entries = data.get(name, [])
        if fault := _fault_of_list(name, entries, ("Arn",)):
            return fault
        for entry in entries:
            if not isinstance(entry.get(_BOUNDARY), _OBJECT):
                return f"a {_BOUNDARY} is not an object"
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
