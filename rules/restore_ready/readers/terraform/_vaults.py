"""Builds what surrounds vaults: locks, notifications, EventBridge rules and the Region's settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from restore_ready.iam import read_json_object
from restore_ready.model import (
    EventRule,
    Known,
    Ref,
    RegionSettings,
    Text,
    Unresolved,
    VaultLock,
    VaultNotification,
    unresolved_reason,
)
from restore_ready.readers.terraform._attributes import number, required_text, text, texts
from restore_ready.readers.terraform._block import Block


def vault_locks(of_type: Mapping[str, Sequence[Block]]) -> Iterator[VaultLock]:
    """Build vault locks, and the range of retention that logically air-gapped vaults always have."""
    for block in of_type.get("aws_backup_vault_lock_configuration", ()):
        yield _lock(block, required_text(block.values, "backup_vault_name"))
    for block in of_type.get("aws_backup_logically_air_gapped_vault", ()):
        yield _lock(block, Ref(block.address))


def _lock(block: Block, vault: str | Text | Ref | Unresolved) -> VaultLock:
    shortest, longest = number(block.values, "min_retention_days"), number(block.values, "max_retention_days")
    return VaultLock(block.address, block.place, vault, shortest, longest)


def vault_notification(block: Block) -> VaultNotification:
    """Build the notifications of a vault."""
    vault, events = required_text(block.values, "backup_vault_name"), texts(block.values, "backup_vault_events")
    return VaultNotification(block.address, block.place, vault, events)


def event_rules(blocks: Iterable[Block]) -> Iterator[EventRule]:
    """Build the EventBridge rules that wait for events and are not switched off."""
    for block in blocks:
        off = text(block.values, "state") == "DISABLED" or block.values.get("is_enabled") is False
        if "event_pattern" in block.values and not off:
            yield EventRule(block.address, block.place, read_json_object(block.values["event_pattern"]))


def region_settings(block: Block) -> RegionSettings:
    """Build the settings of a Region."""
    return RegionSettings(block.address, block.place, _efs(block.values.get("resource_type_opt_in_preference")))


def _efs(preferences: object) -> Known[bool | None]:
    if isinstance(preferences, (Text, Ref, Unresolved)):
        return Unresolved(unresolved_reason(preferences))
    value = preferences.get("EFS") if isinstance(preferences, Mapping) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    why = unresolved_reason(value) if isinstance(value, (Text, Ref, Unresolved)) else "it is neither true nor false"
    return Unresolved(f"whether EFS is opted in is not known: {why}")
