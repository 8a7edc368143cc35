"""Puts a template's resources together into an estate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.model import AutomaticBackups, Estate, EventRule, FileSystem, Gap, MountTarget, Source, Unresolved
from restore_ready.model._why_open import OPAQUE
from restore_ready.readers._backup_tables import PLAN, SELECTION
from restore_ready.readers._efs_tables import (
    ACCESS_POINT,
    AUTOMATIC_BACKUPS,
    FILE_SYSTEM,
    FILE_SYSTEM_POLICY,
    MOUNT_TARGET,
    REPLICATION,
    SUBNET,
)
from restore_ready.readers._fields import Entry
from restore_ready.readers._handed import handed_in
from restore_ready.readers._mover_tables import SAM_FUNCTION, movers
from restore_ready.readers._organization_tables import organization_parts
from restore_ready.readers._refused_policies import refused_policies
from restore_ready.readers._restore_test_tables import RESTORE_TEST, RESTORE_TEST_PLAN
from restore_ready.readers._scheduled_work import Mounts
from restore_ready.readers._topic_tables import own_targets, topics, user_notifications
from restore_ready.readers._vault_tables import (
    EVENT_RULE,
    VAULT,
    VAULT_NOTIFICATION,
    VAULT_POLICY,
    event_rules,
    vault_locks,
)
from restore_ready.readers.cloudformation._dialect import entry_of
from restore_ready.readers.cloudformation._identities import identities
from restore_ready.readers.cloudformation._keys import keys
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._schedules import sam_events, scheduled_work
from restore_ready.readers.cloudformation._types import is_opaque, speaks_of_backup

_SAM_RULES: Final = ("CloudWatchEvent", "EventBridgeRule")


def estate_from_resources(
    resources: Sequence[Resource],
    *,
    source: Source,
    root: str,
    gaps: Sequence[Gap] = (),
    assuming: str = "",
) -> Estate:
    """Return the estate of *resources*, which may come from a template or from Terraform's ``awscc`` provider."""
    entries = [entry_of(resource) for resource in resources]
    principals, policies = identities(entries)
    org_plans, org_selections, controls = organization_parts(entries)
    file_systems, access_points = FILE_SYSTEM.read_all(entries), ACCESS_POINT.read_all(entries)
    return Estate(
        source,
        root,
        file_systems=file_systems,
        automatic_backups=tuple(_automatic_backups(entries, file_systems)),
        plans=(*PLAN.read_all(entries), *org_plans),
        selections=(*SELECTION.read_all(entries), *org_selections),
        vaults=VAULT.read_all(entries),
        vault_policies=VAULT_POLICY.read_all(entries),
        principals=principals,
        policies=policies,
        restore_test_plans=RESTORE_TEST_PLAN.read_all(entries),
        restore_tests=RESTORE_TEST.read_all(entries),
        vault_locks=tuple(vault_locks(entries)),
        vault_notifications=VAULT_NOTIFICATION.read_all(entries),
        event_rules=(*_event_rules(entries), *user_notifications(entries)),
        topics=tuple(topics(entries)),
        scheduled_work=tuple(scheduled_work(entries, file_systems, access_points)),
        access_points=access_points,
        mount_targets=(*MOUNT_TARGET.read_all(entries), *_hidden_mount_targets(entries, file_systems)),
        subnets=SUBNET.read_all(entries),
        file_system_policies=FILE_SYSTEM_POLICY.read_all(entries),
        replications=REPLICATION.read_all(entries),
        movers=tuple(movers(entries)),
        controls=controls,
        keys=tuple(keys(entries)),
        gaps=(*gaps, *_hidden(resources, file_systems), *refused_policies(principals, policies)),
        assuming=assuming,
        constructs={resource.name: resource.construct for resource in resources if resource.construct},
    )


def _automatic_backups(entries: Sequence[Entry], file_systems: Sequence[FileSystem]) -> Iterator[AutomaticBackups]:
    """Yield the automatic backups of each file system.

    Without a ``BackupPolicy``, AWS switches them on for One Zone and leaves them off otherwise
    (https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html).
    """
    for found, file_system in zip(AUTOMATIC_BACKUPS.read_all(entries), file_systems, strict=True):
        yield found if found.stated else replace(found, enabled=file_system.one_zone)


def _event_rules(entries: Sequence[Entry]) -> Iterator[EventRule]:
    """Yield the EventBridge rules that wait for events, in the order of the resources that they are, or are in."""
    for entry in entries:
        if EVENT_RULE.tells(entry):
            yield from event_rules([entry], own_targets)
        elif entry.type == SAM_FUNCTION:
            yield from event_rules(sam_events(entry, _SAM_RULES), lambda _: True)


def _hidden_mount_targets(entries: Sequence[Entry], file_systems: Sequence[FileSystem]) -> Iterator[MountTarget]:
    """Yield a mount target in an unknown subnet for each opaque resource that a file system is handed to."""
    known = Mounts.of(file_systems, ())
    for entry in entries:
        if is_opaque(entry.type):
            why = Unresolved(OPAQUE.said(what=entry.address))
            for leads_to in known.named_in(entry.values):
                yield MountTarget(entry.address, entry.place, leads_to, why)


def _hidden(resources: Sequence[Resource], file_systems: Sequence[FileSystem]) -> Iterator[Gap]:
    known = {file_system.address for file_system in file_systems}
    for resource in resources:
        if not is_opaque(resource.type):
            continue
        hides = speaks_of_backup(resource.name, resource.type, {"Properties": resource.properties})
        handed = tuple(handed_in(resource.properties, known))
        if hides or handed:
            why = OPAQUE.said(what=resource.type)
            yield Gap(resource.name, resource.place, why, hides_backups=hides, handed=handed)
