"""No unit hangs the reader, leads it out of the repository or has it start anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.terragrunt._units import INCLUDED, UNIT, handed, name, read, written

from restore_ready.readers.terragrunt import find_units

CIRCLE = 'locals {\n  x = read_terragrunt_config("%s").locals.x\n}\n'
READ = '%sinputs = {\n  value = read_terragrunt_config("%s").locals.x\n}\n'


def test_a_file_that_includes_itself_is_refused(tmp_path: Path) -> None:
    unit = INCLUDED + 'include "self" {\n  path = "terragrunt.hcl"\n}\n'

    assert "includes another file, which Terragrunt refuses" in name(read(written(tmp_path, {UNIT: unit})))


def test_files_that_read_each_other_end(tmp_path: Path) -> None:
    texts = {"live/prod/vault/a.hcl": CIRCLE % "b.hcl", "live/prod/vault/b.hcl": CIRCLE % "a.hcl"}

    assert "depends on itself" in handed(tmp_path, 'read_terragrunt_config("a.hcl").locals.x', texts=texts)


def test_units_whose_modules_depend_on_each_other_end(tmp_path: Path) -> None:
    unit = 'dependency "o" {\n  config_path = "../%s"\n}\nterraform {\n  source = dependency.o.outputs.x\n}\n'

    written(tmp_path, {UNIT: unit % "other", "live/prod/other/terragrunt.hcl": unit % "vault"})

    assert "which module it deploys is not known" in why(tmp_path)


def why(folder: Path) -> str:
    return find_units([folder / UNIT], environment={}).units[0].why


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    written(tmp_path, {UNIT: READ % (INCLUDED, "loop.hcl")})
    (tmp_path / "live/prod/vault/loop.hcl").symlink_to("loop.hcl")

    assert "there is no file" in name(read(tmp_path))


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.hcl").write_text('locals {\n  x = "secret"\n}\n')
    repository = written(tmp_path / "r", {UNIT: READ % (INCLUDED, "l.hcl")})
    (repository / "live/prod/vault/l.hcl").symlink_to(tmp_path / "secret.hcl")

    assert "it lies outside the repository" in name(read(repository))


@pytest.mark.parametrize(
    "extra", ['arguments = ["-var-file=%s"]', 'required_var_files = ["%s"]', 'optional_var_files = ["%s"]']
)
def test_a_variable_file_outside_of_the_repository_is_not_read(tmp_path: Path, extra: str) -> None:
    (tmp_path / "secret.tfvars").write_text('value = "secret"\n')
    arguments = f'commands = ["plan"]\n    {extra % (tmp_path / "secret.tfvars")}'
    before = f'terraform {{\n  extra_arguments "x" {{\n    {arguments}\n  }}\n}}\n'

    assert "secret.tfvars is not read: it lies outside the repository" in handed(tmp_path / "r", '"x"', before)


def test_a_module_that_a_link_leads_to_outside_of_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text("locals {}\n")
    written(tmp_path / "r", {UNIT: 'terraform {\n  source = "../link"\n}\n'})
    (tmp_path / "r/live/prod/link").symlink_to(tmp_path / "outside")

    assert "it lies outside the repository" in why(tmp_path / "r")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#" * 10_000_001, "the file is larger than 10 MB"),
        ("inputs = {", "a bracket is not closed"),
        ("\0", "the file is binary"),
    ],
)
def test_a_file_that_can_not_be_read_leaves_open_what_it_may_give(tmp_path: Path, text: str, why: str) -> None:
    unit = f'{INCLUDED}include "big" {{\n  path = "big.hcl"\n}}\n'

    estate = read(written(tmp_path, {UNIT: unit, "live/prod/vault/big.hcl": text}))

    assert why in name(estate)
    assert [why in gap.why for gap in estate.gaps] == [True]


def test_inputs_that_are_nested_without_end_are_unknown(tmp_path: Path) -> None:
    assert "nested" in handed(tmp_path, "[" * 5000 + "]" * 5000) or "deep" in handed(tmp_path, "[" * 5000 + "]" * 5000)
