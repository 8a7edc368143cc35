"""Field tables of backup vaults and what surrounds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from restore_ready.iam import read_json_object
from restore_ready.model import (
    EventRule,
    GlobalSettings,
    Known,
    Ref,
    RegionSettings,
    Str,
    Text,
    Truth,
    Unresolved,
    Vault,
    VaultLock,
    VaultNotification,
    VaultPolicy,
    unresolved_reason,
)
from restore_ready.readers._fields import Entry, Field, Inside, Itself, Table, within
from restore_ready.readers._kinds import document, key, number, text, texts

_VAULT: Final = "AWS::Backup::BackupVault"
_AIR_GAPPED: Final = "AWS::Backup::LogicallyAirGappedBackupVault"
_TERRAFORM_AIR_GAPPED: Final = "aws_backup_logically_air_gapped_vault"
_OF_VAULT: Final = Field("vault", text, Itself("Ref"), "backup_vault_name", required=True)
"""CloudFormation tells all of a vault in the vault."""

VAULT: Final = Table(
    Vault,
    (
        Field("name", text, "BackupVaultName", "name", required=True),
        Field("key", key, "EncryptionKeyArn", ("kms_key_arn", "encryption_key_arn")),
    ),
    cloudformation=(_VAULT, _AIR_GAPPED),
    terraform=("aws_backup_vault", _TERRAFORM_AIR_GAPPED),
)

VAULT_POLICY: Final = Table(
    VaultPolicy,
    (_OF_VAULT, Field("document", document, "AccessPolicy", "policy", required=True)),
    cloudformation=(_VAULT, _AIR_GAPPED),
    terraform=("aws_backup_vault_policy",),
    only_with="AccessPolicy",
)

_RANGE: Final = (
    Field("min_days", number, "MinRetentionDays", "min_retention_days"),
    Field("max_days", number, "MaxRetentionDays", "max_retention_days"),
)

_CHANGEABLE: Final = Field("changeable_days", number, "ChangeableForDays", "changeable_for_days")

_VAULT_LOCK: Final = Table(
    VaultLock,
    (_OF_VAULT, *within(Inside("LockConfiguration"), *_RANGE, _CHANGEABLE)),
    cloudformation=(_VAULT,),
    terraform=("aws_backup_vault_lock_configuration",),
    only_with="LockConfiguration",
)

RETENTION_RANGE: Final = Table(
    VaultLock,
    (Field("vault", text, Itself("Ref"), Itself("id")), *_RANGE),
    cloudformation=(_AIR_GAPPED,),
    terraform=(_TERRAFORM_AIR_GAPPED,),
)
"""Of logically air-gapped vaults, which state it themselves, as the API does of every vault."""


def vault_locks(entries: Iterable[Entry]) -> Iterator[VaultLock]:
    """Yield vault locks, and the range of retention that logically air-gapped vaults always have."""
    for entry in entries:
        if _VAULT_LOCK.tells(entry):
            yield _VAULT_LOCK.read(entry)
        if RETENTION_RANGE.tells(entry):
            yield RETENTION_RANGE.read(entry, air_gapped=True)


VAULT_NOTIFICATION: Final = Table(
    VaultNotification,
    (
        _OF_VAULT,
        Field(
            "events",
            texts,
            "BackupVaultEvents",
            "backup_vault_events",
            default=(),
            inside=Inside("Notifications"),
        ),
        Field("topic", text, "SNSTopicArn", "sns_topic_arn", inside=Inside("Notifications")),
    ),
    cloudformation=(_VAULT, _AIR_GAPPED),
    terraform=("aws_backup_vault_notifications",),
    only_with="Notifications",
)


def _pattern(entry: Entry, name: str) -> Known[Mapping[str, object]] | None:
    return read_json_object(entry.values[name]) if name in entry.values else None


_PATTERN: Final = Field("pattern", _pattern, ("EventPattern", "Pattern"), "event_pattern")
"""``Pattern`` is SAM's name in a function's events."""

EVENT_RULE: Final = Table(
    EventRule, (_PATTERN,), cloudformation=("AWS::Events::Rule",), terraform=("aws_cloudwatch_event_rule",)
)
_STATE: Final[Field[Str]] = Field("state", text, "State", "state")
_SWITCH: Final[Field[Str]] = Field("enabled", text, "Enabled", "is_enabled")


def event_rules(entries: Iterable[Entry], targets: Callable[[Entry], Truth | None]) -> Iterator[EventRule]:
    """Yield the EventBridge rules among *entries* that wait for events and are not switched off.

    One that may be switched off is as good as one that may not exist.

    Args:
        entries: rules.
        targets: returns whether a rule hands events on.
    """
    for entry in entries:
        if _PATTERN.given(entry) is None:
            continue
        switches = (_STATE.given(entry), _SWITCH.given(entry))
        if "DISABLED" not in switches and "false" not in switches:
            reasons = (f"it may be switched off: {value.why}" for value in switches if isinstance(value, Unresolved))
            yield EVENT_RULE.read(entry, maybe=(*entry.maybe, *reasons), targets=targets(entry))


def _opted_in(entry: Entry, name: str) -> Known[bool] | None:
    preferences = entry.values.get(name)
    if isinstance(preferences, (Text, Ref, Unresolved)):
        return Unresolved(unresolved_reason(preferences))
    value = preferences.get("EFS") if isinstance(preferences, Mapping) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    why = unresolved_reason(value) if isinstance(value, (Text, Ref, Unresolved)) else "it is neither true nor false"
    return Unresolved(f"whether EFS is opted in is not known: {why}")


def _cross_account(entry: Entry, name: str) -> Known[bool] | None:
    settings = entry.values.get(name)
    if isinstance(settings, (Text, Ref, Unresolved)):
        return Unresolved(unresolved_reason(settings))
    value = settings.get("isCrossAccountBackupEnabled") if isinstance(settings, Mapping) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.lower() == "true"
    return Unresolved("whether copies to other accounts are allowed is not known")


GLOBAL_SETTINGS: Final = Table(
    GlobalSettings,
    (Field("cross_account", _cross_account, "GlobalSettings", "global_settings"),),
    terraform=("aws_backup_global_settings",),
)
"""CloudFormation has no such resource; the first column is the API's."""

REGION_SETTINGS: Final = Table(
    RegionSettings,
    (Field("efs", _opted_in, "ResourceTypeOptInPreference", "resource_type_opt_in_preference"),),
    terraform=("aws_backup_region_settings",),
)
"""CloudFormation has no such resource; the first column is the API's."""
