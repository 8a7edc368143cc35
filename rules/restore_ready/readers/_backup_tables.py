"""Field tables of AWS Backup's plans and selections."""

from __future__ import annotations

from typing import Final

from restore_ready.model import Copy, Known, Plan, PlanRule, Selection, Str, TagCondition, Unresolved, unresolved_reason
from restore_ready.readers._fields import Entry, Field, Inside, PerLanguage, Table, within
from restore_ready.readers._kinds import (
    crowded,
    days,
    each,
    filled_text,
    number,
    switch,
    tag_key,
    tag_prefix,
    tag_tests,
    text,
    texts,
)

START_WINDOW: Final = PerLanguage(480, 60, 480)
"""Minutes of a start window left out: those that AWS Backup fills in, for CloudFormation's schema has no default of its
own, or those that Terraform's provider sends (``internal/service/backup/plan.go``)."""

COMPLETION_WINDOW: Final = PerLanguage(10080, 180, 10080)
"""Minutes of a completion window left out, from the same sources."""

_COLD: Final = ("MoveToColdStorageAfterDays", "cold_storage_after", "move_to_cold_storage_after_days")
_RETENTION: Final = within(
    Inside("Lifecycle", "lifecycle", "lifecycle"),
    Field("delete_after_days", days, "DeleteAfterDays", "delete_after", "delete_after_days"),
    Field("cold_after_days", days, *_COLD),
)
_AIR_GAPPED: Final = (
    "TargetLogicallyAirGappedBackupVaultArn",
    "target_logically_air_gapped_backup_vault_arn",
    "target_logically_air_gapped_backup_vault_arn",
)

_DESTINATION: Final = ("DestinationBackupVaultArn", "destination_vault_arn", "target_backup_vault_arn")

COPY: Final = Table(
    Copy,
    (
        Field("destination", text, *_DESTINATION, required=True, keyed=True),
        *_RETENTION,
    ),
)


def _point_tags(entry: Entry, name: str) -> Known[tuple[tuple[str, Str], ...]] | None:
    """Return the tags of recovery points: a map, which Organizations policies spell out entry by entry."""
    if entry.dialect.language == "organizations":
        return _listed_tags(entry, name)
    tags = entry.dialect.block(entry, name)
    if tags is None or tags.why is not None:
        return None if tags is None else tags.why
    return tuple((str(key), _tag_value(tags, str(key))) for key in tags.values)


def _listed_tags(entry: Entry, name: str) -> Known[tuple[tuple[str, Str], ...]] | None:
    tags = entry.dialect.blocks(entry, name)
    if isinstance(tags, Unresolved):
        return tags
    found: list[tuple[str, Str]] = []
    for tag in tags:
        key = text(tag, "tag_key")
        if not isinstance(key, str):
            return Unresolved("not all keys of the tags are known")
        found.append((key, _tag_value(tag, "tag_value")))
    return tuple(found) or None


def _tag_value(entry: Entry, name: str) -> Str:
    value = text(entry, name)
    return Unresolved(f"{name} {entry.dialect.missing}") if value is None else value


_VAULT: Final = (
    ("TargetBackupVault", _AIR_GAPPED[0]),
    "target_vault_name",
    ("target_backup_vault_name", _AIR_GAPPED[2]),
)
_START: Final = ("StartWindowMinutes", "start_window", "start_backup_window_minutes")
_COMPLETION: Final = ("CompletionWindowMinutes", "completion_window", "complete_backup_window_minutes")
_CONTINUOUS: Final = ("EnableContinuousBackup", "enable_continuous_backup", "enable_continuous_backup")
_POINT_TAGS: Final = ("RecoveryPointTags", "recovery_point_tags", "recovery_point_tags")

_SENT: Final = PerLanguage(cloudformation=False, terraform=True, organizations=False)
"""Whether the defaults above are sent to AWS."""

PLAN_RULE: Final = Table(
    PlanRule,
    (
        Field("name", text, "RuleName", "rule_name", required=True, keyed=True),
        Field("vault", text, *_VAULT, required=True),
        Field("start_window", number, *_START, default=START_WINDOW, stated="start_window_stated"),
        Field("completion_window", number, *_COMPLETION, default=COMPLETION_WINDOW, stated="completion_window_stated"),
        Field("schedule", filled_text, "ScheduleExpression", "schedule", "schedule_expression"),
        Field("time_zone", filled_text, "ScheduleExpressionTimezone", "schedule_expression_timezone", default="UTC"),
        *_RETENTION,
        Field("copies", each(COPY), "CopyActions", "copy_action", "copy_actions", default=()),
        Field("air_gapped_vault", text, *_AIR_GAPPED),
        Field("point_tags", _point_tags, *_POINT_TAGS, default=()),
        Field("continuous", switch, *_CONTINUOUS, default=False),
        Field(
            "defaults_sent",
            switch,
            "",
            "",
            default=PerLanguage(cloudformation=False, terraform=True, organizations=False),
        ),
    ),
)
"""Schedules of Organizations policies are in UTC
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html)."""

_KEY: Final = ("ConditionKey", "key", "condition_key")
_NO_RULES: Final = PerLanguage((), Unresolved("it shows none, and AWS refuses a plan without one"), ())
"""The provider requires a rule, so a plan that shows none has rules that can't be read."""

PLAN: Final = Table(
    Plan,
    within(
        Inside("BackupPlan", required=True),
        Field("name", text, "BackupPlanName", "name", required=True),
        Field("rules", each(PLAN_RULE), "BackupPlanRule", "rule", default=_NO_RULES),
    ),
    cloudformation=("AWS::Backup::BackupPlan",),
    terraform=("aws_backup_plan",),
)

_TYPE: Final = ("ConditionType", "type")
STRING_EQUALS: Final = "STRINGEQUALS"
"""The only type of test that ``ListOfTags`` has (API_Condition.html)."""

TAG_TEST: Final = Table(
    TagCondition,
    (
        Field("key", tag_key, *_KEY, required=True),
        Field("value", text, "ConditionValue", "value", "condition_value", required=True),
        Field("prefixed", tag_prefix, *_KEY, default=True),
    ),
)


def _tags(entry: Entry, name: str) -> Known[tuple[TagCondition, ...]]:
    """Return the tags of which any one selects; the type of a test that is not ``STRINGEQUALS`` as it is written."""
    tests = entry.dialect.blocks(entry, name)
    if isinstance(tests, Unresolved):
        return tests
    found: list[TagCondition] = []
    for test in tests:
        kind = None if test.why is not None else text(test, _TYPE[test.dialect.language == "terraform"])
        if kind is not None and not isinstance(kind, str):
            return Unresolved(f"the type of a tag test is not known: {unresolved_reason(kind)}")
        operator = "equals" if kind is None or kind.upper() == STRING_EQUALS else kind
        found.append(TAG_TEST.read(test, operator=operator, prefixed=True))
    return tuple(found)


SELECTION: Final = Table(
    Selection,
    (
        Field("plan", text, "BackupPlanId", "plan_id", required=True),
        *within(
            Inside("BackupSelection", required=True),
            Field("role", text, "IamRoleArn", "iam_role_arn", "iam_role_arn", required=True),
            Field("resources", texts, "Resources", "resources", default=()),
            Field("not_resources", texts, "NotResources", "not_resources", "not_resource_types", default=()),
            Field("tags", _tags, "ListOfTags", "selection_tag", default=()),
            Field("conditions", tag_tests(TAG_TEST), "Conditions", "condition", "conditions", default=()),
            Field("crowded", crowded, "", "condition", default=()),
        ),
    ),
    cloudformation=("AWS::Backup::BackupSelection",),
    terraform=("aws_backup_selection",),
)
