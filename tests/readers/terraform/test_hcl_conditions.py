"""What stays known where a condition does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import Ref, Unresolved
from restore_ready.readers.terraform import evaluate_root

VARIABLES = 'variable "on" {}\nvariable "off" {}\nvariable "n" {}\nvariable "name" {}\n'


def values(folder: Path, text: str, address: str = "aws_backup_selection.s") -> dict[str, object]:
    (folder / "main.tf").write_text(VARIABLES + text, encoding="utf-8")
    [block] = [block for block in evaluate_root(folder).blocks if block.address == address]
    return dict(block.values)


def resources(folder: Path, expression: str, more: str = "", head: str = "") -> object:
    text = f'resource "aws_backup_selection" "s" {{\n  {head}\n  resources = {expression}\n}}\n{more}'
    address = "aws_backup_selection.s[0]" if head else "aws_backup_selection.s"
    return values(folder, text, address).get("resources")


MAYBE = 'resource "aws_efs_file_system" "f" {\n  count = var.on ? 1 : 0\n}\n'
MAYBE_REF = Ref("aws_efs_file_system.f[0]", "arn")
CERTAIN = 'resource "aws_efs_file_system" "g" {}\n'


@pytest.mark.parametrize(
    "expression",
    [
        "aws_efs_file_system.f[*].arn",
        "[aws_efs_file_system.f[0].arn]",
        "[one(aws_efs_file_system.f[*].arn)]",
        "compact([try(aws_efs_file_system.f[0].arn, null)])",
        "[for one in aws_efs_file_system.f : one.arn]",
        "var.on ? [aws_efs_file_system.f[0].arn] : []",
    ],
)
def test_what_exists_under_a_condition_is_named_wherever_the_condition_is_met(tmp_path: Path, expression: str) -> None:
    assert resources(tmp_path, expression, MAYBE) == [MAYBE_REF]


def test_another_condition_leaves_open_whether_it_is_named(tmp_path: Path) -> None:
    found = resources(tmp_path, "var.off ? [aws_efs_file_system.f[0].arn] : []", MAYBE)
    assert isinstance(found, list)
    assert [type(item) for item in found] == [Unresolved]


def test_the_elements_that_both_sides_of_a_condition_have_stay_known(tmp_path: Path) -> None:
    expression = 'concat([aws_efs_file_system.g.arn], var.on ? ["arn:aws:efs:*:*:file-system/x"] : [])'
    found = resources(tmp_path, expression, CERTAIN)
    assert isinstance(found, list)
    assert found[0] == Ref("aws_efs_file_system.g", "arn")
    assert [type(item) for item in found[1:]] == [Unresolved]


def test_instances_whose_number_is_not_known_are_named_as_far_as_they_exist(tmp_path: Path) -> None:
    many = 'resource "aws_efs_file_system" "f" {\n  count = var.n\n}\n'
    found = resources(tmp_path, "aws_efs_file_system.f[*].arn", many)
    assert isinstance(found, list)
    assert found[0] == MAYBE_REF
    assert isinstance(found[1], Unresolved)


def test_within_what_exists_only_under_a_condition_the_condition_holds(tmp_path: Path) -> None:
    head = "count = var.on ? 1 : 0"
    assert resources(tmp_path, 'var.on ? ["a"] : ["b"]', head=head) == ["a"]
    assert resources(tmp_path, 'var.on ? ["a"] : ["b"]', head="count = var.on ? 0 : 1") == ["b"]
    assert isinstance(resources(tmp_path, 'var.off ? "a" : "b"', head=head), Unresolved)


def test_resources_that_no_rule_looks_at_do_not_open_what_names_them(tmp_path: Path) -> None:
    database = 'resource "aws_db_instance" "d" {\n  count = var.on ? 1 : 0\n}\n'
    found = resources(tmp_path, "compact([try(aws_db_instance.d[0].arn, null)])", database)
    assert found == [Ref("aws_db_instance.d[0]", "arn")]


def test_maps_of_both_sides_share_their_equal_values(tmp_path: Path) -> None:
    text = 'resource "aws_efs_file_system" "f" {\n  tags = var.on ? { a = "1", b = "2" } : { a = "1", b = "3" }\n}\n'
    tags = values(tmp_path, text, "aws_efs_file_system.f")["tags"]
    assert isinstance(tags, dict)
    assert tags["a"] == "1"
    assert isinstance(tags["b"], Unresolved)


def test_a_vault_and_a_rule_with_the_same_open_name_are_joined(tmp_path: Path) -> None:
    text = """
resource "aws_backup_vault" "v" {
  name = "${var.name}-efs"
}
resource "aws_backup_plan" "p" {
  rule {
    target_vault_name = "${var.name}-efs"
  }
  rule {
    target_vault_name = "${var.name}-other"
  }
}
"""
    first, second = values(tmp_path, text, "aws_backup_plan.p")["rule"]  # type: ignore[misc]  # it is a list
    assert first == {"target_vault_name": Ref("aws_backup_vault.v", "name")}
    assert not isinstance(second["target_vault_name"], Ref)


def test_two_vaults_with_the_same_open_name_are_not_told_apart(tmp_path: Path) -> None:
    text = """
resource "aws_backup_vault" "v" {
  count = 2
  name  = var.name
}
resource "aws_backup_vault_policy" "p" {
  backup_vault_name = var.name
}
"""
    assert isinstance(values(tmp_path, text, "aws_backup_vault_policy.p")["backup_vault_name"], Unresolved)


@pytest.mark.parametrize("written", ["random_id.r.hex", "aws_ssm_parameter.p.value"])
def test_what_may_be_the_name_of_anything_is_open(tmp_path: Path, written: str) -> None:
    text = 'resource "random_id" "r" {}\nresource "aws_ssm_parameter" "p" {}\n'
    text += f'resource "aws_backup_selection" "s" {{\n  plan_id = {written}\n}}\n'
    assert isinstance(values(tmp_path, text)["plan_id"], Unresolved)


def test_a_block_that_breaks_off_leaves_open_all_that_it_does_not_show(tmp_path: Path) -> None:
    text = 'resource "aws_backup_plan" "p" {\n  name = "p"\n  rule {\n    rule_name = "r"\n    = 5\n  }\n}\n'
    [rule] = values(tmp_path, text, "aws_backup_plan.p")["rule"]  # type: ignore[misc]  # it is a list
    assert "start_window" in rule
    assert isinstance(rule.get("start_window"), Unresolved)


def test_a_statement_that_may_not_be_there_does_not_hide_the_others(tmp_path: Path) -> None:
    text = """
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["backup:*"]
  }
  dynamic "statement" {
    for_each = var.on ? [1] : []
    content {
      actions = ["s3:*"]
    }
  }
}
"""
    first, second = values(tmp_path, text, "data.aws_iam_policy_document.d")["statement"]  # type: ignore[misc]  # a list
    assert first == {"actions": ["backup:*"]}
    assert second == Unresolved("not every statement block is known: var.on has no value (main.tf:1)")
