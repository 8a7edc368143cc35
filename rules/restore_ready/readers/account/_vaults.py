"""Builds vaults, what surrounds them, and keys from the facts of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.coverage._automatic import VAULT
from restore_ready.iam import read_json
from restore_ready.model._estate import Key, RegionSettings, Vault, VaultLock, VaultNotification, VaultPolicy
from restore_ready.model._policy_document import PolicyDocument
from restore_ready.model._values import Ref, Str, Unresolved
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._documents import document_in
from restore_ready.readers.account._ledger import Ledger
from restore_ready.readers.account._resources import Arns
from restore_ready.readers.cloudformation._fields import number, text, texts

_AWS_MANAGED: Final = "auto-"
"""How the ``Id`` of the policy of a key that AWS manages begins: ``auto-backup-1``."""


def _entries(ledger: Ledger) -> list[Object]:
    listed = ledger.listed("vaults")
    return [] if isinstance(listed, Unresolved) else listed


def _own(ledger: Ledger) -> list[Object]:
    return [one for one in _entries(ledger) if one["BackupVaultName"] != VAULT]


def _hidden(ledger: Ledger) -> tuple[str, Unresolved] | None:
    listed = ledger.listed("vaults")
    return (f"{ledger.label}:backup-vaults", listed) if isinstance(listed, Unresolved) else None


def vaults(ledger: Ledger, arns: Arns, own_keys: frozenset[str]) -> Iterator[Vault]:
    """Give the vaults, but for that of automatic backups, which goes by its name alone.

    A key of *own_keys* is one that AWS manages. Where vaults can't be listed, there may be one of any name and key.
    """
    for entry in _own(ledger):
        key = text(entry, "EncryptionKeyArn") if entry.get("EncryptionKeyArn") else None
        yield Vault(arns.vault(entry), ledger.place, entry["BackupVaultName"], None if key in own_keys else key)
    if hidden := _hidden(ledger):
        yield Vault(hidden[0], ledger.place, *2 * (hidden[1],))


def vault_policies(ledger: Ledger, arns: Arns) -> Iterator[VaultPolicy]:
    """Give the access policies of vaults; the vault of automatic backups has one that says nothing if AWS gives none.

    Elsewhere AWS's own policy is taken for that vault's, unless there is another.
    """
    for entry in _entries(ledger):
        arn, name = arns.vault(entry), entry["BackupVaultName"]
        vault: Str = VAULT if name == VAULT else Ref(arn)
        read = document_in(ledger.found("vault_policy", name), "Policy", ledger.account)
        if read is None and name == VAULT:
            read = PolicyDocument(())
        if read is not None:
            yield VaultPolicy(arn, ledger.place, vault, read)


def vault_locks(ledger: Ledger, arns: Arns) -> Iterator[VaultLock]:
    """Give the ranges of retention that vaults insist on."""
    for entry in _own(ledger):
        limits = {name: days for name, days in entry.items() if days is not None}
        shortest, longest = number(limits, "MinRetentionDays"), number(limits, "MaxRetentionDays")
        if shortest is not None or longest is not None:
            arn = arns.vault(entry)
            yield VaultLock(arn, ledger.place, Ref(arn), shortest, longest)
    if hidden := _hidden(ledger):
        yield VaultLock(hidden[0], ledger.place, *3 * (hidden[1],))


def vault_notifications(ledger: Ledger, arns: Arns) -> Iterator[VaultNotification]:
    """Give the notifications of vaults that have them."""
    for entry in _own(ledger):
        arn, found = arns.vault(entry), ledger.found("vault_notifications", entry["BackupVaultName"])
        if found is not None:
            events = found if isinstance(found, Unresolved) else texts(found, "BackupVaultEvents")
            yield VaultNotification(arn, ledger.place, Ref(arn), events)


def region_settings(ledger: Ledger) -> RegionSettings:
    """Return whether EFS is opted in."""
    found = ledger.found("region_settings")
    address = f"{ledger.label}:region-settings"
    if found is None or isinstance(found, Unresolved):
        return RegionSettings(address, ledger.place, found)
    chosen = found.get("ResourceTypeOptInPreference")
    efs = chosen.get("EFS") if isinstance(chosen, Mapping) else None
    return RegionSettings(address, ledger.place, efs if isinstance(efs, bool) else None)


def keys(ledger: Ledger, own_keys: frozenset[str]) -> Iterator[Key]:
    """Give the customer managed keys whose policies were asked for."""
    for (key,) in ledger.all_about("key_policy"):
        if key not in own_keys:
            read = document_in(ledger.found("key_policy", key), "Policy", ledger.account)
            yield Key(key, ledger.place, key, document=read)


def keys_of_aws(ledger: Ledger) -> frozenset[str]:
    """Return the keys that AWS manages, which ask for no permissions, by their ARNs."""
    return frozenset(key for (key,) in ledger.all_about("key_policy") if _is_managed(ledger.found("key_policy", key)))


def _is_managed(found: Object | Unresolved | None) -> bool:
    if found is None or isinstance(found, Unresolved):
        return False
    policy = found.get("Policy")
    tree = read_json(policy) if isinstance(policy, str) else policy
    return isinstance(tree, Mapping) and str(tree.get("Id", "")).startswith(_AWS_MANAGED)
