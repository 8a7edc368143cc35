"""Nested blocks, dynamic ones among them: none is lost, each in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terraform._written import evaluated, values

from restore_ready.readers.terraform.configuration import BlockBody
from restore_ready.readers.terraform.language import Unknown


def plan(folder: Path, body: str, more: str = "") -> BlockBody:
    return evaluated(folder, f'{more}\nresource "aws_backup_plan" "p" {{\n{body}\n}}\n').resources[0].body


def test_dynamic_and_ordinary_blocks_keep_their_order(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        rule { rule_name = "first" }
        dynamic "rule" {
          for_each = ["a", "b"]
          content { rule_name = "${rule.key}${rule.value}" }
        }
        advanced_backup_setting { resource_type = "EC2" }
        rule { rule_name = "last" }
        """,
    )
    assert [block.name for block in body.blocks] == ["rule", "rule", "rule", "advanced_backup_setting", "rule"]
    assert [rule["rule_name"] for rule in values(body)["rule"]] == ["first", "0a", "1b", "last"]
    assert [block.dynamic is not None for block in body.named("rule")] == [False, True, True, False]


def test_dynamic_content_points_at_its_content(tmp_path: Path) -> None:
    body = plan(tmp_path, 'dynamic "rule" {\n  for_each = [1]\n  content {\n    start_window = 60\n  }\n}')
    (rule,) = body.blocks
    assert (rule.body.span.line, rule.body.span.end_line) == (5, 7)
    assert rule.dynamic is not None
    assert rule.dynamic.line == 3
    assert rule.body.attributes["start_window"].span.line == 6


def test_iterators_and_depth(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        dynamic "rule" {
          for_each = { nightly = ["eu", "us"], weekly = [] }
          iterator = each_rule
          content {
            rule_name = each_rule.key
            lifecycle { delete_after = length(each_rule.value) }
            dynamic "copy_action" {
              for_each = each_rule.value
              content {
                destination_vault_arn = "${each_rule.key}-${copy_action.value}"
                dynamic "lifecycle" {
                  for_each = copy_action.key == 0 ? [each_rule.key] : []
                  iterator = "inner"
                  content { delete_after = inner.value }
                }
              }
            }
          }
        }
        """,
    )
    assert values(body)["rule"] == [
        {
            "rule_name": "nightly",
            "lifecycle": [{"delete_after": 2}],
            "copy_action": [
                {"destination_vault_arn": "nightly-eu", "lifecycle": [{"delete_after": "nightly"}]},
                {"destination_vault_arn": "nightly-us"},
            ],
        },
        {"rule_name": "weekly", "lifecycle": [{"delete_after": 0}]},
    ]


def test_labels_are_kept(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        rule "plain" { a = 1 }
        dynamic "rule" {
          for_each = ["x"]
          labels   = [rule.value, "y"]
          content { a = 2 }
        }
        """,
    )
    assert [block.labels for block in body.blocks] == [("plain",), ("x", "y")]


def test_an_open_for_each_is_a_block_that_may_be_there_beside_the_others(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        rule { rule_name = "known" }
        dynamic "rule" {
          for_each = var.extra
          content { rule_name = rule.value.name }
        }
        """,
        'variable "extra" {}',
    )
    known, more = body.blocks
    assert (known.maybe, known.many) == ((), False)
    assert ([condition.key for condition in more.maybe], more.many) == (["var.extra has more elements"], True)
    assert isinstance(more.body.attributes["rule_name"].value, Unknown)
    assert more.body.span.line == 7


def test_an_open_condition_is_named_and_the_block_known(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        dynamic "rule" {
          for_each = var.on ? ["x"] : []
          content { rule_name = rule.value }
        }
        dynamic "rule" {
          for_each = var.on ? [] : [1]
          content { rule_name = "other" }
        }
        """,
        'variable "on" {}',
    )
    assert [rule["rule_name"] for rule in values(body)["rule"]] == ["x", "other"]
    assert [[condition.key for condition in rule.maybe] for rule in body.blocks] == [["var.on"], ["!var.on"]]
    assert [rule.many for rule in body.blocks] == [False, False]


def test_known_elements_beside_open_ones_are_kept(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        dynamic "rule" {
          for_each = concat(["a"], var.extra)
          content { rule_name = rule.value }
        }
        """,
        'variable "extra" {}',
    )
    assert [(rule.body.attributes["rule_name"].value == "a", rule.many) for rule in body.blocks] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_a_null_in_a_condition_gives_none(tmp_path: Path) -> None:
    body = plan(
        tmp_path,
        """
        dynamic "rule" {
          for_each = var.rule == null ? [] : [var.rule]
          content { rule_name = rule.value }
        }
        """,
        'variable "rule" { default = null }',
    )
    assert body.blocks == ()


def test_a_dynamic_block_without_content_is_told(tmp_path: Path) -> None:
    evaluation = evaluated(
        tmp_path, 'resource "aws_backup_plan" "p" {\n  dynamic "rule" {\n    for_each = [1]\n  }\n}\n'
    )
    assert evaluation.resources[0].body.rest is not None
    assert [(gap.what, gap.why) for gap in evaluation.gaps] == [("aws_backup_plan.p", "dynamic rule has no content")]


def test_what_terraform_refuses_to_repeat_is_open(tmp_path: Path) -> None:
    body = plan(tmp_path, 'dynamic "rule" {\n  for_each = "text"\n  content {}\n}')
    (rule,) = body.blocks
    assert rule.many
    assert "only lists, sets, maps and objects" in rule.maybe[0].unknown.why


def test_blocks_in_json(tmp_path: Path) -> None:
    (tmp_path / "a.tf.json").write_text(
        """{"resource": {"aws_backup_plan": {"p": {
            "name": "p",
            "rule": [{"rule_name": "a", "lifecycle": {"delete_after": 7}}],
            "dynamic": {"rule": {"for_each": ["x"], "content": {"rule_name": "${rule.value}"}}}
        }}}}"""
    )
    assert values(evaluated(tmp_path, "").resources[0].body) == {
        "name": "p",
        "rule": [{"rule_name": "a", "lifecycle": [{"delete_after": 7}]}, {"rule_name": "x"}],
    }


@pytest.mark.parametrize(
    "dynamic",
    [
        '{"rule": {"for_each": ["x", "y"], "iterator": "it", "content": {"rule_name": "${it.value}"}}}',
        '{"rule": [{"for_each": ["x", "y"], "content": [{"rule_name": "${rule.value}"}]}]}',
        '[{"//": "none"}, {"rule": {"for_each": "${local.names}", "content": {"rule_name": "${rule.key}"}}}]',
        '[{"rule": {"for_each": [0], "content": {"rule_name": "x"}}}, {"rule": {"for_each": [0], "content": Y}}]',
    ],
)
def test_dynamic_blocks_in_json(tmp_path: Path, dynamic: str) -> None:
    dynamic = dynamic.replace("Y", '{"rule_name": "y"}')
    (tmp_path / "a.tf.json").write_text(f'{{"resource": {{"aws_backup_plan": {{"p": {{"dynamic": {dynamic}}}}}}}}}')
    (resource,) = evaluated(tmp_path, 'locals { names = toset(["x", "y"]) }').resources
    assert values(resource.body) == {"rule": [{"rule_name": "x"}, {"rule_name": "y"}]}


def test_what_the_awscc_provider_nests_are_attributes_in_json_too(tmp_path: Path) -> None:
    (tmp_path / "a.tf.json").write_text(
        """{"locals": {"dynamic": {"a": {"b": 1}}}, "resource": {"awscc_efs_file_system": {"f": {
            "backup_policy": {"status": "ENABLED"},
            "lifecycle": {"prevent_destroy": true},
            "performance_mode": "${local.dynamic.a.b}"
        }}}}"""
    )
    assert values(evaluated(tmp_path, "").resources[0].body) == {
        "backup_policy": {"status": "ENABLED"},
        "performance_mode": 1,
    }


def test_arguments_and_blocks_know_their_places(tmp_path: Path) -> None:
    body = plan(tmp_path, '  name = "p"\n  rule {\n    start_window = 60\n  }')
    text = (tmp_path / "main.tf").read_text()
    name, window = body.attributes["name"].span, body.blocks[0].body.attributes["start_window"].span
    assert (name.line, text[name.start : name.end]) == (3, 'name = "p"')
    assert (window.line, text[window.start : window.end]) == (5, "start_window = 60")
    block = body.blocks[0].body.span
    assert text[block.start : block.end] == "rule {\n    start_window = 60\n  }"
