"""Builds vaults, what surrounds them, and keys from the facts of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from restore_ready.coverage._automatic import VAULT
from restore_ready.model import (
    GlobalSettings,
    Known,
    PolicyDocument,
    Ref,
    RegionSettings,
    Str,
    Unresolved,
    Vault,
    VaultLock,
    VaultNotification,
    VaultPolicy,
)
from restore_ready.readers import _vault_tables as tables
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._dialect import AccountDialect
from restore_ready.readers.account._documents import document_in
from restore_ready.readers.account._resources import Arns

_AIR_GAPPED: Final = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"


def _own(facts: AccountFacts) -> list[Object]:
    return [entry for entry in facts.entries("vaults") if entry["BackupVaultName"] != VAULT]


def _hidden(facts: AccountFacts) -> tuple[str, Unresolved] | None:
    listed = facts.listed("vaults")
    return (f"{facts.label}:backup-vaults", listed) if isinstance(listed, Unresolved) else None


def vaults(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[Vault]:
    """Yield the vaults, but for that of automatic backups, which goes by its name alone.

    Where vaults can't be listed, there may be one of any name and key.
    """
    for entry in _own(facts):
        is_empty = entry.get("NumberOfRecoveryPoints") == 0
        yield tables.VAULT.read(dialect.entry(arns.vault(entry), entry), is_empty=is_empty)
    if hidden := _hidden(facts):
        yield Vault(hidden[0], facts.place, *2 * (hidden[1],))


def vault_policies(facts: AccountFacts, arns: Arns) -> Iterator[VaultPolicy]:
    """Yield the access policies of vaults; the vault of automatic backups has one that says nothing if AWS gives none.

    Elsewhere AWS's own policy is taken for that vault's, unless there is another.
    """
    for entry in facts.entries("vaults"):
        arn, name = arns.vault(entry), entry["BackupVaultName"]
        vault: Str = VAULT if name == VAULT else Ref(arn)
        read = document_in(facts.found("vault_policy", name), "Policy", facts.account)
        if read is None and name == VAULT:
            read = PolicyDocument(())
        if read is not None:
            yield VaultPolicy(arn, facts.place, vault, read)


def vault_locks(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[VaultLock]:
    """Yield the locks of vaults, and the ranges of retention that they insist on."""
    for entry in _own(facts):
        arn = arns.vault(entry)
        lock = tables.RETENTION_RANGE.read(dialect.entry(arn, entry), vault=Ref(arn))
        if lock.min_days is not None or lock.max_days is not None or entry.get("Locked") is True:
            yield replace(lock, air_gapped=entry.get("VaultType") == _AIR_GAPPED)
    if hidden := _hidden(facts):
        yield VaultLock(hidden[0], facts.place, *3 * (hidden[1],))


def vault_notifications(facts: AccountFacts, arns: Arns, dialect: AccountDialect) -> Iterator[VaultNotification]:
    """Yield the notifications of vaults that have them."""
    for entry in _own(facts):
        arn, found = arns.vault(entry), facts.found("vault_notifications", entry["BackupVaultName"])
        if found is not None:
            yield tables.VAULT_NOTIFICATION.read(dialect.entry(arn, {"Notifications": found}), vault=Ref(arn))


def region_settings(facts: AccountFacts, dialect: AccountDialect) -> RegionSettings:
    """Return whether EFS is opted in."""
    found = facts.found("region_settings")
    address = f"{facts.label}:region-settings"
    if isinstance(found, Unresolved):
        return RegionSettings(address, facts.place, found)
    return tables.REGION_SETTINGS.read(dialect.entry(address, found or {}))


def global_settings(facts: AccountFacts) -> Iterator[GlobalSettings]:
    """Yield whether backups may be copied to other accounts, where AWS was asked for it and the account may know.

    The organization's management account decides it. What AWS tells its other accounts of that is not documented: that
    it is on counts, that it is off does not.
    """
    found = facts.found("global_settings")
    allowed: Known[bool | None]
    if isinstance(found, Unresolved):
        allowed = found
    elif found is None:
        return
    else:
        told = found.get("isCrossAccountBackupEnabled")
        allowed = None if told is None else str(told).lower() == "true"
        if allowed is False and isinstance(facts.listed("organization_parents", facts.account), Unresolved):
            allowed = Unresolved("AWS calls it off, and its management account decides it")
    yield GlobalSettings(f"{facts.label}:global-settings", facts.place, allowed)
