"""The units of a stack are read as if they lay where Terragrunt copies them to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.terragrunt._units import name, written

from restore_ready.readers.terragrunt import find_units, readers_of

STACK = "live/prod/terragrunt.stack.hcl"
UNIT = """\
include "root" {
  path = find_in_parent_folders("root.hcl")
}
inputs = {
  value = "${values.name} ${path_relative_to_include()} ${try(values.none, "default")}"
}
"""
BLOCK = """\
locals {
  stage = "prod"
}
unit "vault" {
  source = "%s"
  path   = "vault"
  values = {
    name = "${local.stage}-vault"
  }
  %s
}
"""
CATALOG = {"catalog/units/vault/terragrunt.hcl": UNIT}


def found(folder: Path, texts: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return what the vaults of the units are called, by the addresses of these, and what could not be read."""
    written(folder, texts)
    units, stacks = (sorted(folder.rglob(kind)) for kind in ("terragrunt.hcl", "terragrunt.stack.hcl"))
    read = find_units(units, environment={}, stacks=stacks)
    readings = [(unit.wrapped.address, read().estates) for unit, read in readers_of(read.units)]
    names = {address: name(estates[0]) for address, estates in readings if estates}
    return names, [gap.why for gap in read.gaps]


def test_a_unit_of_a_stack_is_handed_its_values_and_its_source_is_no_unit(tmp_path: Path) -> None:
    texts = {**CATALOG, STACK: BLOCK % ("../../catalog/units/vault", "")}

    address = 'unit["live/prod/.terragrunt-stack/vault"]'
    assert found(tmp_path, texts) == ({address: "prod-vault prod/.terragrunt-stack/vault default"}, [])


def test_it_may_lie_beside_the_stack(tmp_path: Path) -> None:
    texts = {**CATALOG, STACK: BLOCK % ("${get_repo_root()}/catalog/units/vault", "no_dot_terragrunt_stack = true")}

    assert found(tmp_path, texts) == ({'unit["live/prod/vault"]': "prod-vault prod/vault default"}, [])


def test_a_stack_may_be_made_of_stacks(tmp_path: Path) -> None:
    outer = """\
stack "prod" {
  source = "../../catalog/stacks/all"
  path   = "all"
  values = { stage = "from outside" }
}
"""
    inner = (BLOCK % ("${get_repo_root()}/catalog/units/vault", "")).replace('"prod"', "values.stage")
    texts = {**CATALOG, STACK: outer, "catalog/stacks/all/terragrunt.stack.hcl": inner}

    names, gaps = found(tmp_path, texts)

    path = "prod/.terragrunt-stack/all/.terragrunt-stack/vault"
    assert (names, gaps) == ({f'unit["live/{path}"]': f"from outside-vault {path} default"}, [])


@pytest.mark.parametrize(
    ("source", "more", "why"),
    [
        ("git::https://example.com/catalog.git//vault", "", "git::https://example.com/catalog.git//vault is not here"),
        ("none", "", "none is not here"),
        ('${run_cmd("x")}', "", "its source or path is not known"),
        ("../../catalog/units/vault", "autoinclude {}", "what its autoinclude does is not read"),
    ],
)
def test_what_can_not_be_had_says_what_to_scan_instead(tmp_path: Path, source: str, more: str, why: str) -> None:
    names, gaps = found(tmp_path, {**CATALOG, STACK: BLOCK % (source, more)})

    assert gaps == [f"{why}: scan .terragrunt-stack after `terragrunt stack generate`"]
    assert "live/prod" not in str(names)


def test_stacks_that_are_made_of_each_other_end(tmp_path: Path) -> None:
    block = 'stack "%s" {\n  source = "../%s"\n  path   = "x"\n}\n'
    texts = {"a/terragrunt.stack.hcl": block % ("b", "b"), "b/terragrunt.stack.hcl": block % ("a", "a")}

    assert found(tmp_path, texts)[0] == {}
