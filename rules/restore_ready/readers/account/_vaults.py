"""Builds vaults, what surrounds them, and keys from the facts of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.coverage._automatic import VAULT
from restore_ready.iam import read_json
from restore_ready.model import (
    Key,
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

_AWS_MANAGED: Final = "auto-"
"""How the ``Id`` of the policy of a key that AWS manages begins: ``auto-backup-1``."""


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
            yield lock
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


def keys(facts: AccountFacts, own_keys: frozenset[str]) -> Iterator[Key]:
    """Yield the customer managed keys whose policies were asked for."""
    for (key,) in facts.all_about("key_policy"):
        if key not in own_keys:
            read = document_in(facts.found("key_policy", key), "Policy", facts.account)
            yield Key(key, facts.place, key, document=read)


def keys_of_aws(facts: AccountFacts) -> frozenset[str]:
    """Return the keys that AWS manages, which ask for no permissions, by their ARNs."""
    return frozenset(key for (key,) in facts.all_about("key_policy") if _is_managed(facts.found("key_policy", key)))


def _is_managed(found: Object | Unresolved | None) -> bool:
    if found is None or isinstance(found, Unresolved):
        return False
    policy = found.get("Policy")
    tree = read_json(policy) if isinstance(policy, str) else policy
    return isinstance(tree, Mapping) and str(tree.get("Id", "")).startswith(_AWS_MANAGED)
