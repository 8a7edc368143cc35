"""Puts a template's resources together into an estate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from restore_ready.model import Estate, Gap, Source
from restore_ready.readers.cloudformation._backups import (
    automatic_backups,
    file_system,
    plan,
    selection,
    vault,
    vault_policies,
)
from restore_ready.readers.cloudformation._identities import identities
from restore_ready.readers.cloudformation._keys import keys
from restore_ready.readers.cloudformation._movers import (
    access_point,
    file_system_policies,
    hidden_mount_targets,
    mount_target,
    movers,
    subnet,
)
from restore_ready.readers.cloudformation._organizations import organization_parts
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._restore_tests import restore_test, restore_test_plan
from restore_ready.readers.cloudformation._schedules import scheduled_work
from restore_ready.readers.cloudformation._types import FILE_SYSTEM, MOUNT_TARGET, is_opaque, speaks_of_backup
from restore_ready.readers.cloudformation._vaults import event_rules, vault_locks, vault_notifications

_VAULTS = ("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault")

T = TypeVar("T")


def estate_from_resources(
    resources: Sequence[Resource],
    *,
    source: Source,
    root: str,
    gaps: Sequence[Gap] = (),
    assuming: str = "",
) -> Estate:
    """Build the estate of *resources*, which may come from a template or from Terraform's ``awscc`` provider."""

    def built(build: Callable[[Resource], T], *types: str) -> tuple[T, ...]:
        return tuple(build(one) for one in resources if one.type in types)

    principals, policies = identities(resources)
    org_plans, org_selections, controls = organization_parts(resources)
    file_systems, access_points = built(file_system, FILE_SYSTEM), built(access_point, "AWS::EFS::AccessPoint")
    return Estate(
        source,
        root,
        file_systems=file_systems,
        automatic_backups=built(automatic_backups, FILE_SYSTEM),
        plans=(*built(plan, "AWS::Backup::BackupPlan"), *org_plans),
        selections=(*built(selection, "AWS::Backup::BackupSelection"), *org_selections),
        vaults=built(vault, *_VAULTS),
        vault_policies=tuple(found for one in resources if one.type in _VAULTS for found in vault_policies(one)),
        principals=principals,
        policies=policies,
        restore_test_plans=built(restore_test_plan, "AWS::Backup::RestoreTestingPlan"),
        restore_tests=built(restore_test, "AWS::Backup::RestoreTestingSelection"),
        vault_locks=tuple(found for one in resources if one.type in _VAULTS for found in vault_locks(one)),
        vault_notifications=tuple(
            found for one in resources if one.type in _VAULTS for found in vault_notifications(one)
        ),
        event_rules=tuple(found for one in resources for found in event_rules(one)),
        scheduled_work=tuple(scheduled_work(resources, file_systems, access_points)),
        access_points=access_points,
        mount_targets=(*built(mount_target, MOUNT_TARGET), *hidden_mount_targets(resources, file_systems)),
        subnets=built(subnet, "AWS::EC2::Subnet"),
        file_system_policies=tuple(
            found for one in resources if one.type == FILE_SYSTEM for found in file_system_policies(one)
        ),
        movers=tuple(movers(resources)),
        controls=controls,
        keys=tuple(keys(resources)),
        gaps=(*gaps, *_hidden(resources)),
        assuming=assuming,
    )


def _hidden(resources: Sequence[Resource]) -> Iterator[Gap]:
    for one in resources:
        if is_opaque(one.type) and speaks_of_backup(one.name, one.type, {"Properties": one.properties}):
            yield Gap(one.name, one.place, f"what {one.type} makes is not in sight", hides_backups=True)
