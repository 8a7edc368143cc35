"""Estates for runbooks that no story has: each kind of mover, and each way of lifting a vault's Deny."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from restore_ready import (
    AccessPoint,
    Estate,
    FileSystem,
    FileSystemPolicy,
    Mount,
    MountTarget,
    Mover,
    MoverKind,
    Place,
    Plan,
    PlanRule,
    Reading,
    Ref,
    Requirements,
    RequirementsFile,
    Selection,
    Source,
    Unresolved,
    Vault,
    VaultPolicy,
)
from restore_ready.iam import parse_document
from restore_ready.index import EstateIndex
from restore_ready.runbook import Chosen, write_runbook
from restore_ready.scanning._sources import SourceReading

PLACE = Place("main.tf", 1, 2)
HOME = FileSystem("aws_efs_file_system.home", PLACE, Ref("aws_efs_file_system.home", "arn"), {"Name": "home"})
ALL_DENIED = ["backup:StartRestoreJob", "backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy"]


def deny(*actions: str, **more: object) -> dict[str, Any]:
    statement = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement | more]}


def estate(vault: str = "efs", policy: object = None, *, declared: bool = True) -> Estate:
    """Give a file system with a plan into one vault, which has *policy* unless it is ``None``."""
    rule = PlanRule("nightly", PLACE, vault, 60, 180)
    policies = (
        () if policy is None else (VaultPolicy("aws_backup_vault_policy.v", PLACE, vault, parse_document(policy)),)
    )
    return Estate(
        Source.TERRAFORM,
        "main.tf",
        file_systems=(HOME,),
        plans=(Plan("aws_backup_plan.p", PLACE, "nightly", (rule,)),),
        selections=(
            Selection("aws_backup_selection.s", PLACE, Ref("aws_backup_plan.p"), "", (Ref(HOME.address, "arn"),)),
        ),
        vaults=(Vault("aws_backup_vault.v", PLACE, vault),) if declared else (),
        vault_policies=policies,
    )


def runbook_of(given: Estate, requirements: Requirements | None = None) -> str:
    requirements_file = RequirementsFile(requirements or Requirements())
    return write_runbook(
        Chosen(
            (*given.file_systems, *given.lost_file_systems)[0],
            EstateIndex.of(given),
            SourceReading(given.root, Reading((given,)), requirements_file),
        )
    )


def everything_around() -> str:
    here = Ref(HOME.address)
    mounts = (Mount(file_system=here),)
    movers = (
        Mover("aws_lambda_function.m", PLACE, MoverKind.FUNCTION, "efs-restore-mover", mounts, timeout=900),
        Mover("aws_ecs_task_definition.m", PLACE, MoverKind.TASK, "restore-mover-task", mounts),
        Mover("aws_datasync_task.m", PLACE, MoverKind.TRANSFER, "restore-mover-sync", mounts),
    )
    full = replace(
        estate(),
        movers=movers,
        mount_targets=(MountTarget("aws_efs_mount_target.a", PLACE, here, "subnet-1"),),
        access_points=(
            AccessPoint("aws_efs_access_point.a", PLACE, Ref("aws_efs_access_point.a", "arn"), here, "/app", 0),
        ),
        file_system_policies=(
            FileSystemPolicy("aws_efs_file_system_policy.p", PLACE, here, Unresolved("it is not read")),
        ),
    )
    sized = Requirements(sizes={"home": 4 * 10**12}, within=240, rehearse_every=90)
    return runbook_of(full, sized)


LIFTED: dict[str, Callable[[], Estate]] = {
    "policy that can only be deleted": lambda: estate(policy=deny(*ALL_DENIED[:2])),
    "policy beyond repair": lambda: estate(policy=deny(*ALL_DENIED)),
    "policy not known": lambda: estate(policy=Unresolved("it is in a file")),
    "vault of elsewhere": lambda: estate("Default", declared=False),
    "policy as text": lambda: estate(policy=json.dumps(deny(*ALL_DENIED[:2]))),
    "policy with the account": lambda: estate(
        policy=deny("backup:StartRestoreJob", "backup:DeleteRecoveryPoint", Principal={"AWS": "this-account"})
    ),
}
"""Each way of lifting a vault's Deny, as an estate."""
