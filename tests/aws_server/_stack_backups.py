"""CloudFormation's AWS::Backup, AWS::EFS and AWS::Organizations types."""

import json
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from tests.aws_server._cloudformation import Made, Properties, makes
from tests.aws_server._loopback import Api

VAULT_NAME = "BackupVaultName"


def picked(properties: Properties, *names: str) -> dict[str, Any]:
    """Return the properties that the API takes under the same names."""
    return {name: properties[name] for name in names if name in properties}


@makes("AWS::Backup::BackupVault", VAULT_NAME)
def backup_vault(api: Api, name: str, properties: Properties) -> Made:
    """Make a vault with its policy, notifications and lock."""
    given = picked(properties, "BackupVaultTags", "EncryptionKeyArn")
    made = api.call("backup", "CreateBackupVault", BackupVaultName=name, **given)
    return vault_settings(api, made, properties)


@makes("AWS::Backup::LogicallyAirGappedBackupVault", VAULT_NAME)
def air_gapped_vault(api: Api, name: str, properties: Properties) -> Made:
    """Make an air-gapped vault."""
    given = picked(properties, "MinRetentionDays", "MaxRetentionDays")
    tags = properties.get("VaultTags")
    made = api.call(
        "backup", "CreateLogicallyAirGappedBackupVault", BackupVaultName=name, BackupVaultTags=tags, **given
    )
    return vault_settings(api, made, properties)


def vault_settings(api: Api, made: dict[str, Any], properties: Properties) -> Made:
    """Set what a template says about a vault besides its name."""
    name = made[VAULT_NAME]
    if properties.get("AccessPolicy"):
        api.call("backup", "PutBackupVaultAccessPolicy", BackupVaultName=name, Policy=properties["AccessPolicy"])
    if properties.get("Notifications"):
        api.call("backup", "PutBackupVaultNotifications", BackupVaultName=name, **properties["Notifications"])
    if properties.get("LockConfiguration"):
        lock = properties["LockConfiguration"]
        api.call("backup", "PutBackupVaultLockConfiguration", BackupVaultName=name, **lock)
    return Made(name, {VAULT_NAME: name, "BackupVaultArn": made["BackupVaultArn"]})


@makes("AWS::Backup::BackupPlan")
def backup_plan(api: Api, _: str, properties: Properties) -> Made:
    """Make a plan; the API has other names for its rules and their targets."""
    plan = dict(properties["BackupPlan"])
    rules = [
        {"TargetBackupVaultName": rule.get("TargetBackupVault")}
        | {key: value for key, value in rule.items() if key != "TargetBackupVault"}
        for rule in plan.pop("BackupPlanRule")
    ]
    tags = properties.get("BackupPlanTags")
    made = api.call("backup", "CreateBackupPlan", BackupPlan=plan | {"Rules": rules}, BackupPlanTags=tags)
    return Made(made["BackupPlanId"], {key: made[key] for key in ("BackupPlanId", "BackupPlanArn", "VersionId")})


@makes("AWS::Backup::BackupSelection")
def backup_selection(api: Api, _: str, properties: Properties) -> Made:
    """Make a selection."""
    made = api.call("backup", "CreateBackupSelection", **picked(properties, "BackupPlanId", "BackupSelection"))
    both = {key: made[key] for key in ("SelectionId", "BackupPlanId")}
    return Made(f"{made['SelectionId']}_{made['BackupPlanId']}", both)


@makes("AWS::Backup::RestoreTestingPlan", "RestoreTestingPlanName")
def restore_testing_plan(api: Api, name: str, properties: Properties) -> Made:
    """Make a restore testing plan."""
    plan = {key: value for key, value in properties.items() if key != "Tags"} | {"RestoreTestingPlanName": name}
    made = api.call("backup", "CreateRestoreTestingPlan", RestoreTestingPlan=plan)
    return Made(name, {"RestoreTestingPlanArn": made["RestoreTestingPlanArn"]})


@makes("AWS::Backup::RestoreTestingSelection", "RestoreTestingSelectionName")
def restore_testing_selection(api: Api, name: str, properties: Properties) -> Made:
    """Make a restore testing selection."""
    plan = properties["RestoreTestingPlanName"]
    selection = {key: value for key, value in properties.items() if key != "RestoreTestingPlanName"}
    selection["RestoreTestingSelectionName"] = name
    api.call("backup", "CreateRestoreTestingSelection", RestoreTestingPlanName=plan, RestoreTestingSelection=selection)
    return Made(f"{name}|{plan}")


@makes("AWS::EFS::FileSystem")
def file_system(api: Api, name: str, properties: Properties) -> Made:
    """Make a file system with its backup and resource policies."""
    same = ("AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode", "ProvisionedThroughputInMibps")
    given = picked(properties, *same, "ThroughputMode")
    made = api.call("efs", "CreateFileSystem", CreationToken=name, Tags=properties.get("FileSystemTags"), **given)
    system = made["FileSystemId"]
    if properties.get("BackupPolicy"):
        api.call("efs", "PutBackupPolicy", FileSystemId=system, BackupPolicy=properties["BackupPolicy"])
    if properties.get("FileSystemPolicy"):
        api.call("efs", "PutFileSystemPolicy", FileSystemId=system, Policy=properties["FileSystemPolicy"])
    if properties.get("LifecyclePolicies"):
        policies = properties["LifecyclePolicies"]
        api.call("efs", "PutLifecycleConfiguration", FileSystemId=system, LifecyclePolicies=policies)
    return Made(system, {"FileSystemId": system, "Arn": made["FileSystemArn"]})


@makes("AWS::EFS::AccessPoint")
def access_point(api: Api, name: str, properties: Properties) -> Made:
    """Make an access point."""
    given = picked(properties, "FileSystemId", "PosixUser", "RootDirectory")
    made = api.call("efs", "CreateAccessPoint", ClientToken=name, Tags=properties.get("AccessPointTags"), **given)
    point = made["AccessPointId"]
    return Made(point, {"AccessPointId": point, "Arn": made["AccessPointArn"]})


@makes("AWS::EFS::MountTarget")
def mount_target(api: Api, _: str, properties: Properties) -> Made:
    """Make a mount target."""
    made = api.call(
        "efs", "CreateMountTarget", **picked(properties, "FileSystemId", "SubnetId", "IpAddress", "SecurityGroups")
    )
    target = made["MountTargetId"]
    return Made(target, {"Id": target, "IpAddress": made["IpAddress"]})


@makes("AWS::Organizations::Policy")
def organizations_policy(api: Api, _: str, properties: Properties) -> Made:
    """Make a policy of the organization, which is made if there is none, and attach it."""
    ensure_organization(api)
    content = properties["Content"]
    text = content if isinstance(content, str) else json.dumps(content)
    given = picked(properties, "Name", "Type") | {"Description": properties.get("Description", ""), "Content": text}
    made = api.call("organizations", "CreatePolicy", **given)["Policy"]["PolicySummary"]
    for target in properties.get("TargetIds") or []:
        api.call("organizations", "AttachPolicy", PolicyId=made["Id"], TargetId=target)
    return Made(made["Id"], {"Id": made["Id"], "Arn": made["Arn"]})


@makes("AWS::Organizations::OrganizationalUnit")
def organizational_unit(api: Api, _: str, properties: Properties) -> Made:
    """Make an organizational unit."""
    ensure_organization(api)
    made = api.call("organizations", "CreateOrganizationalUnit", **picked(properties, "Name", "ParentId"))
    unit = made["OrganizationalUnit"]
    return Made(unit["Id"], {"Id": unit["Id"], "Arn": unit["Arn"]})


def ensure_organization(api: Api) -> None:
    """Make the account's organization, if there is none."""
    try:
        api.call("organizations", "CreateOrganization")
    except ValidationError as problem:
        if "AlreadyInOrganization" not in str(problem):
            raise
