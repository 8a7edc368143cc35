"""The module that a unit deploys: beside it, in its folder, or where Terragrunt downloaded it before."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from tests.readers.terragrunt._units import MODULE, UNIT, name, read, written

from restore_ready.readers.terragrunt import find_units, readers_of

INPUTS = 'inputs = {\n  value = "given"\n}\n'
REMOTE = "git::https://example.com/modules.git//vault?ref=v1.0"
VERSION = base64.urlsafe_b64encode(hashlib.sha1(b"ref=v1.0").digest()).decode().rstrip("=")  # noqa: S324  # Terragrunt's
CACHE = "live/prod/vault/.terragrunt-cache/aa/bb"


def unit(source: str) -> str:
    return f'terraform {{\n  source = "{source}"\n}}\n{INPUTS}'


@pytest.mark.parametrize(
    "source",
    [
        "../../../modules/vault",
        "../../..//modules/vault",
        "../../../modules//vault",
        "${get_repo_root()}/modules/vault/",
        '${dirname(find_in_parent_folders("root.hcl"))}/../modules//vault',
    ],
)
def test_a_local_module_is_read_where_it_is(tmp_path: Path, source: str) -> None:
    estate = read(written(tmp_path, {UNIT: unit(source)}))

    assert (name(estate), estate.vaults[0].address) == ("given", 'unit["live/prod/vault"].aws_backup_vault.v')
    assert estate.vaults[0].place.file == str(tmp_path / "modules/vault/main.tf")


def test_a_unit_without_source_deploys_its_own_folder(tmp_path: Path) -> None:
    assert name(read(written(tmp_path, {UNIT: INPUTS, "live/prod/vault/main.tf": MODULE}))) == "given"


def test_files_in_the_folder_of_the_unit_lie_beside_those_of_the_module(tmp_path: Path) -> None:
    texts = {
        "modules/vault/main.tf": MODULE.replace('variable "value" {}\n', ""),
        "live/prod/vault/variables.tf": 'variable "value" {}\n',
        UNIT: unit("../../../modules/vault"),
    }

    assert name(read(written(tmp_path, texts))) == "given"


@pytest.mark.parametrize(
    ("version", "why"),
    [(VERSION, ""), ("other", "is not here: run terragrunt init"), (None, "is not here: run terragrunt init")],
)
def test_a_remote_module_is_read_if_terragrunt_downloaded_that_version(
    tmp_path: Path, version: str | None, why: str
) -> None:
    texts = {UNIT: unit(REMOTE), f"{CACHE}/vault/main.tf": MODULE}
    written(tmp_path, texts | ({f"{CACHE}/.terragrunt-source-version": version} if version else {}))

    found = find_units([tmp_path / UNIT], environment={}).units[0]

    assert why in found.why if why else not found.why
    if not why:
        assert name(read(tmp_path)) == "given"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("../none", "the module ../none is not here: there is no such folder"),
        ("../../../live", "the module ../../../live has no Terraform files"),
        ('${run_cmd("x")}', "which module it deploys is not known: run_cmd()"),
        ("tfr:///acme/backup/aws?version=1.0", "the module tfr:///acme/backup/aws?version=1.0 is not here"),
    ],
)
def test_a_module_that_can_not_be_had_is_told(tmp_path: Path, source: str, why: str) -> None:
    written(tmp_path, {UNIT: unit(source)})

    ((_, read),) = readers_of(find_units([tmp_path / UNIT], environment={}).units)
    reading = read()

    (gap,) = reading.gaps
    assert (gap.address, why in gap.why, gap.place.file) == ('unit["live/prod/vault"]', True, str(tmp_path / UNIT))


def test_modules_about_something_else_are_told_together(tmp_path: Path) -> None:
    names = ("vpc", "eks", "s3-bucket")
    texts = {f"live/{kind}/terragrunt.hcl": unit(f"tfr:///acme/{kind}/aws") for kind in names}
    written(tmp_path, texts | {UNIT: unit("tfr:///acme/efs/aws")})

    found = find_units(sorted(tmp_path.rglob("terragrunt.hcl")), environment={})
    gaps = [gap.why for _, read in readers_of(found.units) for gap in read().gaps]

    assert [why.partition(":")[0] for why in gaps if "units" in why] == ["the modules of 3 units are not here (aws)"]
    assert len(gaps) == 2


def test_what_units_include_is_no_unit(tmp_path: Path) -> None:
    parent = unit("../../modules/vault").replace("../../modules", "${get_repo_root()}/modules")
    child = "include {\n  path = find_in_parent_folders()\n}\n"
    written(tmp_path, {"live/terragrunt.hcl": parent, UNIT: child})

    found = find_units(sorted(tmp_path.rglob("terragrunt.hcl")), environment={})

    assert [one.wrapped.address for one in found.units] == ['unit["live/prod/vault"]']
    assert name(read(tmp_path)) == "given"
