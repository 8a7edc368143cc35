"""Restore testing plans and selections, Region settings and account settings of AWS Backup."""

import re
import uuid
from typing import Any

from moto.backup.responses import BackupResponse
from tests.aws_server._operations import Answer, AwsError, Place, now, operation
from tests.aws_server._state import state_at

NAME = re.compile(r"[a-zA-Z0-9_]{1,50}\Z")
"""AWS's pattern of restore testing names: no hyphens."""


@operation(BackupResponse)
def create_restore_testing_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Create a restore testing plan."""
    return add_plan(place, parameters["RestoreTestingPlan"])


def add_plan(place: Place, plan: dict[str, Any]) -> dict[str, Any]:
    """Keep *plan* and answer as CreateRestoreTestingPlan does.

    Raises:
        AwsError: for a name AWS refuses, or one already there.
    """
    name = named(plan["RestoreTestingPlanName"])
    plans = state_at(place).restore_testing_plans
    if name in plans:
        raise AwsError(code="AlreadyExistsException", message=f"Restore testing plan {name} already exists")
    arn = f"arn:aws:backup:{place.region}:{place.account}:restore-testing-plan:{name}-{uuid.uuid4()}"
    made = {"RestoreTestingPlanName": name, "RestoreTestingPlanArn": arn, "CreationTime": now()}
    defaults = {"ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24}
    plans[name] = defaults | plan | made
    return made


@operation(BackupResponse)
def update_restore_testing_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Change a restore testing plan."""
    plan = plan_of(place, parameters)
    plan.update(parameters["RestoreTestingPlan"], UpdateTime=now())
    return {key: plan[key] for key in ("CreationTime", "RestoreTestingPlanArn", "RestoreTestingPlanName", "UpdateTime")}


@operation(BackupResponse)
def get_restore_testing_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with a restore testing plan."""
    return {"RestoreTestingPlan": plan_of(place, parameters)}


@operation(BackupResponse)
def list_restore_testing_plans(place: Place, _: dict[str, Any]) -> Answer:
    """Answer with all restore testing plans; the model leaves out which recovery points they take."""
    return {"RestoreTestingPlans": list(state_at(place).restore_testing_plans.values())}


@operation(BackupResponse)
def delete_restore_testing_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Delete a restore testing plan that has no selections left."""
    name = plan_of(place, parameters)["RestoreTestingPlanName"]
    if state_at(place).restore_testing_selections.get(name):
        raise AwsError(code="InvalidRequestException", message="Restore testing plan has restore testing selections")
    del state_at(place).restore_testing_plans[name]
    return None


@operation(BackupResponse)
def create_restore_testing_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Assign protected resources to a restore testing plan."""
    return add_selection(place, parameters["RestoreTestingPlanName"], parameters["RestoreTestingSelection"])


def add_selection(place: Place, plan: str, selection: dict[str, Any]) -> dict[str, Any]:
    """Keep *selection* for the restore testing plan named *plan* and answer as CreateRestoreTestingSelection does.

    Raises:
        AwsError: if there is no such plan, or AWS refuses the name.
    """
    arn = plan_of(place, {"RestoreTestingPlanName": plan})["RestoreTestingPlanArn"]
    name = named(selection["RestoreTestingSelectionName"])
    shown = {"RestoreTestingPlanName": plan, "RestoreTestingSelectionName": name, "CreationTime": now()}
    kept = state_at(place).restore_testing_selections.setdefault(plan, {})
    kept[name] = {"ValidationWindowHours": 0} | selection | shown
    return shown | {"RestoreTestingPlanArn": arn}


@operation(BackupResponse)
def update_restore_testing_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Change a restore testing selection."""
    selection = selection_of(place, parameters)
    selection.update(parameters["RestoreTestingSelection"])
    plan = plan_of(place, parameters)
    shown = {key: selection[key] for key in ("RestoreTestingPlanName", "RestoreTestingSelectionName", "CreationTime")}
    return shown | {"RestoreTestingPlanArn": plan["RestoreTestingPlanArn"], "UpdateTime": now()}


@operation(BackupResponse)
def get_restore_testing_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with a restore testing selection."""
    return {"RestoreTestingSelection": selection_of(place, parameters)}


@operation(BackupResponse)
def list_restore_testing_selections(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with a plan's restore testing selections; the model leaves out what they select."""
    name = plan_of(place, parameters)["RestoreTestingPlanName"]
    return {"RestoreTestingSelections": list(state_at(place).restore_testing_selections.get(name, {}).values())}


@operation(BackupResponse)
def delete_restore_testing_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Delete a restore testing selection."""
    selection = selection_of(place, parameters)
    kept = state_at(place).restore_testing_selections[selection["RestoreTestingPlanName"]]
    del kept[selection["RestoreTestingSelectionName"]]
    return None


@operation(BackupResponse)
def describe_region_settings(place: Place, _: dict[str, Any]) -> Answer:
    """Answer with the service opt-ins."""
    state = state_at(place)
    return {"ResourceTypeOptInPreference": state.opt_in, "ResourceTypeManagementPreference": state.management}


@operation(BackupResponse)
def update_region_settings(place: Place, parameters: dict[str, Any]) -> Answer:
    """Change the service opt-ins."""
    state = state_at(place)
    state.opt_in.update(parameters.get("ResourceTypeOptInPreference") or {})
    state.management.update(parameters.get("ResourceTypeManagementPreference") or {})
    return None


@operation(BackupResponse)
def describe_global_settings(place: Place, _: dict[str, Any]) -> Answer:
    """Answer with the account's settings."""
    return {"GlobalSettings": state_at(place).global_settings, "LastUpdateTime": now()}


@operation(BackupResponse)
def update_global_settings(place: Place, parameters: dict[str, Any]) -> Answer:
    """Change the account's settings."""
    state_at(place).global_settings.update(parameters.get("GlobalSettings") or {})
    return None


@operation(BackupResponse)
def list_frameworks(_: Place, __: dict[str, Any]) -> Answer:
    """Answer that there are no audit frameworks."""
    return {"Frameworks": []}


@operation(BackupResponse)
def list_legal_holds(_: Place, __: dict[str, Any]) -> Answer:
    """Answer that there are no legal holds."""
    return {"LegalHolds": []}


def named(name: str) -> str:
    """Return *name*.

    Raises:
        AwsError: if AWS refuses it.
    """
    if not NAME.match(name):
        raise AwsError(code="InvalidParameterValueException", message="Name must match the pattern [a-zA-Z0-9_]{1,50}")
    return name


def plan_of(place: Place, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the restore testing plan that *parameters* mean.

    Raises:
        AwsError: if there is none.
    """
    plan = state_at(place).restore_testing_plans.get(parameters["RestoreTestingPlanName"])
    if plan is None:
        raise AwsError(code="ResourceNotFoundException", message="Restore testing plan not found")
    return plan


def selection_of(place: Place, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the restore testing selection that *parameters* mean.

    Raises:
        AwsError: if there is none.
    """
    kept = state_at(place).restore_testing_selections.get(parameters["RestoreTestingPlanName"], {})
    selection = kept.get(parameters["RestoreTestingSelectionName"])
    if selection is None:
        raise AwsError(code="ResourceNotFoundException", message="Restore testing selection not found")
    return selection
