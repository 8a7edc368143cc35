"""Builds restore testing plans and selections from resources."""

from __future__ import annotations

from msgspec.structs import replace

from restore_ready.model import (
    TEST_START_HOURS,
    TEST_WINDOW_DAYS,
    Known,
    RestoreTestPlan,
    RestoreTestSelection,
    Str,
    Unresolved,
)
from restore_ready.readers.cloudformation._backups import tag_conditions
from restore_ready.readers.cloudformation._fields import Properties, mapping, number, required_text, text, texts
from restore_ready.readers.cloudformation._resource import Resource


def restore_test_plan(resource: Resource) -> RestoreTestPlan:
    """Build a restore testing plan."""
    values = resource.properties
    start, zone = number(values, "StartWindowHours"), text(values, "ScheduleExpressionTimezone")
    plan = RestoreTestPlan(
        resource.name,
        resource.place,
        name=required_text(values, "RestoreTestingPlanName"),
        schedule=required_text(values, "ScheduleExpression"),
        time_zone="UTC" if zone is None else zone,
        start_window_hours=TEST_START_HOURS if start is None else start,
    )
    chosen = mapping(values, "RecoveryPointSelection")
    return _choosing(plan, Unresolved("RecoveryPointSelection is missing") if chosen is None else chosen)


def _choosing(plan: RestoreTestPlan, chosen: Properties | Unresolved) -> RestoreTestPlan:
    """Add what the plan says of recovery points."""
    if isinstance(chosen, Unresolved):
        vaults = replace(plan, include_vaults=chosen, exclude_vaults=chosen)
        return replace(vaults, algorithm=chosen, point_types=chosen, window_days=chosen)
    days = number(chosen, "SelectionWindowDays")
    return replace(
        plan,
        algorithm=required_text(chosen, "Algorithm"),
        include_vaults=_required_texts(chosen, "IncludeVaults"),
        exclude_vaults=texts(chosen, "ExcludeVaults"),
        point_types=_required_texts(chosen, "RecoveryPointTypes"),
        window_days=TEST_WINDOW_DAYS if days is None else days,
    )


def _required_texts(values: Properties, name: str) -> Known[tuple[Str, ...]]:
    return texts(values, name) if name in values else Unresolved(f"{name} is missing")


def restore_test(resource: Resource) -> RestoreTestSelection:
    """Build a restore testing selection."""
    values = resource.properties
    conditions = mapping(values, "ProtectedResourceConditions")
    return RestoreTestSelection(
        resource.name,
        resource.place,
        role=required_text(values, "IamRoleArn"),
        resource_type=required_text(values, "ProtectedResourceType"),
        plan=required_text(values, "RestoreTestingPlanName"),
        name=required_text(values, "RestoreTestingSelectionName"),
        resources=texts(values, "ProtectedResourceArns"),
        conditions=tag_conditions(conditions, ("Key", "Value")),
    )
