"""Inputs reach a module as Terragrunt hands them to Terraform: in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.terragrunt._units import INCLUDED, MODULE, ROOT, UNIT, handed, name, read, written

from restore_ready.readers.terraform import VariableValues

TFVARS = 'value = "file"\n'
DEPENDENCY = """\
dependency "efs" {
  config_path  = "../efs"
  mock_outputs = { name = "mock", keys = { a = "mock" } }
}
dependency "merged" {
  config_path                            = "../efs"
  mock_outputs                           = { keys = { a = "mock" } }
  mock_outputs_merge_strategy_with_state = "shallow"
}
"""
EFS = {"live/prod/efs/terragrunt.hcl": ROOT, "modules/vault/outputs.tf": 'output "name" {\n  value = 1\n}\n'}


@pytest.mark.parametrize(
    ("texts", "values", "expected"),
    [
        ({}, VariableValues(), "input"),
        ({"modules/vault/terraform.tfvars": TFVARS}, VariableValues(), "file"),
        ({"live/prod/vault/x.auto.tfvars": TFVARS}, VariableValues(), "file"),
        ({}, VariableValues({"TF_VAR_value": "environment"}), "environment"),
        ({}, VariableValues(values={"value": "option"}), "option"),
    ],
)
def test_files_the_environment_and_options_win(
    tmp_path: Path, texts: dict[str, str], values: VariableValues, expected: str
) -> None:
    unit = f'{INCLUDED}inputs = {{\n  value = "input"\n}}\n'

    assert name(read(written(tmp_path, {UNIT: unit, **texts}), values)) == expected


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ('arguments = ["-var-file=${get_terragrunt_dir()}/../common.tfvars"]', "file"),
        ('arguments = ["-var-file", "${get_terragrunt_dir()}/../common.tfvars"]', "file"),
        ('arguments = ["-var", "value=argument"]', "argument"),
        ('required_var_files = ["${get_parent_terragrunt_dir()}/prod/common.tfvars"]', "file"),
        ('optional_var_files = ["${get_terragrunt_dir()}/none.tfvars"]', "input"),
        ('env_vars = { TF_VAR_value = "environment" }', "environment"),
        ('arguments = ["-lock-timeout=20m", "-out", get_env("PLANFILE")]', "input"),
        ('arguments = ["-var-file=${get_env("STAGE")}.tfvars"]', "the environment variable STAGE is known only"),
        ('arguments = [get_env("ARGUMENTS")]', "the environment variable ARGUMENTS is known only"),
        ('arguments = ["-var", "value=import"]\n    commands = ["import"]', "input"),
    ],
)
def test_extra_arguments_count(tmp_path: Path, extra: str, expected: str) -> None:
    commands = "" if "commands" in extra else "commands = get_terraform_commands_that_need_vars()"
    before = f'terraform {{\n  extra_arguments "x" {{\n    {commands}\n    {extra}\n  }}\n}}\n'

    assert expected in handed(tmp_path, '"input"', before, {"live/prod/common.tfvars": TFVARS})


@pytest.mark.parametrize(
    ("declared", "value", "expected"),
    [
        ("type = number", '"60"', "60"),
        ("type = string", "60", "60"),
        ("type = string", '["a"]', '["a"]'),
        ("", "{ a = 1 }", '{"a":1}'),
        ("type = bool", "true", "true"),
        ('type = string\n  default = "d"\n  nullable = false', "null", "d"),
        ("type = list(string)", 'jsonencode(["a"])', "a"),
    ],
)
def test_they_are_taken_by_the_type_of_the_variable(tmp_path: Path, declared: str, value: str, expected: str) -> None:
    module = MODULE.replace('"value" {}', f'"value" {{\n  {declared}\n}}')
    if "list" in declared:
        module = module.replace("= var.value", "= var.value[0]")

    assert handed(tmp_path, value, texts={"modules/vault/main.tf": module}) == expected


def test_inputs_made_by_a_function_are_told_apart_by_name(tmp_path: Path) -> None:
    unit = f'{INCLUDED}locals {{\n  more = {{ other = 1 }}\n}}\ninputs = merge(local.more, {{ value = "merged" }})\n'

    assert name(read(written(tmp_path, {UNIT: unit}))) == "merged"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("dependency.efs.outputs.name", "dependency.efs is another unit, whose outputs are known only once"),
        ("dependency.none.outputs.name", "dependency.none is another unit, whose outputs are known only once"),
        ("dependency.efs.outputs.keys.a", 'there is no attribute "keys"'),
        ('merge({ value = "known" }, dependency.efs.outputs).value', "known"),
        ("dependency.merged.outputs.keys.a", "dependency.merged is another unit"),
    ],
)
def test_mocks_are_no_outputs_whose_names_are_those_of_the_module(tmp_path: Path, value: str, found: str) -> None:
    assert found in handed(tmp_path, value, DEPENDENCY, EFS)
