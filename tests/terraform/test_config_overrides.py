"""Override files are merged as Terraform merges them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terraform._written import by_address, values, vault, written

from restore_ready.readers.terraform.configuration import read_root

PLAN = """
resource "aws_backup_plan" "p" {
  name = "p"
  tags = { a = "b" }
  rule {
    rule_name    = "first"
    start_window = 60
  }
  dynamic "advanced_backup_setting" {
    for_each = [1]
    content {
      resource_type = "EC2"
    }
  }
}
"""


@pytest.mark.parametrize(
    "name", ["override.tf", "x_override.tf", "a.b_override.tf", "z_override.tofu", "override.tofu"]
)
def test_arguments_are_overridden_one_by_one_and_blocks_by_type(tmp_path: Path, name: str) -> None:
    override = 'resource "aws_backup_plan" "p" {\n  name = "q"\n  rule {\n    rule_name = "only"\n  }\n}\n'
    written(tmp_path, {"main.tf": PLAN, name: override})
    evaluation = read_root(tmp_path)
    body = by_address(evaluation)["aws_backup_plan.p"].body
    assert values(body) == {
        "name": "q", "tags": {"a": "b"}, "advanced_backup_setting": [{"resource_type": "EC2"}],
        "rule": [{"rule_name": "only"}],
    }  # fmt: skip
    assert body.attributes["name"].span.file.endswith(name)
    assert body.span.file.endswith("main.tf")
    assert evaluation.gaps == ()


def test_a_block_overrides_the_dynamic_ones_of_its_type(tmp_path: Path) -> None:
    override = 'resource "aws_backup_plan" "p" {\n  advanced_backup_setting { resource_type = "FSx" }\n}\n'
    written(tmp_path, {"main.tf": PLAN, "override.tf": override})
    body = by_address(read_root(tmp_path))["aws_backup_plan.p"].body
    assert values(body)["advanced_backup_setting"] == [{"resource_type": "FSx"}]


def test_a_dynamic_block_overrides_those_of_its_type(tmp_path: Path) -> None:
    override = """resource "aws_backup_plan" "p" {
      dynamic "rule" {
        for_each = ["x", "y"]
        content { rule_name = rule.value }
      }
    }"""
    written(tmp_path, {"main.tf": PLAN, "override.tf": override})
    rules = values(by_address(read_root(tmp_path))["aws_backup_plan.p"].body)["rule"]
    assert rules == [{"rule_name": "x"}, {"rule_name": "y"}]


def test_what_cannot_be_read_of_either_stays_told(tmp_path: Path) -> None:
    broken = 'resource "aws_backup_vault" "v" {\n  name = "a"\n  what is this\n}\n'
    sound = 'resource "aws_backup_vault" "v" {\n  name = "b"\n}\n'
    for base, override in ((broken, sound), (sound, broken)):
        evaluation = read_root(written(tmp_path, {"main.tf": base, "override.tf": override}))
        (found,) = evaluation.resources
        assert found.body.rest is not None
        assert len(evaluation.gaps) == 1


def test_later_overrides_win(tmp_path: Path) -> None:
    vaults = 'resource "aws_backup_vault" "v" {{ name = "{}" }}'
    written(
        tmp_path, {"a_override.tf": vaults.format("a"), "b_override.tf": vaults.format("b"), "z.tf": vaults.format("z")}
    )
    assert vault(read_root(tmp_path))["name"] == "b"


def test_json_overrides_native_syntax(tmp_path: Path) -> None:
    override = '{"resource": {"aws_backup_plan": {"p": {"rule": [{"rule_name": "json"}]}}}}'
    written(tmp_path, {"main.tf": PLAN, "main_override.tf.json": override})
    assert values(by_address(read_root(tmp_path))["aws_backup_plan.p"].body)["rule"] == [{"rule_name": "json"}]


def test_module_arguments_variables_locals_and_outputs_are_overridden(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "main.tf": """
                variable "a" {
                  type    = number
                  default = 1
                }
                locals {
                  b = "b"
                  c = "c"
                }
                module "m" {
                  source = "./m"
                  name   = "${local.b}${local.c}${var.a}"
                  kind   = "kept"
                }
                resource "aws_backup_vault" "v" { name = module.m.name }
                """,
            "override.tf": """
                variable "a" { default = "2" }
                locals { c = "C" }
                module "m" {
                  source = "./n"
                  name   = "over-${local.b}${local.c}${var.a + 1}"
                }
                """,
            "m/main.tf": 'variable "name" {}\nvariable "kind" {}\noutput "name" { value = "m" }\n',
            "n/main.tf": 'variable "name" {}\nvariable "kind" {}\noutput "name" { value = "n-${var.name}" }\n',
            "n/override.tf": 'output "name" { value = "o-${var.name}-${var.kind}" }\n',
        },
    )
    assert vault(read_root(tmp_path))["name"] == "o-over-bC3-kept"


def test_lifecycle_arguments_are_overridden_one_by_one(tmp_path: Path) -> None:
    vaults = 'resource "aws_backup_vault" "v" {{\n  name = "v"\n  lifecycle {{\n    {}\n  }}\n}}\n'
    written(
        tmp_path, {"main.tf": vaults.format("enabled = false"), "override.tf": vaults.format("prevent_destroy = true")}
    )
    assert read_root(tmp_path).resources == ()


def test_provider_configurations_are_overridden_by_alias(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "main.tf": """
                provider "aws" { region = "eu-west-1" }
                provider "aws" {
                  alias  = "west"
                  region = "us-west-1"
                }
                resource "aws_backup_vault" "v" { name = "v" }
                resource "aws_backup_vault" "w" {
                  name     = "w"
                  provider = aws.west
                }
                """,
            "override.tf": 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n',
        },
    )
    regions = {
        resource.body.attributes["name"].value: resource.provider.body.attributes["region"].value
        for resource in read_root(tmp_path).resources
        if resource.provider.body is not None
    }
    assert regions == {"v": "eu-west-1", "w": "us-west-2"}


def test_an_override_of_nothing_and_a_second_declaration_are_told(tmp_path: Path) -> None:
    vaults = 'resource "aws_backup_vault" "{}" {{ name = "{}" }}\n'
    written(
        tmp_path,
        {
            "a.tf": vaults.format("v", "first") + "locals { a = 1 }\nlocals { a = 2 }\n",
            "b.tf": vaults.format("v", "second"),
            "override.tf": vaults.format("w", "lonely"),
        },
    )
    evaluation = read_root(tmp_path)
    assert vault(evaluation)["name"] == "first"
    gaps = sorted(evaluation.gaps, key=lambda gap: gap.what)
    assert [(gap.what, gap.why) for gap in gaps] == [
        ("locals", f"local.a is declared twice, first in {tmp_path}/a.tf:2"),
        ("resource aws_backup_vault v", f"it is declared twice, first in {tmp_path}/a.tf:1"),
        ("resource aws_backup_vault w", "it overrides a block that is not there"),
    ]
    assert "second" in str(gaps[1].text)
