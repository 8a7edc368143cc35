"""What Terragrunt's functions give: paths and files are known, and nothing is run, asked or decrypted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.terragrunt._units import UNIT, handed, name, read, written

from restore_ready.readers.terraform import VariableValues

ENV = """\
locals {
  region = "eu-central-1"
  up     = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
}
"""
FILES = {
    "live/prod/env.hcl": ENV,
    "live/account.hcl": 'locals {\n  id = "111122223333"\n  here = basename(get_terragrunt_dir())\n}\n',
    "live/prod/vault/more.tfvars": 'a = "from tfvars"\n',
    "live/prod/vault/terragrunt.values.hcl": 'name = "from a stack"\n',
    "live/prod/vault/more.json": '{"a": "from json"}',
}
READ = 'read_terragrunt_config(find_in_parent_folders("env.hcl"))'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("basename(get_terragrunt_dir())", "vault"),
        ("basename(get_original_terragrunt_dir())", "vault"),
        ("basename(get_parent_terragrunt_dir())", "live"),
        ('basename(get_parent_terragrunt_dir("root"))', "live"),
        ("path_relative_to_include()", "prod/vault"),
        ("path_relative_from_include()", "../.."),
        ("get_path_from_repo_root()", "live/prod/vault"),
        ("get_path_to_repo_root()", "../../.."),
        ('basename(dirname(find_in_parent_folders("env.hcl")))', "prod"),
        ('find_in_parent_folders("none.hcl", "fallback")', "fallback"),
        (f"{READ}.locals.region", "eu-central-1"),
        (f"{READ}.locals.up.id", "111122223333"),
        (f"{READ}.locals.up.here", "live"),
        ('read_terragrunt_config("none.hcl", {locals = {x = "y"}}).locals.x', "y"),
        (f'merge({READ}.locals, {{region = "x"}}).region', "x"),
        ('jsondecode(read_tfvars_file("more.tfvars")).a', "from tfvars"),
        ('jsondecode(file("more.json")).a', "from json"),
        ('basename(mark_as_read("a/b.json"))', "b.json"),
        ("values.name", "from a stack"),
        ('try(values.none, "default")', "default"),
        ('deep_merge({a = {b = "x", c = "y"}}, {a = {b = "z"}}).a.b', "z"),
        ('contains(get_terraform_commands_that_need_vars(), "plan") ? "yes" : "no"', "yes"),
    ],
)
def test_what_paths_and_files_tell_is_known(tmp_path: Path, expression: str, expected: str) -> None:
    assert handed(tmp_path, expression, texts=FILES) == expected


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ('run_cmd("touch", "made")', "run_cmd() is what another program answers: none is run"),
        ('sops_decrypt_file("secrets.yaml")', "sops_decrypt_file() is a secret: nothing is decrypted"),
        ("get_aws_account_id()", "get_aws_account_id() is asked of AWS when Terragrunt runs"),
        ('get_env("NAME", "default")', "the environment variable NAME is known only where Terragrunt runs"),
        ("feature.night.value", "feature.night is chosen when Terragrunt runs"),
        ("values.name", "values.name is handed in by a stack that is not read"),
        ("local.none", "has no local value none"),
        ("var.name", "var has no meaning in a file of Terragrunt's"),
        ('find_in_parent_folders("none.hcl")', "there is no none.hcl in the parent folders"),
        ('read_terragrunt_config("none.hcl").locals.x', "there is no file"),
        ("include.root.locals.x", "include.root is not exposed"),
        ('file("/etc/hostname")', "it lies outside the repository"),
    ],
)
def test_what_runs_elsewhere_is_unknown_with_its_reason(tmp_path: Path, expression: str, why: str) -> None:
    before = set(tmp_path.rglob("*"))

    assert why in handed(tmp_path, expression, 'feature "night" {\n  default = "x"\n}\n')

    assert not [path for path in set(tmp_path.rglob("*")) - before if path.name == "made"]


def test_the_environment_is_known_where_it_is_let_in(tmp_path: Path) -> None:
    written(tmp_path, {UNIT: 'include {\n  path = "../../root.hcl"\n}\ninputs = {\n  value = get_env("TF_VAR_x")\n}\n'})

    assert name(read(tmp_path, VariableValues({"TF_VAR_x": "given"}))) == "given"


def test_functions_of_an_included_file_speak_of_the_unit(tmp_path: Path) -> None:
    root = """\
terraform {
  source = "${get_repo_root()}/modules/vault"
}
inputs = {
  value = "${path_relative_to_include()} ${basename(get_terragrunt_dir())} ${basename(get_parent_terragrunt_dir())}"
}
"""
    unit = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'

    assert name(read(written(tmp_path, {UNIT: unit, "live/root.hcl": root}))) == "prod/vault vault live"
