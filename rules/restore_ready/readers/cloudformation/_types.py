"""Which resource types are read, and which hide what they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

READ: Final = frozenset(
    {
        "AWS::Backup::BackupPlan",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::BackupVault",
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "AWS::Backup::RestoreTestingPlan",
        "AWS::Backup::RestoreTestingSelection",
        "AWS::EFS::FileSystem",
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

ENCRYPTION: Final = frozenset({"AWS::KMS::Alias", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"})
"""Types that say who may use keys, of interest only beside what is encrypted with them and a role."""

_ENCRYPTED: Final = frozenset(
    {"AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault", "AWS::EFS::FileSystem"}
)
_SCHEDULES: Final = frozenset({"AWS::Events::Rule", "AWS::Scheduler::Schedule"})


def read_types(kinds: Collection[str]) -> frozenset[str]:
    """Return the types that are read in a template with resources of certain kinds."""
    works = "AWS::Backup::BackupPlan" in kinds and not _SCHEDULES.isdisjoint(kinds)
    encrypts = not _ENCRYPTED.isdisjoint(kinds) and any(one.startswith("AWS::IAM::") for one in kinds)
    return READ | (SCHEDULED_WORK if works else frozenset()) | (ENCRYPTION if encrypts else frozenset())


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
    """Tell whether a type stands for resources that the template does not show: nested stacks, modules, custom ones."""
    return kind in _OPAQUE or kind.startswith("Custom::") or kind.endswith("::MODULE")


def speaks_of_backup(name: str, kind: str, body: Mapping[str, object]) -> bool:
    """Tell whether an opaque resource may make backups: by its name, type, template address or parameter names."""
    properties = body.get("Properties")
    words = [name, kind]
    if isinstance(properties, dict):
        words += [repr(properties.get(key, "")) for key in ("TemplateURL", "Location", "ServiceToken", "ProductName")]
        inputs = properties if kind.endswith("::MODULE") else properties.get("Parameters")
        words += inputs if isinstance(inputs, dict) else ()
    return any("backup" in word.casefold() for word in words)
