"""Recovery points and jobs: seeded by tests, or made at once by StartBackupJob and StartRestoreJob."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

from moto.backup.responses import BackupResponse
from moto.efs.models import efs_backends
from tests.aws_server._operations import Answer, AwsError, Place, now, operation
from tests.aws_server._state import backend_at, state_at
from tests.aws_server._vaults import denies, existing

SAME = {
    "ByResourceArn": "ResourceArn",
    "ByState": "State",
    "ByStatus": "Status",
    "ByBackupVaultName": "BackupVaultName",
    "ByResourceType": "ResourceType",
    "ByAccountId": "AccountId",
    "ByDestinationVaultArn": "DestinationBackupVaultArn",
    "ByRestoreTestingPlanArn": "RestoreTestingPlanArn",
}
"""Filters that ask for one value, and the member they ask about."""


@operation(BackupResponse)
def list_backup_jobs(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the backup jobs, newest first."""
    return {"BackupJobs": chosen(state_at(place).backup_jobs, parameters)}


@operation(BackupResponse)
def describe_backup_job(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one backup job."""
    return one_of(state_at(place).backup_jobs, "BackupJobId", parameters["BackupJobId"])


@operation(BackupResponse)
def list_copy_jobs(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the copy jobs, newest first."""
    return {"CopyJobs": chosen(state_at(place).copy_jobs, parameters)}


@operation(BackupResponse)
def list_restore_jobs(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the restore jobs, newest first."""
    return {"RestoreJobs": chosen(with_test(state_at(place).restore_jobs), parameters)}


@operation(BackupResponse)
def list_restore_jobs_by_protected_resource(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the restore jobs of one resource's recovery points."""
    own = [job for job in state_at(place).restore_jobs if job.get("SourceResourceArn") == parameters["ResourceArn"]]
    filters = {key: value for key, value in parameters.items() if key != "ResourceArn"}
    return {"RestoreJobs": chosen(own, filters)}


@operation(BackupResponse)
def describe_restore_job(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one restore job."""
    return one_of(state_at(place).restore_jobs, "RestoreJobId", parameters["RestoreJobId"])


@operation(BackupResponse)
def list_recovery_points_by_resource(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one resource's recovery points, newest first."""
    points = state_at(place).recovery_points.values()
    own = [point for point in points if point["ResourceArn"] == parameters["ResourceArn"]]
    return {"RecoveryPoints": chosen(own, {})}


@operation(BackupResponse)
def list_recovery_points_by_backup_vault(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one vault's recovery points, newest first, also where another account shares it."""
    owner = parameters.pop("BackupVaultAccountId", place.account)
    if (owner, parameters["BackupVaultName"]) in state_at(place).shared_vaults:
        place = Place(owner, place.region)
    name = existing(place, parameters)
    points = [point for point in state_at(place).recovery_points.values() if point["BackupVaultName"] == name]
    filters = {key: value for key, value in parameters.items() if key != "BackupVaultName"}
    return {"RecoveryPoints": chosen(points, filters)}


@operation(BackupResponse)
def describe_recovery_point(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one recovery point."""
    existing(place, parameters)
    return point_of(place, parameters["RecoveryPointArn"])


@operation(BackupResponse)
def get_recovery_point_restore_metadata(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the metadata AWS Backup keeps for an EFS recovery point."""
    point = point_of(place, parameters["RecoveryPointArn"])
    system = point["ResourceArn"].rpartition("/")[2]
    return {
        "BackupVaultArn": point["BackupVaultArn"],
        "RecoveryPointArn": point["RecoveryPointArn"],
        "RestoreMetadata": {"file-system-id": system, "Encrypted": "true", "newFileSystem": "false"},
    }


@operation(BackupResponse)
def list_protected_resources(place: Place, _: dict[str, Any]) -> Answer:
    """Answer with the resources that have a recovery point."""
    newest: dict[str, dict[str, Any]] = {}
    for point in state_at(place).recovery_points.values():
        listed = protected(point)
        known = newest.get(point["ResourceArn"])
        if known is None or known["LastBackupTime"] < listed["LastBackupTime"]:
            newest[point["ResourceArn"]] = listed
    return {"Results": list(newest.values())}


@operation(BackupResponse)
def describe_protected_resource(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one resource that has a recovery point."""
    own = [one for one in state_at(place).recovery_points.values() if one["ResourceArn"] == parameters["ResourceArn"]]
    if not own:
        raise AwsError(code="ResourceNotFoundException", message="Resource is not protected")
    return protected(chosen(own, {})[0])


@operation(BackupResponse)
def start_backup_job(place: Place, parameters: dict[str, Any]) -> Answer:
    """Back up at once: a completed job and its recovery point."""
    name = existing(place, parameters)
    job = add_backup_job(place, {"ResourceArn": parameters["ResourceArn"], "BackupVaultName": name})
    return {key: job[key] for key in ("BackupJobId", "RecoveryPointArn", "CreationDate")}


@operation(BackupResponse)
def start_restore_job(place: Place, parameters: dict[str, Any]) -> Answer:
    """Restore at once, unless the vault's policy denies it."""
    point = point_of(place, parameters["RecoveryPointArn"])
    if denies(state_at(place).vault_policies.get(point["BackupVaultName"]), "backup:StartRestoreJob"):
        raise AwsError(
            code="AccessDeniedException", message="Insufficient privileges to perform this action.", status=403
        )
    given: dict[str, Any] = {key: parameters[key] for key in ("RecoveryPointArn", "IamRoleArn") if key in parameters}
    metadata = parameters.get("Metadata", {})
    if metadata.get("newFileSystem") == "true":
        given["CreatedResourceArn"] = restored_file_system(place, metadata)
    return {"RestoreJobId": add_restore_job(place, given)["RestoreJobId"]}


def restored_file_system(place: Place, metadata: dict[str, str]) -> str:
    """Make the new file system that *metadata* asks for, the same one for the same token; return its ARN."""
    backend = efs_backends[place.account][place.region]
    for system in backend.file_systems_by_id.values():
        if system.creation_token == metadata["CreationToken"]:
            return str(system.file_system_arn)
    made = backend.create_file_system(
        creation_token=metadata["CreationToken"],
        performance_mode=metadata["PerformanceMode"],
        encrypted=True,
        kms_key_id=metadata.get("KmsKeyId", ""),
        throughput_mode="bursting",
        provisioned_throughput_in_mibps=0,
        availability_zone_name=metadata.get("availabilityZoneName", ""),
        backup=False,
        tags=[],
    )
    return str(made.file_system_arn)


@operation(BackupResponse)
def start_copy_job(place: Place, parameters: dict[str, Any]) -> Answer:
    """Copy at once, into whichever Region and account, unless the vault's policy denies it."""
    point = point_of(place, parameters["RecoveryPointArn"])
    if denies(state_at(place).vault_policies.get(parameters["SourceBackupVaultName"]), "backup:StartCopyJob"):
        raise AwsError(
            code="AccessDeniedException", message="Insufficient privileges to perform this action.", status=403
        )
    destination = parameters["DestinationBackupVaultArn"]
    _, _, _, region, account, _, name = destination.split(":", 6)
    copied = {key: point[key] for key in ("ResourceArn", "CreationDate", "CompletionDate")}
    made = add_recovery_point(Place(account, region), {**copied, "BackupVaultName": name})
    given = {
        "ResourceArn": point["ResourceArn"],
        "SourceBackupVaultArn": point["BackupVaultArn"],
        "SourceRecoveryPointArn": point["RecoveryPointArn"],
        "DestinationBackupVaultArn": destination,
        "DestinationRecoveryPointArn": made["RecoveryPointArn"],
    }
    job = add_copy_job(place, given)
    return {key: job[key] for key in ("CopyJobId", "CreationDate")}


@operation(BackupResponse)
def describe_copy_job(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one copy job."""
    return {"CopyJob": one_of(state_at(place).copy_jobs, "CopyJobId", parameters["CopyJobId"])}


def add_recovery_point(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Keep a recovery point: *given* needs ResourceArn and BackupVaultName; the rest has defaults."""
    name = existing(place, given)
    made = {
        "RecoveryPointArn": f"arn:aws:backup:{place.region}:{place.account}:recovery-point:{uuid.uuid4()}",
        "BackupVaultArn": backend_at(place).vaults[name].backup_vault_arn,
        "Status": "COMPLETED",
        "IsEncrypted": True,
        **common(place),
    } | given
    made.setdefault("CompletionDate", made["CreationDate"])
    made.setdefault("EncryptionKeyArn", backend_at(place).vaults[name].encryption_key_arn)
    called = name_of(made["ResourceArn"])
    if called:
        made.setdefault("ResourceName", called)
    state_at(place).recovery_points[made["RecoveryPointArn"]] = made
    return made


def name_of(arn: str) -> str:
    """Return the name of the file system *arn*, wherever it is; empty for what is none or has none."""
    _, _, service, region, account, resource = arn.split(":", 5)
    systems = efs_backends[account][region].file_systems_by_id if service == "elasticfilesystem" else {}
    found = systems.get(resource.rpartition("/")[2])
    return str(found.info_json().get("Name") or "") if found is not None else ""


def add_backup_job(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Keep a backup job; a completed one gets its recovery point unless *given* names one."""
    made = {"BackupJobId": str(uuid.uuid4()), "State": "COMPLETED", "PercentDone": "100.0", **common(place)} | given
    name = existing(place, made)
    made["BackupVaultArn"] = backend_at(place).vaults[name].backup_vault_arn
    if made["State"] == "COMPLETED":
        made.setdefault("CompletionDate", made["CreationDate"])
        if "RecoveryPointArn" not in made:
            shared = ("ResourceArn", "BackupVaultName", "CreationDate", "CompletionDate", "IamRoleArn", "CreatedBy")
            point = add_recovery_point(place, {key: made[key] for key in shared if key in made})
            made["RecoveryPointArn"] = point["RecoveryPointArn"]
    state_at(place).backup_jobs.append(made)
    return made


def add_copy_job(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Keep a copy job; *given* needs ResourceArn, SourceBackupVaultArn and DestinationBackupVaultArn."""
    made = {"CopyJobId": str(uuid.uuid4()), "State": "COMPLETED", **common(place)} | given
    state_at(place).copy_jobs.append(made)
    return made


def add_restore_job(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Keep a restore job; *given* needs RecoveryPointArn. A CreatedBy.RestoreTestingPlanArn makes it a restore test."""
    made = {"RestoreJobId": str(uuid.uuid4()), "Status": "COMPLETED", "PercentDone": "100.00%", **common(place)} | given
    point = state_at(place).recovery_points.get(made["RecoveryPointArn"])
    if point is not None:
        made.setdefault("SourceResourceArn", point["ResourceArn"])
        made.setdefault("BackupVaultArn", point["BackupVaultArn"])
        made.setdefault("RecoveryPointCreationDate", point["CreationDate"])
    if made["Status"] == "COMPLETED":
        made.setdefault("CompletionDate", made["CreationDate"])
    state_at(place).restore_jobs.append(made)
    return made


SEEDS: dict[str, Callable[[Place, dict[str, Any]], dict[str, Any]]] = {
    "recovery_point": add_recovery_point,
    "backup_job": add_backup_job,
    "copy_job": add_copy_job,
    "restore_job": add_restore_job,
}
"""What a test can seed, by name."""


def common(place: Place) -> dict[str, Any]:
    """Return what recovery points and jobs share."""
    role = f"arn:aws:iam::{place.account}:role/service-role/AWSBackupDefaultServiceRole"
    return {"AccountId": place.account, "ResourceType": "EFS", "CreationDate": now(), "IamRoleArn": role}


def with_test(jobs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return *jobs* with the restore testing plan where a filter looks for it."""
    return [job | {"RestoreTestingPlanArn": job.get("CreatedBy", {}).get("RestoreTestingPlanArn")} for job in jobs]


def chosen(items: Iterable[dict[str, Any]], filters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the *items* that all *filters* let through, newest first."""
    left = [item for item in items if all(lets_through(item, name, value) for name, value in filters.items())]
    return sorted(left, key=lambda item: moment(item["CreationDate"]), reverse=True)


def lets_through(item: dict[str, Any], name: str, value: object) -> bool:
    """Tell whether *item* meets the filter *name*; what is no filter lets everything through."""
    if name in SAME:
        return value == "ANY" or item.get(SAME[name]) == value
    if name in ("ByCreatedAfter", "ByCompleteAfter"):
        at = item.get("CreationDate" if name == "ByCreatedAfter" else "CompletionDate")
        return at is not None and moment(at) > moment(value)
    if name in ("ByCreatedBefore", "ByCompleteBefore"):
        at = item.get("CreationDate" if name == "ByCreatedBefore" else "CompletionDate")
        return at is not None and moment(at) < moment(value)
    return True


def protected(point: dict[str, Any]) -> dict[str, Any]:
    """Return the resource of *point* as ListProtectedResources gives it."""
    named = {"ResourceName": point["ResourceName"]} if point.get("ResourceName") else {}
    return named | {
        "ResourceArn": point["ResourceArn"],
        "ResourceType": point["ResourceType"],
        "LastBackupTime": point["CreationDate"],
        "LastBackupVaultArn": point["BackupVaultArn"],
        "LastRecoveryPointArn": point["RecoveryPointArn"],
    }


def point_of(place: Place, arn: str) -> dict[str, Any]:
    """Return the recovery point *arn*.

    Raises:
        AwsError: if there is none.
    """
    point = state_at(place).recovery_points.get(arn)
    if point is None:
        raise AwsError(code="ResourceNotFoundException", message=f"Can't find recovery point for ARN {arn}")
    return point


def one_of(jobs: Iterable[dict[str, Any]], key: str, wanted: str) -> dict[str, Any]:
    """Return the job whose *key* is *wanted*.

    Raises:
        AwsError: if there is none.
    """
    for job in jobs:
        if job[key] == wanted:
            return job
    raise AwsError(code="ResourceNotFoundException", message=f"Failed reading job with provided ID {wanted}")


def moment(value: object) -> datetime:
    """Return *value* as a time: seeds arrive as text, parameters in UTC without saying so."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
