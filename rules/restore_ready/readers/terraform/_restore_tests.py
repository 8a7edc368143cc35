"""Builds restore testing plans and selections from ``aws_backup_restore_testing_*`` blocks."""

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
from restore_ready.readers.terraform._attributes import Values, nested, number, required_text, text, texts
from restore_ready.readers.terraform._backups import tag_conditions
from restore_ready.readers.terraform._block import Block


def restore_test_plan(block: Block) -> RestoreTestPlan:
    """Build a restore testing plan."""
    values = block.values
    start, zone = number(values, "start_window_hours"), text(values, "schedule_expression_timezone")
    plan = RestoreTestPlan(
        block.address,
        block.place,
        name=required_text(values, "name"),
        schedule=required_text(values, "schedule_expression"),
        time_zone="UTC" if zone is None or zone == "" else zone,
        start_window_hours=TEST_START_HOURS if start is None else start,
    )
    blocks = nested(values, "recovery_point_selection")
    if isinstance(blocks, Unresolved):
        return _choosing(plan, blocks)
    return _choosing(plan, blocks[0] if blocks else Unresolved("recovery_point_selection is not given"))


def _choosing(plan: RestoreTestPlan, chosen: Values | Unresolved) -> RestoreTestPlan:
    """Add what the plan says of recovery points."""
    if isinstance(chosen, Unresolved):
        vaults = replace(plan, include_vaults=chosen, exclude_vaults=chosen)
        return replace(vaults, algorithm=chosen, point_types=chosen, window_days=chosen)
    days = number(chosen, "selection_window_days")
    return replace(
        plan,
        algorithm=required_text(chosen, "algorithm"),
        include_vaults=_required_texts(chosen, "include_vaults"),
        exclude_vaults=texts(chosen, "exclude_vaults"),
        point_types=_required_texts(chosen, "recovery_point_types"),
        window_days=TEST_WINDOW_DAYS if days is None else days,
    )


def _required_texts(values: Values, name: str) -> Known[tuple[Str, ...]]:
    return texts(values, name) if name in values else Unresolved(f"{name} is not given")


def restore_test(block: Block) -> RestoreTestSelection:
    """Build a restore testing selection."""
    values = block.values
    conditions = nested(values, "protected_resource_conditions")
    return RestoreTestSelection(
        block.address,
        block.place,
        role=required_text(values, "iam_role_arn"),
        resource_type=required_text(values, "protected_resource_type"),
        plan=required_text(values, "restore_testing_plan_name"),
        name=required_text(values, "name"),
        resources=texts(values, "protected_resource_arns"),
        conditions=conditions if isinstance(conditions, Unresolved) else tag_conditions(conditions),
    )
