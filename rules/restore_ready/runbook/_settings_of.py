"""The variables of one runbook: file system, vault, restore role, movers."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.model import THIS_ACCOUNT, Estate, FileSystem, Mover, MoverKind, Principal, Source
from restore_ready.runbook._markdown import code
from restore_ready.runbook._settings import Setting, by_tag_name, deployed, known, unknown
from restore_ready.runbook._vault_uses import VaultUse

_DEFAULT_ROLE: Final = "AWSBackupDefaultServiceRole"
_ARN: Final = "arn:${PARTITION}:elasticfilesystem:${AWS_REGION}:${ACCOUNT_ID}:file-system/${FILE_SYSTEM_ID}"


class RoleFacts(Struct, frozen=True):
    """The restore role: what it is called, how the text speaks of it, and its variables."""

    label: str
    says: str
    settings: tuple[Setting, ...]


class MoverFacts(Struct, frozen=True):
    """One mover, as the template shows it; *timeout* in seconds, 0 where nothing ends it or that is not known."""

    kind: str
    label: str
    timeout: int
    setting: Setting


def file_system_settings(file_system: FileSystem, estate: Estate) -> tuple[Setting, ...]:
    """Return the variables for id and ARN of *file_system*."""
    arn, what = file_system.arn, "the file system"
    if isinstance(arn, str):
        return (
            known("FILE_SYSTEM_ID", arn.rpartition("/")[2], f"{what}: {file_system.address}"),
            known("FILE_SYSTEM_ARN", arn),
        )
    lookup = by_tag_name(file_system.name)
    if lookup and estate.source is not Source.CLOUDFORMATION:
        remark = f"{what}: {file_system.address}, found by its tag Name; write its id instead if it is gone"
        found = Setting("FILE_SYSTEM_ID", command=lookup, remarks=(remark,))
    else:
        found = unknown("FILE_SYSTEM_ID", file_system.address, estate, what=what, tail="id")
    return (found, Setting("FILE_SYSTEM_ARN", f'"{_ARN}"'))


def vault_setting(vault: VaultUse | None, estate: Estate) -> Setting:
    """Return the variable for the vault to restore from."""
    if vault is None:
        return unknown("VAULT_NAME", "", estate, what="the vault; step 1 lists those with recovery points")
    return deployed("VAULT_NAME", vault.name, vault.address, estate, what="the vault", tail="name")


def role_facts(role: Principal | None, estate: Estate) -> RoleFacts:
    """Return what the runbook says of the restore role."""
    name = "RESTORE_ROLE_ARN"
    if role is None:
        arn = f"arn:aws:iam::{THIS_ACCOUNT}:role/service-role/{_DEFAULT_ROLE}"
        setting = known(name, arn, "AWS's default role: the source declares no restore role")
        says = (
            f"AWS's default role {code(_DEFAULT_ROLE)}, for this source declares no restore role; it exists once "
            "somebody has used the console of AWS Backup"
        )
        return RoleFacts(_DEFAULT_ROLE, says, (setting,))
    says = f"the role {code(role.label)}" + (f" ({code(role.address)})" if role.label != role.address else "")
    if isinstance(role.arn, str) or estate.source is not Source.CLOUDFORMATION:
        setting = deployed(name, role.arn, role.address, estate, what="the restore role", tail="arn")
        return RoleFacts(role.label, says, (setting,))
    called = unknown("RESTORE_ROLE", role.address, estate, what="the restore role")
    command = 'aws iam get-role --role-name "$RESTORE_ROLE" --query Role.Arn --output text'
    return RoleFacts(role.label, says, (called, Setting(name, command=command)))


def mover_facts(mover: Mover, estate: Estate) -> MoverFacts:
    """Return what the runbook says of one mover."""
    value = "" if mover.kind is MoverKind.TRANSFER else mover.name
    tail = "arn" if mover.kind is MoverKind.TRANSFER else "name"
    setting = deployed("MOVER", value, mover.address, estate, what="the mover", tail=tail)
    name = mover.name if isinstance(mover.name, str) and mover.name else mover.address
    timeout = mover.timeout if isinstance(mover.timeout, int) else 0
    return MoverFacts(mover.kind.value, name, timeout, setting)
