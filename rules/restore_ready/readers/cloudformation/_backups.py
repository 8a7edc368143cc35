"""Builds file systems, backup plans, selections and vaults from resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.iam import parse_document
from restore_ready.model import (
    AutomaticBackups,
    Copy,
    FileSystem,
    Known,
    Place,
    Plan,
    PlanRule,
    Ref,
    Selection,
    Str,
    TagCondition,
    Text,
    Unresolved,
    Vault,
    VaultPolicy,
    join_text,
)
from restore_ready.readers.cloudformation._fields import (
    Properties,
    mapping,
    mappings,
    number,
    required_text,
    text,
    texts,
)
from restore_ready.readers.cloudformation._resource import Resource

START_WINDOW: Final = 480
"""Minutes that AWS Backup fills in for a start window left out; CloudFormation's schema has no default of its own."""

COMPLETION_WINDOW: Final = 10080
"""Minutes that AWS Backup fills in for a completion window left out."""

_TAG: Final = "aws:ResourceTag/"
_CONDITION: Final = ("ConditionKey", "ConditionValue")
_OPERATORS: Final = {
    "StringEquals": "equals",
    "StringNotEquals": "not_equals",
    "StringLike": "like",
    "StringNotLike": "not_like",
}


def file_system(resource: Resource) -> FileSystem:
    """Build an EFS file system. Naming an Availability Zone, whichever, makes it One Zone."""
    zone = text(resource.properties, "AvailabilityZoneName")
    return FileSystem(
        resource.name,
        resource.place,
        arn=Ref(resource.name, "Arn"),
        tags=_tags(resource.properties),
        one_zone=zone is not None and zone != "",
        key=text(resource.properties, "KmsKeyId"),
    )


def _tags(values: Properties) -> Known[dict[str, Str]]:
    entries = mappings(values, "FileSystemTags")
    if isinstance(entries, Unresolved):
        return entries
    tags: dict[str, Str] = {}
    for entry in entries:
        key = entry if isinstance(entry, Unresolved) else required_text(entry, "Key")
        if isinstance(entry, Unresolved) or not isinstance(key, str):
            return Unresolved("not all tag keys are known")
        tags[key] = required_text(entry, "Value")
    return tags


def automatic_backups(resource: Resource) -> AutomaticBackups:
    """Build a file system's automatic backups.

    Without a ``BackupPolicy``, AWS switches them on for One Zone and leaves them off otherwise
    (https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html).
    """
    policy = mapping(resource.properties, "BackupPolicy")
    enabled: Known[bool] = file_system(resource).one_zone if policy is None else _is_enabled(policy)
    return AutomaticBackups(
        resource.name, resource.place, Ref(resource.name, "Ref"), enabled, stated=policy is not None
    )


def _is_enabled(policy: Properties | Unresolved) -> Known[bool]:
    if isinstance(policy, Unresolved):
        return policy
    status = required_text(policy, "Status")
    if isinstance(status, str) and status in ("ENABLED", "DISABLED"):
        return status == "ENABLED"
    return status if isinstance(status, Unresolved) else Unresolved("Status is neither ENABLED nor DISABLED")


def plan(resource: Resource) -> Plan:
    """Build a backup plan."""
    body = mapping(resource.properties, "BackupPlan")
    if body is None:
        body = Unresolved("BackupPlan is missing")
    if isinstance(body, Unresolved):
        return Plan(resource.name, resource.place, body, body)
    entries = mappings(body, "BackupPlanRule")
    rules: Known[tuple[PlanRule, ...]] = (
        entries if isinstance(entries, Unresolved) else tuple(_rule(entry, resource.place) for entry in entries)
    )
    return Plan(resource.name, resource.place, required_text(body, "BackupPlanName"), rules)


def _rule(values: Properties | Unresolved, place: Place) -> PlanRule:
    if isinstance(values, Unresolved):
        return PlanRule(values, place, values, values, values, schedule=values, time_zone=values, copies=values)
    start, completion = number(values, "StartWindowMinutes"), number(values, "CompletionWindowMinutes")
    zone = text(values, "ScheduleExpressionTimezone")
    delete, cold = _lifecycle(values)
    return PlanRule(
        name=required_text(values, "RuleName"),
        place=place,
        vault=_vault(values),
        start_window=START_WINDOW if start is None else start,
        completion_window=COMPLETION_WINDOW if completion is None else completion,
        start_window_stated=start is not None,
        completion_window_stated=completion is not None,
        schedule=text(values, "ScheduleExpression"),
        time_zone="UTC" if zone is None else zone,
        delete_after_days=delete,
        cold_after_days=cold,
        copies=_copies(values),
        air_gapped_vault=text(values, "TargetLogicallyAirGappedBackupVaultArn"),
        point_tags=_point_tags(values),
    )


def _point_tags(values: Properties) -> Known[tuple[tuple[str, Str], ...]]:
    tags = mapping(values, "RecoveryPointTags")
    if tags is None or isinstance(tags, Unresolved):
        return () if tags is None else tags
    return tuple((str(key), required_text(tags, key)) for key in tags)


def _vault(values: Properties) -> Str:
    air_gapped = text(values, "TargetLogicallyAirGappedBackupVaultArn")
    if "TargetBackupVault" in values or air_gapped is None:
        return required_text(values, "TargetBackupVault")
    return air_gapped


def _lifecycle(values: Properties) -> tuple[Known[int | None], Known[int | None]]:
    """Read after how many days recovery points are deleted, and moved to cold storage."""
    lifecycle = mapping(values, "Lifecycle")
    if lifecycle is None or isinstance(lifecycle, Unresolved):
        return lifecycle, lifecycle
    return number(lifecycle, "DeleteAfterDays"), number(lifecycle, "MoveToColdStorageAfterDays")


def _copies(values: Properties) -> Known[tuple[Copy, ...]]:
    entries = mappings(values, "CopyActions")
    return entries if isinstance(entries, Unresolved) else tuple(_copy(entry) for entry in entries)


def _copy(values: Properties | Unresolved) -> Copy:
    if isinstance(values, Unresolved):
        return Copy(values, values, values)
    return Copy(required_text(values, "DestinationBackupVaultArn"), *_lifecycle(values))


def selection(resource: Resource) -> Selection:
    """Build a backup selection."""
    plan_id = required_text(resource.properties, "BackupPlanId")
    body = mapping(resource.properties, "BackupSelection")
    if body is None:
        body = Unresolved("BackupSelection is missing")
    if isinstance(body, Unresolved):
        return Selection(resource.name, resource.place, plan_id, body, body, body, body, body)
    return Selection(
        resource.name,
        resource.place,
        plan=plan_id,
        role=required_text(body, "IamRoleArn"),
        resources=texts(body, "Resources"),
        not_resources=texts(body, "NotResources"),
        tags=_listed_tags(body),
        conditions=_conditions(body),
    )


def _listed_tags(values: Properties) -> Known[tuple[TagCondition, ...]]:
    entries = mappings(values, "ListOfTags")
    if isinstance(entries, Unresolved):
        return entries
    kinds = [None if isinstance(entry, Unresolved) else text(entry, "ConditionType") for entry in entries]
    strange = next((kind for kind in kinds if kind not in (None, "STRINGEQUALS")), None)
    if strange is not None:
        return Unresolved("ConditionType is not STRINGEQUALS, the only one there is")
    return tuple(_tag("equals", entry, _CONDITION) for entry in entries)


def _conditions(values: Properties) -> Known[tuple[TagCondition, ...]]:
    return tag_conditions(mapping(values, "Conditions"), _CONDITION)


def tag_conditions(body: Properties | Unresolved | None, names: tuple[str, str]) -> Known[tuple[TagCondition, ...]]:
    """Read tag tests, listed by their operators; *names* are those of the key and the value in each."""
    if body is None or isinstance(body, Unresolved):
        return () if body is None else body
    unknown = next((name for name in body if name not in _OPERATORS), None)
    if unknown is not None:
        return Unresolved(f"{unknown} is no condition of a selection")
    found: list[TagCondition] = []
    for name, operator in _OPERATORS.items():
        entries = mappings(body, name)
        if isinstance(entries, Unresolved):
            return entries
        found += (_tag(operator, entry, names) for entry in entries)
    return tuple(found)


def _tag(operator: str, values: Properties | Unresolved, names: tuple[str, str]) -> TagCondition:
    if isinstance(values, Unresolved):
        return TagCondition(operator, values, values)
    key, value = (required_text(values, name) for name in names)
    return TagCondition(operator, _bare(key), value)


def _bare(key: Str) -> Str:
    if isinstance(key, str):
        return key.removeprefix(_TAG)
    if isinstance(key, Text) and isinstance(key.parts[0], str):
        return join_text((key.parts[0].removeprefix(_TAG), *key.parts[1:]))
    return key


def vault(resource: Resource) -> Vault:
    """Build a backup vault, logically air-gapped ones included."""
    name, key = required_text(resource.properties, "BackupVaultName"), text(resource.properties, "EncryptionKeyArn")
    return Vault(resource.name, resource.place, name, key)


def vault_policies(resource: Resource) -> Iterator[VaultPolicy]:
    """Give a vault's access policy, if it has one; it is reported at the vault."""
    if "AccessPolicy" in resource.properties:
        document = parse_document(resource.properties["AccessPolicy"])
        yield VaultPolicy(resource.name, resource.place, Ref(resource.name, "Ref"), document)
