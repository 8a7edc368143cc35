"""EFS: automatic backups as AWS sets them up, and the operations moto lacks."""

import json
import uuid
from typing import Any

from moto.efs import urls
from moto.efs.models import EFSBackend, FileSystem, efs_backends
from moto.efs.responses import EFSResponse
from tests.aws_server._keys import default_key, key_arn
from tests.aws_server._operations import Answer, AwsError, Place, operation
from tests.aws_server._plans import AUTOMATIC_VAULT, add_selection, rename
from tests.aws_server._state import backend_at, state_at

AUTOMATIC_PLAN = "aws/efs/automatic-backup-plan"
SYSTEM_TAG = {"Key": "aws:elasticfilesystem:default-backup", "Value": "enabled"}

AUTOMATIC_VAULT_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": [
                "backup:DeleteBackupVault",
                "backup:DeleteBackupVaultAccessPolicy",
                "backup:DeleteRecoveryPoint",
                "backup:StartCopyJob",
                "backup:StartRestoreJob",
                "backup:UpdateRecoveryPointLifecycle",
            ],
            "Resource": "*",
        }
    ],
}
"""What AWS puts on the automatic vault: nobody may restore from it until somebody replaces the policy."""

AUTOMATIC_RULE = {
    "RuleName": "aws/efs/automatic-backup-rule",
    "TargetBackupVaultName": AUTOMATIC_VAULT,
    "ScheduleExpression": "cron(0 5 ? * * *)",
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10080,
    "Lifecycle": {"DeleteAfterDays": 35},
}

urls.url_paths["/2015-02-01/file-systems/replication-configurations"] = urls.response.dispatch
urls.url_paths["/2015-02-01/file-systems/<file_system_id>/protection"] = urls.response.dispatch
urls.url_paths["/2015-02-01/account-preferences"] = urls.response.dispatch

create_in_moto = EFSBackend.create_file_system


def create_file_system(self: EFSBackend, *positional: Any, **named: Any) -> FileSystem:  # noqa: ANN401  # moto's own
    """Create a file system and, where AWS would, its automatic backups.

    AWS's rule: as asked; without being asked, on for One Zone and off for Regional.
    """
    asked = named.get("backup")
    place = Place(self.account_id, self.region_name)
    if named.get("kms_key_id"):
        named["kms_key_id"] = key_arn(place, named["kms_key_id"])
    elif named.get("encrypted"):
        named["kms_key_id"] = default_key(place, "elasticfilesystem")
    system = create_in_moto(self, *positional, **named)
    system.__dict__["file_system_protection"] = {"ReplicationOverwriteProtection": "ENABLED"}
    on = bool(named.get("availability_zone_name")) if asked is None else asked
    system.__dict__["_policy"] = None
    if on:
        set_backup_policy(system, enabled=True)
    return system


EFSBackend.create_file_system = create_file_system  # type: ignore[method-assign]  # the one way into moto's backend


@operation(EFSResponse)
def put_backup_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Switch a file system's automatic backups."""
    system = system_of(place, parameters["FileSystemId"])
    return {"BackupPolicy": set_backup_policy(system, enabled=parameters["BackupPolicy"]["Status"] == "ENABLED")}


@operation(EFSResponse)
def describe_backup_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the policy, or that none was ever set."""
    policy = system_of(place, parameters["FileSystemId"]).__dict__.get("_policy")
    if policy is None:
        raise AwsError(code="PolicyNotFound", message="There is no backup policy for this file system.", status=404)
    return {"BackupPolicy": policy}


@operation(EFSResponse)
def describe_file_system_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the file system's resource policy."""
    system = system_of(place, parameters["FileSystemId"])
    if not system.file_system_policy:
        message = f"File system policy for file system {system.file_system_id} does not exist."
        raise AwsError(code="PolicyNotFound", message=message, status=404)
    return {"FileSystemId": system.file_system_id, "Policy": system.file_system_policy}


@operation(EFSResponse)
def delete_file_system_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Forget the file system's resource policy."""
    system_of(place, parameters["FileSystemId"]).file_system_policy = None
    return None


@operation(EFSResponse)
def describe_replication_configurations(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer that nothing is replicated: an error where one file system was named, else an empty list."""
    if "FileSystemId" in parameters:
        system_of(place, parameters["FileSystemId"])
        raise AwsError(code="ReplicationNotFound", message="There is no replication for this file system.", status=404)
    return {"Replications": []}


@operation(EFSResponse)
def describe_account_preferences(_: Place, __: dict[str, Any]) -> Answer:
    """Answer with the form of resource ids."""
    return {"ResourceIdPreference": {"ResourceIdType": "LONG_ID", "Resources": ["FILE_SYSTEM", "MOUNT_TARGET"]}}


def set_backup_policy(system: FileSystem, *, enabled: bool) -> dict[str, str]:
    """Switch *system*'s automatic backups, with the tag, plan, selection and vault that AWS makes."""
    policy = {"Status": "ENABLED" if enabled else "DISABLED"}
    backend = system._context  # noqa: SLF001  # moto offers no other way from a file system to its backend
    system.__dict__.update(_backup=enabled, _policy=policy)
    if enabled:
        backend.tagging_service.tag_resource(system.file_system_id, [SYSTEM_TAG])
        ensure_automatic_backups(Place(backend.account_id, backend.region_name))
    else:
        backend.tagging_service.untag_resource_using_names(system.file_system_id, [SYSTEM_TAG["Key"]])
    return policy


def ensure_automatic_backups(place: Place) -> None:
    """Make the account's automatic vault, plan and selection, as the first automatic backup does."""
    backup = backend_at(place)
    if AUTOMATIC_VAULT in backup.vaults:
        return
    backup.create_backup_vault(AUTOMATIC_VAULT, {}, "", "")
    state_at(place).vault_policies[AUTOMATIC_VAULT] = json.dumps(AUTOMATIC_VAULT_POLICY)
    plan = backup.create_backup_plan({"BackupPlanName": AUTOMATIC_PLAN, "Rules": [dict(AUTOMATIC_RULE)]}, {}, "")
    rename(place, plan, f"aws/efs/{uuid.uuid4()}")
    role = f"arn:aws:iam::{place.account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    condition = {
        "ConditionType": "STRINGEQUALS",
        "ConditionKey": SYSTEM_TAG["Key"],
        "ConditionValue": SYSTEM_TAG["Value"],
    }
    selection = {
        "SelectionName": "aws/efs/automatic-backup-selection",
        "IamRoleArn": role,
        "Resources": [],
        "ListOfTags": [condition],
    }
    add_selection(place, plan.backup_plan_id, selection)


def automatic_backups(place: Place, _: dict[str, Any]) -> dict[str, Any]:
    """Make what the first automatic backup makes, without a file system."""
    ensure_automatic_backups(place)
    return {}


def set_size(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Give a file system a size: *given* needs FileSystemId and Bytes."""
    system_of(place, given["FileSystemId"]).__dict__["_size_value"] = given["Bytes"]
    return given


def system_of(place: Place, name: str) -> FileSystem:
    """Return the file system that *name*, an id or an ARN, means.

    Raises:
        AwsError: if there is none.
    """
    system = efs_backends[place.account][place.region].file_systems_by_id.get(name.rpartition("/")[2])
    if system is None:
        raise AwsError(code="FileSystemNotFound", message=f"File system '{name}' does not exist.", status=404)
    return system
