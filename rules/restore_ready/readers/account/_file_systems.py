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
from restore_ready.readers._task_volumes import directory
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._documents import document_in
from restore_ready.readers.account._resources import Arns
from restore_ready.readers.cloudformation._fields import mapping, number, text

_GONE: Final = frozenset({"deleting", "deleted"})
_ON: Final = frozenset({"ENABLED", "ENABLING"})
_OFF: Final = frozenset({"DISABLED", "DISABLING"})


def file_system_entries(facts: AccountFacts) -> list[Object]:
    """Return the file systems that are listed, without those being deleted."""
    listed = facts.listed("file_systems")
    return [] if isinstance(listed, Unresolved) else [one for one in listed if one.get("LifeCycleState") not in _GONE]


def file_systems(facts: AccountFacts, arns: Arns, own_keys: frozenset[str]) -> Iterator[FileSystem]:
    """Give the file systems; a key of *own_keys* is one that AWS manages, which is as good as none."""
    for entry in file_system_entries(facts):
        arn, key = arns.file_system(entry), text(_given(entry), "KmsKeyId")
        one_zone = bool(entry.get("AvailabilityZoneName"))
        yield FileSystem(arn, facts.place, arn, _tags(entry), one_zone, None if key in own_keys else key)


def _given(entry: Object) -> Object:
    return {name: value for name, value in entry.items() if value is not None and value != ""}


def _tags(entry: Object) -> Known[Mapping[str, Str]]:
    listed = entry.get("Tags", [])
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        return Unresolved("AWS gave no list of tags")
    return {str(one.get("Key", "")): str(one.get("Value", "")) for one in listed}


def automatic_backups(facts: AccountFacts, arns: Arns) -> Iterator[AutomaticBackups]:
    """Give for each file system whether its automatic backups are on; without a backup policy they are off."""
    for entry in file_system_entries(facts):
        arn, policy = arns.file_system(entry), facts.found("backup_policy", entry["FileSystemId"])
        enabled = policy if isinstance(policy, Unresolved) else _is_on(policy)
        yield AutomaticBackups(arn, facts.place, Ref(arn), enabled)


def _is_on(policy: Object | None) -> Known[bool]:
    status = "DISABLED" if policy is None else policy.get("Status")
    return status in _ON if status in _ON | _OFF else Unresolved(f"AWS gave its status as {status!r:.40}")


def file_system_policies(facts: AccountFacts, arns: Arns) -> Iterator[FileSystemPolicy]:
    """Give the policies of the file systems that have one."""
    for entry in file_system_entries(facts):
        arn, found = arns.file_system(entry), facts.found("file_system_policy", entry["FileSystemId"])
        read = document_in(found, "Policy", facts.account)
        if read is not None:
            yield FileSystemPolicy(arn, facts.place, Ref(arn), read)


def access_points(facts: AccountFacts, arns: Arns) -> Iterator[AccessPoint]:
    """Give the access points."""
    listed = facts.listed("access_points")
    for entry in () if isinstance(listed, Unresolved) else listed:
        arn, values = arns.access_point(entry), _given(entry)
        yield AccessPoint(arn, facts.place, arn, entry["FileSystemId"], _root(values), _uid(values))


def _root(values: Object) -> Known[str]:
    found = mapping(values, "RootDirectory")
    return found if isinstance(found, Unresolved) else directory(None if found is None else text(found, "Path"))


def _uid(values: Object) -> Known[int | None]:
    found = mapping(values, "PosixUser")
    return found if found is None or isinstance(found, Unresolved) else number(found, "Uid")


def mount_targets(facts: AccountFacts, arns: Arns) -> Iterator[MountTarget]:
    """Give the mount targets; where a file system's are not known, one in a subnet that is not known."""
    for entry in file_system_entries(facts):
        arn, listed = arns.file_system(entry), facts.listed("mount_targets", entry["FileSystemId"])
        if isinstance(listed, Unresolved):
            yield MountTarget(arn, facts.place, Ref(arn), listed)
            continue
        for one in listed:
            yield MountTarget(one["MountTargetId"], facts.place, Ref(arn), Ref(one["SubnetId"]))


def subnets(facts: AccountFacts) -> Iterator[Subnet]:
    """Give the subnets of mount targets, which are the only ones whose Availability Zone is known."""
    for about in facts.all_about("mount_targets"):
        listed = facts.listed("mount_targets", *about)
        for one in () if isinstance(listed, Unresolved) else listed:
            zone = one.get("AvailabilityZoneName") or one.get("AvailabilityZoneId")
            if isinstance(zone, str):
                yield Subnet(one["SubnetId"], facts.place, zone)
