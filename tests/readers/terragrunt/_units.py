"""Reads a unit that hands one value to a module, which names a vault after it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.support import files

from restore_ready.model import Estate, Unresolved
from restore_ready.readers.terraform import VariableValues
from restore_ready.readers.terragrunt import find_units, readers_of

UNIT = "live/prod/vault/terragrunt.hcl"
MODULE = """\
variable "value" {}
resource "aws_backup_vault" "v" {
  name = var.value
}
"""
ROOT = 'terraform {\n  source = "${get_repo_root()}/modules//vault"\n}\n'
REPOSITORY = {".git/HEAD": "", "modules/vault/main.tf": MODULE, "live/root.hcl": ROOT}
INCLUDED = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'


def written(folder: Path, texts: Mapping[str, str | bytes]) -> Path:
    """Write a repository with *texts* in it; the unit itself is `UNIT`."""
    return files.write(folder, {**REPOSITORY, **texts})


def read(folder: Path, values: VariableValues = VariableValues()) -> Estate:  # noqa: B008  # frozen
    """Return the estate of the unit in *folder*."""
    found = find_units(sorted(folder.rglob("terragrunt.hcl")), environment=values.environment)
    readings = {unit.wrapped.address: read() for unit, read in readers_of(found.units, values=values)}
    return readings['unit["live/prod/vault"]'].estates[0]


def name(estate: Estate) -> str:
    """Return the name of the only vault, or why it is not known."""
    (vault,) = estate.vaults
    return vault.name.why if isinstance(vault.name, Unresolved) else str(vault.name)


def handed(folder: Path, value: str, before: str = "", texts: Mapping[str, str | bytes] | None = None) -> str:
    """Return what a unit hands to its module by the expression *value*."""
    text = f"{INCLUDED}{before}inputs = {{\n  value = {value}\n}}\n"
    return name(read(written(folder, {UNIT: text, **(texts or {})})))
