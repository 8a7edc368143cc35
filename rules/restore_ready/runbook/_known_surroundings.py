"""What is known of what surrounds a file system, in the form in which AWS takes it to make it again?"""

from __future__ import annotations

from typing import Any

from restore_ready.coverage._automatic import has_automatic_backups
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, FileSystemPolicy, Partial, Source, Unresolved
from restore_ready.runbook._attached_resources import access_points_of, policies_of, subnet_of, targets_of
from restore_ready.runbook._deny_removal import written_policy


def known_surroundings(file_system: FileSystem, estate: EstateIndex) -> dict[str, Any]:
    """Return what is known, by the keys of the steps' ``around.json``; ``None`` for what is not."""
    whole = estate.source is Source.ACCOUNT and file_system.lost is None
    return {
        "throughput": _throughput(file_system),
        "tags": _tags(file_system),
        "lifecycle": _lifecycle(file_system),
        "backup": _backup(file_system, estate, whole=whole),
        "policy": _policy(file_system, estate, whole=whole),
        "replication": _replication(file_system),
        "access_points": _access_points(file_system, estate, whole=whole),
        "mount_targets": _mount_targets(file_system, estate, whole=whole),
    }


def _throughput(file_system: FileSystem) -> dict[str, Any] | None:
    mode, settings = file_system.throughput, file_system.settings
    if file_system.lost is not None or not isinstance(mode, str):
        return None
    provisioned = None if settings is None else settings.provisioned
    if mode == "provisioned" and not isinstance(provisioned, (int, float)):
        return None
    return {"ThroughputMode": mode, "ProvisionedThroughputInMibps": provisioned if mode == "provisioned" else None}


def _tags(file_system: FileSystem) -> list[dict[str, str]] | None:
    tags = file_system.tags
    if isinstance(tags, Unresolved | Partial) or not all(isinstance(value, str) for value in tags.values()):
        return None
    return [{"Key": key, "Value": str(value)} for key, value in tags.items() if not key.startswith("aws:")]


def _lifecycle(file_system: FileSystem) -> list[dict[str, str]] | None:
    policies = None if file_system.settings is None else file_system.settings.lifecycle
    return None if policies is None or isinstance(policies, Unresolved) else [{name: value} for name, value in policies]


def _backup(file_system: FileSystem, estate: EstateIndex, *, whole: bool) -> str | None:
    """Return the state of automatic backups; off only where something says so."""
    on = None if file_system.lost is not None else has_automatic_backups(file_system, estate)
    if on is True:
        return "ENABLED"
    settings = estate.automatic_settings.about(file_system)
    return "DISABLED" if on is False and (whole or any(setting.stated for setting in settings)) else None


def _policy(file_system: FileSystem, estate: EstateIndex, *, whole: bool) -> Any:  # noqa: ANN401  # JSON
    """Return the policy; empty where it is known that there is none."""
    found: list[FileSystemPolicy] = list(policies_of(file_system, estate))
    if not found:
        return "" if whole else None
    return written_policy(found[0].document)


def _replication(file_system: FileSystem) -> list[dict[str, Any]] | None:
    replicas = None if file_system.settings is None else file_system.settings.replicas
    if replicas is None or isinstance(replicas, Unresolved):
        return None
    return [{"Region": replica.region if isinstance(replica.region, str) else None} for replica in replicas]


def _access_points(file_system: FileSystem, estate: EstateIndex, *, whole: bool) -> list[dict[str, Any]] | None:
    points = list(access_points_of(file_system, estate))
    if any(point.request is None for point in points) or not (points or whole):
        return None
    return [
        {"AccessPointId": point.arn.rpartition("/")[2] if isinstance(point.arn, str) else "", **(point.request or {})}
        for point in points
    ]


def _mount_targets(file_system: FileSystem, estate: EstateIndex, *, whole: bool) -> list[dict[str, Any]] | None:
    targets = list(targets_of(file_system, estate))
    if any(not subnet_of(target) for target in targets) or not (targets or whole):
        return None
    return [
        {
            "SubnetId": subnet_of(target),
            "SecurityGroups": list(target.security_groups) if isinstance(target.security_groups, tuple) else [],
        }
        for target in targets
    ]
