"""Backup plans and selections: what AWS refuses, and the selections moto lacks."""

import json
import uuid
from typing import Any

from moto.backup.models import Plan
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from tests.aws_server._operations import Answer, AwsError, Place, now, operation
from tests.aws_server._state import backend_at, state_at

SHORTEST_START_WINDOW = 60
AUTOMATIC_VAULT = "aws/efs/automatic-backup-vault"


@operation(BackupResponse)
def create_backup_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Create a plan with AWS's own defaults; its name may be another's, its whole document may not."""
    document = parameters["BackupPlan"]
    checked(document)
    given = json.dumps(document, sort_keys=True)
    backend = backend_at(place)
    if any(plan.__dict__.get("given") == given for plan in backend.plans.values() if plan.deletion_date is None):
        raise AwsError(code="AlreadyExistsException", message="Backup plan with the same plan document already exists")
    plan = Plan(document, parameters.get("CreatorRequestId") or "", backend)
    plan.__dict__["given"] = given
    backend.plans[plan.backup_plan_id] = plan
    backend.tag_resource(plan.backup_plan_arn, parameters.get("BackupPlanTags") or {})
    return plan.to_dict()


def add_plan(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Keep a sane plan with the id that *given* has in BackupPlanId; the API would choose one."""
    rule: dict[str, Any] = {
        "RuleName": "nightly",
        "TargetBackupVaultName": "Default",
        "ScheduleExpression": "cron(0 22 * * ? *)",
    }
    rule |= {"StartWindowMinutes": 60, "CompletionWindowMinutes": 180, "Lifecycle": {"DeleteAfterDays": 35}}
    backend = backend_at(place)
    plan = backend.create_backup_plan({"BackupPlanName": "made-elsewhere", "Rules": [rule]}, {}, "")
    rename(place, plan, given["BackupPlanId"])
    return plan.to_dict()


def rename(place: Place, plan: Plan, name: str) -> None:
    """Give *plan* the id *name*."""
    plans = backend_at(place).plans
    del plans[plan.backup_plan_id]
    plan.backup_plan_id = name
    plan.backup_plan_arn = f"arn:aws:backup:{place.region}:{place.account}:backup-plan:{name}"
    plans[name] = plan


@operation(BackupResponse)
def update_backup_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Replace a plan's document; it keeps its id and gets a new version."""
    checked(parameters["BackupPlan"])
    backend = backend_at(place)
    kept = existing(place, parameters)
    made = Plan(parameters["BackupPlan"], kept.creator_request_id, backend)
    kept.backup_plan, kept.version_id = made.backup_plan, made.version_id
    kept.advanced_backup_settings = made.advanced_backup_settings
    return kept.to_dict()


@operation(BackupResponse)
def get_backup_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with a plan; the automatic one's id has slashes."""
    return existing(place, parameters).to_get_dict()


@operation(BackupResponse)
def delete_backup_plan(place: Place, parameters: dict[str, Any]) -> Answer:
    """Delete a plan that has no selections left."""
    plan = existing(place, parameters)
    if state_at(place).selections.get(plan.backup_plan_id):
        raise AwsError(
            code="InvalidRequestException",
            message="Related backup plan selections must be deleted prior to backup plan",
        )
    plan.deletion_date = unix_time()
    return {
        "BackupPlanId": plan.backup_plan_id,
        "BackupPlanArn": plan.backup_plan_arn,
        "DeletionDate": plan.deletion_date,
        "VersionId": plan.version_id,
    }


@operation(BackupResponse)
def create_backup_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Assign resources to a plan."""
    plan = existing(place, parameters)
    selection = parameters["BackupSelection"]
    kept = state_at(place).selections.setdefault(plan.backup_plan_id, {})
    if any(one["BackupSelection"]["SelectionName"] == selection["SelectionName"] for one in kept.values()):
        raise AwsError(code="AlreadyExistsException", message="Backup selection with the same name already exists")
    return add_selection(place, plan.backup_plan_id, selection)


def add_selection(place: Place, plan: str, selection: dict[str, Any]) -> dict[str, Any]:
    """Keep *selection* for the plan with the id *plan* and answer as CreateBackupSelection does."""
    made: dict[str, Any] = {"SelectionId": str(uuid.uuid4()), "BackupPlanId": plan, "CreationDate": now()}
    state_at(place).selections.setdefault(plan, {})[made["SelectionId"]] = made | {"BackupSelection": selection}
    return made


@operation(BackupResponse)
def get_backup_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with a selection."""
    return selection_of(place, parameters)


@operation(BackupResponse)
def list_backup_selections(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with a plan's selections, without what they select."""
    plan = existing(place, parameters)
    listed = []
    for one in state_at(place).selections.get(plan.backup_plan_id, {}).values():
        members = {key: value for key, value in one.items() if key != "BackupSelection"}
        named = {key: one["BackupSelection"].get(key) for key in ("SelectionName", "IamRoleArn")}
        listed.append(members | named)
    return {"BackupSelectionsList": listed}


@operation(BackupResponse)
def delete_backup_selection(place: Place, parameters: dict[str, Any]) -> Answer:
    """Delete a selection."""
    selection_of(place, parameters)
    del state_at(place).selections[parameters["BackupPlanId"]][parameters["SelectionId"]]
    return None


def selection_of(place: Place, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the selection that *parameters* mean.

    Raises:
        AwsError: if there is none.
    """
    found = state_at(place).selections.get(parameters["BackupPlanId"], {}).get(parameters["SelectionId"])
    if found is None:
        raise AwsError(
            code="ResourceNotFoundException", message="Cannot find Backup plan selection with the given selection id"
        )
    return found


def existing(place: Place, parameters: dict[str, Any]) -> Plan:
    """Return the plan that *parameters* mean.

    Raises:
        AwsError: if there is none.
    """
    plan = backend_at(place).plans.get(parameters["BackupPlanId"])
    if plan is None or plan.deletion_date is not None:
        raise AwsError(code="ResourceNotFoundException", message="Failed reading Backup plan with provided version")
    return plan


def checked(plan: dict[str, Any]) -> None:
    """Refuse what AWS refuses.

    Raises:
        AwsError: for windows out of bounds, or a reserved target.
    """
    for rule in plan["Rules"]:
        start, completion = rule.get("StartWindowMinutes"), rule.get("CompletionWindowMinutes")
        if start is not None and start < SHORTEST_START_WINDOW:
            raise AwsError(code="InvalidParameterValueException", message="Start window must be at least 60 minutes")
        begun = start if start is not None else 480
        if completion is not None and completion < begun + SHORTEST_START_WINDOW:
            message = "Completion window must be at least 60 minutes longer than the start window"
            raise AwsError(code="InvalidParameterValueException", message=message)
        if rule["TargetBackupVaultName"] == AUTOMATIC_VAULT:
            raise AwsError(
                code="AccessDeniedException", message="Insufficient privileges to perform this action.", status=403
            )
