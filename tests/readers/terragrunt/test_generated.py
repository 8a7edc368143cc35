"""Files that units generate are part of their modules."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.terragrunt._units import INCLUDED, MODULE, UNIT, read, written

PROVIDER = """\
generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
provider "aws" {
  region              = "%s"
  allowed_account_ids = [%s]
}
EOF
}
inputs = { value = "x" }
"""
OPEN_REGION = '${get_env("AWS_REGION")}'


@pytest.mark.parametrize(
    ("region", "account", "expected"),
    [
        ("${local.region}", '"111122223333"', ("eu-central-1", "111122223333")),
        (OPEN_REGION, '"111122223333"', ("open", "111122223333")),
        ("eu-west-1", '"${get_aws_account_id()}"', ("eu-west-1", "this-account")),
        ("eu-west-1", "${get_aws_account_id()}", ("eu-west-1", "this-account")),
    ],
)
def test_a_provider_says_where_the_module_is_deployed(
    tmp_path: Path, region: str, account: str, expected: tuple[str, str]
) -> None:
    unit = INCLUDED + 'locals {\n  region = "eu-central-1"\n}\n' + PROVIDER % (region, account)

    estate = read(written(tmp_path, {UNIT: unit}))

    at = estate.vaults[0].aws_place
    assert tuple(found if isinstance(found, str) else "open" for found in (at.region, at.account)) == expected
    assert estate.gaps == ()


def test_what_is_generated_lies_on_its_line_of_the_heredoc(tmp_path: Path) -> None:
    vault = MODULE.partition("\n")[2].replace('"v"', '"w"')
    more = f'generate "more" {{\n  path = "more.tf"\n  contents = <<EOF\n\n{vault}EOF\n}}\n'
    unit = f'{INCLUDED}inputs = {{ value = "x" }}\n{more}'

    vaults = {vault.address.rpartition(".")[2]: vault for vault in read(written(tmp_path, {UNIT: unit})).vaults}

    line = 1 + unit.splitlines().index('resource "aws_backup_vault" "w" {')
    assert (vaults["w"].place.file, vaults["w"].place.line) == (str(tmp_path / UNIT), line)


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ('if_exists = "overwrite"', ["generated"]),
        ('if_exists = "skip"', ["v"]),
        ("disable = true", ["v"]),
    ],
)
def test_a_file_that_is_there_stays_or_gives_way(tmp_path: Path, how: str, names: list[str]) -> None:
    text = MODULE.replace('"v"', '"generated"').replace("\n", "\\n").replace('"', '\\"')
    unit = f'{INCLUDED}generate "main" {{\n  path = "main.tf"\n  {how}\n  contents = "{text}"\n}}\n'

    estate = read(written(tmp_path, {UNIT: unit}))

    assert [vault.address.rpartition(".")[2] for vault in estate.vaults] == names


def test_what_can_not_be_told_may_hide_anything(tmp_path: Path) -> None:
    unit = f'{INCLUDED}generate "backup" {{\n  path = "backup.tf"\n  contents = run_cmd("make")\n}}\n'

    (gap,) = read(written(tmp_path, {UNIT: unit})).gaps

    assert (gap.address, gap.hides_backups) == ("generate backup", True)
    assert "none is run" in gap.why
