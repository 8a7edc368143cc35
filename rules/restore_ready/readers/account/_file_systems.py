"""Builds file systems and the ways to their files from the facts of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.model import (
    TEST_LEFTOVER,
    AccessPoint,
    AutomaticBackups,
    FileSystem,
    FileSystemPolicy,
    FileSystemSettings,
    Known,
    MountTarget,
    Ref,
    Replica,
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

_REQUEST: Final = ("PosixUser", "RootDirectory", "Tags")
"""What of an access point has to be said to make it again."""

GONE: Final = frozenset({"deleting", "deleted"})


def file_system_entries(facts: AccountFacts) -> list[Object]:
    """Return the file systems that are listed, without those being deleted and those that restore tests left."""
    return [entry for entry in _existing(facts) if not _is_leftover(entry)]


def _existing(facts: AccountFacts) -> Iterator[Object]:
    return (entry for entry in facts.entries("file_systems") if entry.get("LifeCycleState") not in GONE)


def _is_leftover(entry: Object) -> bool:
    tags = _tags(entry)
    known = {} if isinstance(tags, Unresolved) else tags
    names = (entry.get("Name"), known.get("Name"), *known)
    return any(isinstance(name, str) and name.startswith(TEST_LEFTOVER) for name in names)


def leftovers(facts: AccountFacts, arns: Arns) -> Iterator[str]:
    """Yield the ARNs of the file systems that restore tests left."""
    return (arns.file_system(entry) for entry in _existing(facts) if _is_leftover(entry))


def file_systems(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[FileSystem]:
    """Yield the file systems."""
    for entry in file_system_entries(facts):
        arn = arns.file_system(entry)
        yield FILE_SYSTEM.read(
            dialect.entry(arn, entry),
            arn=arn,
            tags=_tags(entry),
            throughput=entry.get("ThroughputMode", Unresolved("AWS's answer was kept without the throughput mode")),
            replicating=_protection(entry) == "REPLICATING",
            settings=_settings(facts, entry),
        )


def _protection(entry: Object) -> object:
    return entry.get("FileSystemProtection", {}).get("ReplicationOverwriteProtection")


def _settings(facts: AccountFacts, entry: Object) -> FileSystemSettings:
    rate, performance = entry.get("ProvisionedThroughputInMibps"), entry.get("PerformanceMode")
    protection, listed = _protection(entry), facts.listed("lifecycle", entry["FileSystemId"])
    return FileSystemSettings(
        Unresolved("AWS's answer was kept without the performance mode") if performance is None else str(performance),
        float(rate) if isinstance(rate, (int, float)) else None,
        listed if isinstance(listed, Unresolved) else tuple(_moves(listed)),
        Unresolved("AWS did not say whether it is protected") if protection is None else protection == "ENABLED",
        _replicas(facts, entry["FileSystemId"]),
    )


def _replicas(facts: AccountFacts, file_system: str) -> Known[tuple[Replica, ...]]:
    listed = facts.listed("replications")
    if isinstance(listed, Unresolved):
        return listed
    own = [entry for entry in listed if entry["SourceFileSystemId"] == file_system]
    return tuple(
        Replica(replica.get("FileSystemId"), replica.get("Region"))
        for entry in own
        for replica in entry.get("Destinations") or ()
    )


def _moves(policies: list[Object]) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for policy in policies for name, value in policy.items())


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
        request = {name: entry[name] for name in _REQUEST if entry.get(name)}
        yield ACCESS_POINT.read(dialect.entry(arn, entry), arn=arn, request=request)


def mount_targets(facts: AccountFacts, arns: Arns) -> Iterator[MountTarget]:
    """Yield the mount targets; where a file system's are not known, one in a subnet that is not known."""
    for entry in file_system_entries(facts):
        arn, listed = arns.file_system(entry), facts.listed("mount_targets", entry["FileSystemId"])
        if isinstance(listed, Unresolved):
            yield MountTarget(arn, facts.place, Ref(arn), listed)
            continue
        for target in listed:
            target_id, ip = target["MountTargetId"], str(target.get("IpAddress") or "")
            groups = _security_groups(facts, target_id)
            subnet = Ref(target["SubnetId"])
            yield MountTarget(target_id, facts.place, Ref(arn), subnet, ip=ip, security_groups=groups)


def _security_groups(facts: AccountFacts, mount_target: str) -> Known[tuple[str, ...]]:
    found = facts.found("mount_target_groups", mount_target)
    if isinstance(found, Unresolved):
        return found
    listed = () if found is None else found.get("SecurityGroups", ())
    return tuple(map(str, listed)) if isinstance(listed, (list, tuple)) else Unresolved("AWS gave no list of groups")


def subnets(facts: AccountFacts) -> Iterator[Subnet]:
    """Yield the subnets of mount targets, which are the only ones whose Availability Zone is known."""
    for about in facts.all_about("mount_targets"):
        for target in facts.entries("mount_targets", *about):
            zone = target.get("AvailabilityZoneName") or target.get("AvailabilityZoneId")
            if isinstance(zone, str):
                yield Subnet(target["SubnetId"], facts.place, zone)
