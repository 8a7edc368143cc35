"""Builds what surrounds vaults: locks, notifications and EventBridge rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.iam import read_json_object
from restore_ready.model import EventRule, Ref, Unresolved, VaultLock, VaultNotification
from restore_ready.readers.cloudformation._fields import Properties, mapping, number, text, texts
from restore_ready.readers.cloudformation._resource import Resource

_AIR_GAPPED: Final = "AWS::Backup::LogicallyAirGappedBackupVault"
_SAM_EVENTS: Final = ("CloudWatchEvent", "EventBridgeRule")


def vault_locks(resource: Resource) -> Iterator[VaultLock]:
    """Give a vault's lock, if it has one; logically air-gapped vaults always have a range of retention."""
    limits = resource.properties if resource.type == _AIR_GAPPED else mapping(resource.properties, "LockConfiguration")
    if limits is None:
        return
    vault = Ref(resource.name, "Ref")
    if isinstance(limits, Unresolved):
        yield VaultLock(resource.name, resource.place, vault, limits, limits)
    else:
        shortest, longest = number(limits, "MinRetentionDays"), number(limits, "MaxRetentionDays")
        yield VaultLock(resource.name, resource.place, vault, shortest, longest)


def vault_notifications(resource: Resource) -> Iterator[VaultNotification]:
    """Give a vault's notifications, if it has any."""
    body = mapping(resource.properties, "Notifications")
    if body is not None:
        events = body if isinstance(body, Unresolved) else texts(body, "BackupVaultEvents")
        yield VaultNotification(resource.name, resource.place, Ref(resource.name, "Ref"), events)


def event_rules(resource: Resource) -> Iterator[EventRule]:
    """Give the EventBridge rules of a resource, a rule or a SAM function, that wait for events and are on."""
    if resource.type == "AWS::Events::Rule":
        yield from _event_rule(resource, resource.properties, "EventPattern")
    elif resource.type == "AWS::Serverless::Function":
        events = mapping(resource.properties, "Events")
        for event in () if events is None or isinstance(events, Unresolved) else events.values():
            if isinstance(event, dict) and event.get("Type") in _SAM_EVENTS:
                body = mapping(event, "Properties")
                if body is not None and not isinstance(body, Unresolved):
                    yield from _event_rule(resource, body, "Pattern")


def _event_rule(resource: Resource, values: Properties, name: str) -> Iterator[EventRule]:
    if name in values and text(values, "State") != "DISABLED":
        yield EventRule(resource.name, resource.place, read_json_object(values[name]))
