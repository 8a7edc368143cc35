"""Field tables of AWS Backup's restore testing."""

from __future__ import annotations

from typing import Final

from restore_ready.model import (
    TEST_START_HOURS,
    TEST_WINDOW_DAYS,
    RestoreTestPlan,
    RestoreTestSelection,
    TagCondition,
)
from restore_ready.readers._fields import Field, Inside, PerLanguage, Table, within
from restore_ready.readers._kinds import filled_text, number, switch, tag_key, tag_prefix, tag_tests, text, texts

RESTORE_TEST_PLAN: Final = Table(
    RestoreTestPlan,
    (
        Field("name", text, "RestoreTestingPlanName", "name", required=True),
        Field("schedule", text, "ScheduleExpression", "schedule_expression", required=True),
        Field("time_zone", filled_text, "ScheduleExpressionTimezone", "schedule_expression_timezone", default="UTC"),
        Field("start_window_hours", number, "StartWindowHours", "start_window_hours", default=TEST_START_HOURS),
        *within(
            Inside("RecoveryPointSelection", "recovery_point_selection", required=True),
            Field("algorithm", text, "Algorithm", "algorithm", required=True),
            Field("include_vaults", texts, "IncludeVaults", "include_vaults", required=True),
            Field("exclude_vaults", texts, "ExcludeVaults", "exclude_vaults", default=()),
            Field("point_types", texts, "RecoveryPointTypes", "recovery_point_types", required=True),
            Field("window_days", number, "SelectionWindowDays", "selection_window_days", default=TEST_WINDOW_DAYS),
        ),
    ),
    cloudformation=("AWS::Backup::RestoreTestingPlan",),
    terraform=("aws_backup_restore_testing_plan",),
)

_TAG_TEST: Final = Table(
    TagCondition,
    (
        Field("key", tag_key, "Key", "key", required=True),
        Field("prefixed", tag_prefix, "Key", "key", default=True),
        Field("value", text, "Value", "value", required=True),
    ),
)

_CONDITIONS: Final = ("ProtectedResourceConditions", "protected_resource_conditions")

RESTORE_TEST: Final = Table(
    RestoreTestSelection,
    (
        Field("role", text, "IamRoleArn", "iam_role_arn", required=True),
        Field("resource_type", text, "ProtectedResourceType", "protected_resource_type", required=True),
        Field("plan", text, "RestoreTestingPlanName", "restore_testing_plan_name", required=True),
        Field("name", text, "RestoreTestingSelectionName", "name", required=True),
        Field("resources", texts, "ProtectedResourceArns", "protected_resource_arns", default=()),
        Field("conditions", tag_tests(_TAG_TEST), *_CONDITIONS, default=()),
        Field("one_of_both", switch, "", "", default=PerLanguage(False, True, False)),  # noqa: FBT003
    ),
    cloudformation=("AWS::Backup::RestoreTestingSelection",),
    terraform=("aws_backup_restore_testing_selection",),
)
