"""Which resource types are read, and which hide what they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

FILE_SYSTEM: Final = "AWS::EFS::FileSystem"
MOUNT_TARGET: Final = "AWS::EFS::MountTarget"

ALL: Final[frozenset[str]] = frozenset()
"""Stands for all properties of a type."""

READ: Final = frozenset(
    {
        "AWS::Backup::BackupPlan",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::BackupVault",
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "AWS::Backup::RestoreTestingPlan",
        "AWS::Backup::RestoreTestingSelection",
        FILE_SYSTEM,
        "AWS::Events::Rule",
        "AWS::IAM::Group",
        "AWS::IAM::GroupPolicy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::User",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::UserToGroupAddition",
        "AWS::Organizations::Account",
        "AWS::Organizations::OrganizationalUnit",
        "AWS::Organizations::Policy",
        "AWS::SSO::PermissionSet",
        "AWS::Serverless::Function",
    },
)
"""Types that parts of the estate are made of. Conditions that no such resource uses open no scenarios."""

SCHEDULED_WORK: Final = frozenset(
    {
        "AWS::ECS::TaskDefinition",
        "AWS::EFS::AccessPoint",
        "AWS::Events::Rule",
        "AWS::Lambda::Function",
        "AWS::Scheduler::Schedule",
    },
)
"""Types that scheduled work on file systems is made of, of interest only beside a backup plan and a schedule."""

MOVING: Final[Mapping[str, frozenset[str]]] = {
    "AWS::DataSync::LocationEFS": ALL,
    "AWS::DataSync::Task": frozenset({"DestinationLocationArn", "Name", "SourceLocationArn"}),
    "AWS::EC2::Subnet": frozenset({"AvailabilityZone"}),
    "AWS::ECS::TaskDefinition": frozenset({"ContainerDefinitions", "Family", "TaskRoleArn", "Volumes"}),
    "AWS::EFS::AccessPoint": ALL,
    MOUNT_TARGET: ALL,
    "AWS::Lambda::Function": frozenset({"FileSystemConfigs", "FunctionName", "Role", "Timeout", "VpcConfig"}),
}
"""Types that movers of restored files and their ways are made of, and the properties that tell it.

They are of interest only where something may be a mover.
"""

ENCRYPTION: Final = frozenset({"AWS::KMS::Alias", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"})
"""Types that say who may use keys, of interest only beside what is encrypted with them and who uses a role."""

_SWITCHED: Final = {
    "AWS::KMS::Alias": ALL,
    **dict.fromkeys(("AWS::KMS::Key", "AWS::KMS::ReplicaKey"), frozenset({"Enabled"})),
}
"""What else matters of keys, beside what is encrypted with them alone: whether they can be used."""

HEARING: Final = frozenset({"AWS::Notifications::EventRule", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy"})
"""Types that say who hears of backups, of interest only beside a vault."""

_VAULTS: Final = frozenset({"AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"})
_ENCRYPTED: Final = _VAULTS | {FILE_SYSTEM}
_WITH_ROLES: Final = ("AWS::Backup::BackupSelection", "AWS::IAM::")
_SCHEDULES: Final = frozenset({"AWS::Events::Rule", "AWS::Scheduler::Schedule"})
_FUNCTIONS: Final = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})


def read_types(bodies: Iterable[tuple[str, str, object]]) -> Mapping[str, frozenset[str]]:
    """Return the types that are read in a template, each with the properties of interest or `ALL`.

    Args:
        bodies: its resources: name, type and body.
    """
    resources = list(bodies)
    kinds = {kind for _, kind, _ in resources}
    works = "AWS::Backup::BackupPlan" in kinds and not _SCHEDULES.isdisjoint(kinds)
    moves = any(_may_move(*resource, beside_efs=FILE_SYSTEM in kinds) for resource in resources)
    found = {**(MOVING if moves else {}), **dict.fromkeys(READ, ALL)}
    if works:
        found |= dict.fromkeys(SCHEDULED_WORK, ALL)
    if not _ENCRYPTED.isdisjoint(kinds):
        with_roles = any(kind.startswith(_WITH_ROLES) for kind in kinds)
        found |= dict.fromkeys(ENCRYPTION, ALL) if with_roles else _SWITCHED
    if not _VAULTS.isdisjoint(kinds):
        found |= dict.fromkeys(HEARING, ALL)
    return found


def _may_move(name: str, kind: str, body: object, *, beside_efs: bool) -> bool:
    """Return whether it may be a mover: it mounts EFS, or is a function named for it or beside a file system."""
    if kind == "AWS::DataSync::LocationEFS":
        return True
    properties = body.get("Properties") if isinstance(body, Mapping) else None
    if not isinstance(properties, Mapping):
        return False
    if kind == "AWS::ECS::TaskDefinition":
        volumes = properties.get("Volumes")
        listed = volumes if isinstance(volumes, list) else [volumes]
        telling = {"EFSVolumeConfiguration", "Fn::If"}
        return any(isinstance(volume, Mapping) and not telling.isdisjoint(volume) for volume in listed)
    if kind not in _FUNCTIONS:
        return False
    called = f"{name} {properties.get('FunctionName')}".casefold()
    return beside_efs or "FileSystemConfigs" in properties or "restore" in called


_OPAQUE: Final = frozenset(
    {
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::Stack",
        "AWS::CloudFormation::StackSet",
        "AWS::Serverless::Application",
        "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
    },
)


def is_opaque(kind: str) -> bool:
    """Return whether a type stands for resources that a template does not show: nested stacks, modules, custom ones."""
    return kind in _OPAQUE or kind.startswith("Custom::") or kind.endswith("::MODULE")


def speaks_of_backup(name: str, kind: str, body: Mapping[str, object]) -> bool:
    """Return whether an opaque resource may make backups: by its name, type, template address or parameter names."""
    properties = body.get("Properties")
    words = [name, kind]
    if isinstance(properties, dict):
        words += [repr(properties.get(key, "")) for key in ("TemplateURL", "Location", "ServiceToken", "ProductName")]
        inputs = properties if kind.endswith("::MODULE") else properties.get("Parameters")
        words += inputs if isinstance(inputs, dict) else ()
    return any("backup" in word.casefold() for word in words)
