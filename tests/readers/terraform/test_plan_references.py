"""What is known only after apply is what the configuration refers to, and open where a plan does not tell which."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from tests.support.paths import DATA

from restore_ready import Estate, PolicyDocument, Ref, Statement, Unresolved
from restore_ready.readers.terraform.plan import read_plan
from restore_ready.readers.terraform.plan._references import written_out

SHAPES = DATA / "plans" / "shapes.json"
A, B = (Ref(f"aws_efs_file_system.{name}", "arn") for name in "ab")
EACH = [Ref(f'aws_efs_file_system.each["{key}"]', "arn") for key in "ab"]
PERHAPS = Ref("aws_efs_file_system.perhaps[0]", "arn")
OF_MODULE = Ref("module.one.aws_efs_file_system.this[0]", "arn")


@cache
def shapes() -> Estate:
    (found,) = read_plan(SHAPES).estates
    return found


def resources(name: str) -> object:
    address = f"aws_backup_selection.{name}"
    return next(selection.resources for selection in shapes().selections if selection.address == address)


def statements(policy: str) -> list[Statement]:
    document = next(found.document for found in shapes().policies if found.address == f"aws_iam_policy.{policy}")
    assert isinstance(document, PolicyDocument)
    return [statement for statement in document.statements if isinstance(statement, Statement)]


@pytest.mark.parametrize(
    ("selection", "named"),
    [
        ("written_out", [A, B]),
        ("twice", [A]),
        ("by_key", [EACH[0]]),
        ("under_count", [PERHAPS]),
        ("chosen_by_variable", [A]),
        ("fallback", [PERHAPS]),
        ("of_module", [OF_MODULE]),
        ("object_of_module", [OF_MODULE]),
        ("relayed", [B]),
        ('each_value["b"]', [EACH[1]]),
    ],
)
def test_a_list_names_what_its_expression_can_only_come_from(selection: str, named: list[Ref]) -> None:
    assert resources(selection) == tuple(named)


@pytest.mark.parametrize(
    ("selection", "made_from"),
    [
        ("all_of_map", EACH),
        ("filtered", EACH),
        ("choice", [A, B]),
        ("relayed_list", [A, B]),
        ("relayed_first", [A, B]),
        ("all_of_list", [Ref(f"aws_efs_file_system.many[{at}]", "arn") for at in (0, 1)]),
        ("sliced", [Ref(f"aws_efs_file_system.many[{at}]", "arn") for at in (0, 1)]),
        ("first_there_is", [Ref("aws_efs_file_system.many[0]", "arn"), PERHAPS]),
    ],
)
def test_a_list_that_may_name_some_of_several_only_is_open(selection: str, made_from: list[Ref]) -> None:
    named = ", ".join(f"{ref.target}.{ref.attribute}" for ref in made_from)
    assert resources(selection) == Unresolved(f"a plan does not tell how it is made: from {named}")


@pytest.mark.parametrize(("selection", "reference"), [("local", "local.both"), ("modules", "module.two")])
def test_a_local_and_the_output_taken_of_each_instance_are_not_in_a_plan(selection: str, reference: str) -> None:
    assert resources(selection) == Unresolved(f"a plan does not tell what {reference} is")


def test_a_known_list_that_takes_part_leaves_open_what_else_is_named() -> None:
    assert resources("with_others") == (A, Unresolved("it may hold more: a plan does not tell how it is made"))


def test_a_text_around_an_id_is_not_taken_for_the_id() -> None:
    why = Unresolved("aws_efs_file_system.a.id is known only once it is deployed")
    assert resources("around_id") == (why,)


def test_a_sensitive_value_is_not_told() -> None:
    assert resources("hidden") == Unresolved("resources is sensitive")


def test_a_constant_is_known_although_the_provider_may_add_to_it() -> None:
    assert all(selection.not_resources == () for selection in shapes().selections)


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ("all_of_map", EACH),
        ("filtered", [None]),
        ("sliced", [None]),
        ("choice", [None]),
        ("below", [None, None]),
    ],
)
def test_elements_are_told_where_there_are_as_many_as_what_they_are_made_from(
    policy: str, named: Sequence[Ref | None]
) -> None:
    (statement,) = statements(policy)
    assert not isinstance(statement.resources, Unresolved)
    assert [None if isinstance(found, Unresolved) else found for found in statement.resources] == list(named)


def test_each_key_and_count_index_pair_what_is_repeated_alike() -> None:
    policies = {policy.address: policy.file_system for policy in shapes().automatic_backups if policy.stated}
    assert policies['aws_efs_backup_policy.each_key["b"]'] == Ref('aws_efs_file_system.each["b"]', "id")
    assert all(isinstance(policies[f"aws_efs_backup_policy.halves[{at}]"], Unresolved) for at in range(4))


def test_rules_that_are_written_stay_known_beside_dynamic_ones_of_which_nothing_is() -> None:
    plan = next(plan for plan in shapes().plans if plan.address == "aws_backup_plan.p")
    assert not isinstance(plan.rules, Unresolved)
    written, rest = plan.rules
    assert (written.name, written.start_window, written.vault) == ("written", 480, Ref("aws_backup_vault.v", "id"))
    assert rest.start_window == Unresolved("not every rule block is known before apply")


def test_a_written_rule_is_told_from_those_that_a_dynamic_block_makes() -> None:
    plan = next(plan for plan in shapes().plans if plan.address == "aws_backup_plan.mixed")
    assert not isinstance(plan.rules, Unresolved)
    vaults = {rule.name: rule.vault for rule in plan.rules}
    assert vaults == {
        "written": Ref("aws_backup_vault.v", "id"),
        "made": Unresolved("it is known only after apply"),
        "other": Unresolved("it is known only after apply"),
    }


def test_dynamic_blocks_of_which_nothing_is_known_are_not_taken_for_none() -> None:
    tags = next(found.tags for found in shapes().selections if found.address == "aws_backup_selection.tags")
    document = next(found.document for found in shapes().policies if found.address == "aws_iam_policy.made")
    assert tags == Unresolved("not every selection_tag block is known before apply")
    assert document == Unresolved("not every statement block is known before apply")
    (statement,) = statements("conditional")
    assert statement.conditions == Unresolved("not every condition block is known before apply")


@pytest.mark.parametrize(
    ("listed", "references"),
    [
        (["f.x.arn", "f.x"], ["f.x.arn"]),
        (["f.x.arn", "f.x", "f.x"], ["f.x.arn", "f.x"]),
        (["f.x.arn", "f.x", "f.x.arn", "f.x"], ["f.x.arn", "f.x.arn"]),
        (['f.x["a"].arn', 'f.x["a"]', "f.x", "f.xy"], ['f.x["a"].arn', "f.xy"]),
        ([5, "", "f.x"], ["", "f.x"]),
    ],
)
def test_each_reference_counts_as_often_as_it_is_written(listed: object, references: list[str]) -> None:
    assert list(written_out(listed)) == references


def planned(tmp_path: Path, written: Mapping[str, object], variables: Mapping[str, object]) -> Estate:
    """Read a plan of a provider whose default tags are *written* so, and of a file system whose tags are not known."""
    address = "aws_efs_file_system.home"
    provider = {
        "name": "aws",
        "expressions": {"default_tags": [{"tags": written}], "secret_key": {"constant_value": "x"}},
    }
    block = {"address": address, "type": "aws_efs_file_system", "name": "home", "mode": "managed"}
    change = {"address": address, "change": {"after_unknown": {"tags_all": True}}}
    tree = {
        "planned_values": {"root_module": {"resources": [{**block, "values": {"tags": {"share": "home"}}}]}},
        "resource_changes": [change],
        "variables": variables,
        "configuration": {
            "provider_config": {"aws": provider},
            "root_module": {"resources": [{**block, "provider_config_key": "aws", "expressions": {}}]},
        },
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    (found,) = read_plan(path).estates
    return found


def test_default_tags_are_known_as_far_as_they_are_constants(tmp_path: Path) -> None:
    constant = planned(tmp_path, {"constant_value": {"team": "web"}}, {})
    made = planned(tmp_path, {"references": ["var.tags"]}, {"tags": {"value": {"team": "web"}}})
    assert constant.file_systems[0].tags == {"team": "web", "share": "home"}
    assert isinstance(made.file_systems[0].tags, Unresolved)
