"""Builds file systems and the ways to their files from the facts of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.model import (
    AccessPoint,
    AutomaticBackups,
    FileSystem,
    FileSystemPolicy,
    Known,
    MountTarget,
    Ref,
    Str,
    Subnet,
    Unresolved,
)
from restore_ready.readers._efs_tables import ACCESS_POINT, AUTOMATIC_BACKUPS, FILE_SYSTEM
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._dialect import AccountDialect
from restore_ready.readers.account._documents import document_in
from restore_ready.readers.account._resources import Arns

_GONE: Final = frozenset({"deleting", "deleted"})


def file_system_entries(facts: AccountFacts) -> list[Object]:
    """Return the file systems that are listed, without those being deleted."""
    return [entry for entry in facts.entries("file_systems") if entry.get("LifeCycleState") not in _GONE]


def file_systems(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[FileSystem]:
    """Yield the file systems."""
    for entry in file_system_entries(facts):
        arn = arns.file_system(entry)
        yield FILE_SYSTEM.read(
            dialect.entry(arn, entry),
            arn=arn,
            tags=_tags(entry),
            throughput=entry.get("ThroughputMode", Unresolved("AWS's answer was kept without the throughput mode")),
            replicating=entry.get("FileSystemProtection", {}).get("ReplicationOverwriteProtection") == "REPLICATING",
        )


def _tags(entry: Object) -> Known[Mapping[str, Str]]:
    listed = entry.get("Tags", [])
    if not isinstance(listed, list) or not all(isinstance(tag, Mapping) for tag in listed):
        return Unresolved("AWS gave no list of tags")
    return {str(tag.get("Key", "")): str(tag.get("Value", "")) for tag in listed}


def automatic_backups(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[AutomaticBackups]:
    """Yield for each file system whether its automatic backups are on; without a backup policy they are off."""
    for entry in file_system_entries(facts):
        arn, policy = arns.file_system(entry), facts.found("backup_policy", entry["FileSystemId"])
        told = {"BackupPolicy": {"Status": "DISABLED"} if policy is None else policy}
        yield AUTOMATIC_BACKUPS.read(dialect.entry(arn, told), file_system=Ref(arn))


def file_system_policies(facts: AccountFacts, arns: Arns) -> Iterator[FileSystemPolicy]:
    """Yield the policies of the file systems that have one."""
    for entry in file_system_entries(facts):
        arn, found = arns.file_system(entry), facts.found("file_system_policy", entry["FileSystemId"])
        read = document_in(found, "Policy", facts.account)
        if read is not None:
            yield FileSystemPolicy(arn, facts.place, Ref(arn), read)


def access_points(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[AccessPoint]:
    """Yield the access points."""
    for entry in facts.entries("access_points"):
        arn = arns.access_point(entry)
        yield ACCESS_POINT.read(dialect.entry(arn, entry), arn=arn)


def mount_targets(facts: AccountFacts, arns: Arns) -> Iterator[MountTarget]:
    """Yield the mount targets; where a file system's are not known, one in a subnet that is not known."""
    for entry in file_system_entries(facts):
        arn, listed = arns.file_system(entry), facts.listed("mount_targets", entry["FileSystemId"])
        if isinstance(listed, Unresolved):
            yield MountTarget(arn, facts.place, Ref(arn), listed)
            continue
        for target in listed:
            yield MountTarget(target["MountTargetId"], facts.place, Ref(arn), Ref(target["SubnetId"]))


def subnets(facts: AccountFacts) -> Iterator[Subnet]:
    """Yield the subnets of mount targets, which are the only ones whose Availability Zone is known."""
    for about in facts.all_about("mount_targets"):
        for target in facts.entries("mount_targets", *about):
            zone = target.get("AvailabilityZoneName") or target.get("AvailabilityZoneId")
            if isinstance(zone, str):
                yield Subnet(target["SubnetId"], facts.place, zone)
