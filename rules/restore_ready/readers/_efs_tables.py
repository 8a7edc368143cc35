"""Field tables of EFS file systems and the ways to their files."""

from __future__ import annotations

from typing import Final

from restore_ready.model import (
    AccessPoint,
    AutomaticBackups,
    FileSystem,
    FileSystemPolicy,
    Known,
    MountTarget,
    Replica,
    Replication,
    Str,
    Subnet,
    Unresolved,
    unresolved_reason,
)
from restore_ready.readers._fields import Entry, Field, Inside, Itself, PerLanguage, Table
from restore_ready.readers._kinds import directory, document, each, filled_text, key, known_text, number, text

_FILE_SYSTEM: Final = "AWS::EFS::FileSystem"
_OF_FILE_SYSTEM: Final = Field("file_system", text, Itself("Ref"), "file_system_id", required=True)
"""CloudFormation tells the policy and the automatic backups of a file system in the file system."""

_STATES: Final = {"ENABLED": True, "ENABLING": True, "DISABLED": False, "DISABLING": False}


def _one_zone(entry: Entry, name: str) -> Known[bool] | None:
    """Return whether an Availability Zone is named, whichever; one that is not known may be none in Terraform."""
    zone = text(entry, name)
    if isinstance(zone, Unresolved) and entry.dialect.blank_is_absent:
        return Unresolved(f"whether it is One Zone is not known: {zone.why}")
    return None if zone is None else zone != ""


def _tags(entry: Entry, name: str) -> Known[dict[str, Str]] | None:
    """Return tags that are listed with their keys and values."""
    listed = entry.dialect.blocks(entry, name)
    if isinstance(listed, Unresolved):
        return listed
    tags: dict[str, Str] = {}
    for tag in listed:
        tag_key = text(tag, "Key") if tag.why is None else None
        if not isinstance(tag_key, str):
            return Unresolved("not all tag keys are known")
        value = text(tag, "Value")
        tags[tag_key] = Unresolved("Value is missing") if value is None else value
    return tags


FILE_SYSTEM: Final = Table(
    FileSystem,
    (
        Field("arn", known_text, Itself("Arn"), ("arn", Itself("arn"))),
        Field("tags", _tags, "FileSystemTags", "tags"),
        Field("one_zone", _one_zone, "AvailabilityZoneName", "availability_zone_name", default=False),
        Field("key", key, "KmsKeyId", "kms_key_id"),
        Field("throughput", filled_text, "ThroughputMode", "throughput_mode", default="bursting"),
    ),
    cloudformation=(_FILE_SYSTEM,),
    terraform=("aws_efs_file_system",),
)


def _is_enabled(entry: Entry, name: str) -> Known[bool] | None:
    status = text(entry, name)
    if status is None:
        return None
    if entry.dialect.language == "cloudformation":
        known = _STATES.get(status) if isinstance(status, str) else None
        strange = status if isinstance(status, Unresolved) else Unresolved(f"{name} is neither ENABLED nor DISABLED")
        return strange if known is None else known
    if not isinstance(status, str):
        return Unresolved(f"the status of automatic backups is not known: {unresolved_reason(status)}")
    return _STATES.get(status.upper(), Unresolved(f"the status is {status}, neither ENABLED nor DISABLED"))


AUTOMATIC_BACKUPS: Final = Table(
    AutomaticBackups,
    (
        _OF_FILE_SYSTEM,
        Field(
            "enabled",
            _is_enabled,
            "Status",
            "status",
            required=True,
            inside=Inside("BackupPolicy", "backup_policy"),
            default=PerLanguage(
                None, Unresolved("backup_policy can't be read: it comes from values that are not known"), None
            ),
            stated="stated",
        ),
    ),
    cloudformation=(_FILE_SYSTEM,),
    terraform=("aws_efs_backup_policy",),
)

ACCESS_POINT: Final = Table(
    AccessPoint,
    (
        Field("arn", known_text, Itself("Arn"), ("arn", Itself("id"))),
        Field("file_system", text, "FileSystemId", "file_system_id", required=True),
        Field("root", directory, "Path", "path", default="/", inside=Inside("RootDirectory", "root_directory")),
        Field("uid", number, "Uid", "uid", inside=Inside("PosixUser", "posix_user")),
    ),
    cloudformation=("AWS::EFS::AccessPoint",),
    terraform=("aws_efs_access_point",),
)

MOUNT_TARGET: Final = Table(
    MountTarget,
    (
        Field("file_system", text, "FileSystemId", "file_system_id", required=True),
        Field("subnet", text, "SubnetId", "subnet_id", required=True),
    ),
    cloudformation=("AWS::EFS::MountTarget",),
    terraform=("aws_efs_mount_target",),
)

SUBNET: Final = Table(
    Subnet,
    (Field("zone", text, "AvailabilityZone", "availability_zone", required=True),),
    cloudformation=("AWS::EC2::Subnet",),
    terraform=("aws_subnet",),
)

FILE_SYSTEM_POLICY: Final = Table(
    FileSystemPolicy,
    (_OF_FILE_SYSTEM, Field("document", document, "FileSystemPolicy", "policy", required=True)),
    cloudformation=(_FILE_SYSTEM,),
    terraform=("aws_efs_file_system_policy",),
    only_with="FileSystemPolicy",
)

_REPLICA: Final = Table(
    Replica,
    (
        Field("file_system", filled_text, "FileSystemId", "file_system_id"),
        Field("region", filled_text, "Region", "region"),
    ),
)

REPLICATION: Final = Table(
    Replication,
    (
        Field("source", text, Itself("Ref"), "source_file_system_id", required=True),
        Field(
            "replicas",
            each(_REPLICA),
            "Destinations",
            "destination",
            inside=Inside("ReplicationConfiguration"),
            default=(),
        ),
    ),
    cloudformation=(_FILE_SYSTEM,),
    terraform=("aws_efs_replication_configuration",),
    only_with="ReplicationConfiguration",
)
