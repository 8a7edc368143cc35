"""Where in AWS does a resource lie, by what a configuration says of its provider?"""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import AwsPlace, Estate, Unresolved
from restore_ready.model import same_place
from restore_ready.readers.terraform import read_root

MAIN = """
resource "aws_backup_vault" "here" {{ name = "here" }}
resource "aws_backup_vault" "there" {{
  {provider}
  name = "there"
}}
"""
BOTH = 'provider "aws" {{ {here} }}\nprovider "aws" {{\n alias = "there"\n {there}\n}}\nvariable "r" {{}}\n'
BY_ALIAS = "provider = aws.there"


def read(folder: Path, text: str) -> Estate:
    (folder / "main.tf").write_text(text)
    (estate,) = read_root(folder).estates
    return estate


def two(folder: Path, here: str, there: str, provider: str = BY_ALIAS) -> tuple[AwsPlace, AwsPlace]:
    found = read(folder, BOTH.format(here=here, there=there) + MAIN.format(provider=provider))
    places = {vault.name: vault.aws_place for vault in found.vaults}
    return places["here"], places["there"]


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ('region = "eu-west-1"', 'region = "eu-west-1"', True),
        ('region = "eu-west-1"', 'region = "us-east-1"', False),
        ("", "", True),
        ('region = "eu-west-1"', "", None),
        ("region = var.r", 'region = "us-east-1"', None),
        ("region = var.r", "region = var.r", True),
        ('profile = "p"', 'profile = "p"', True),
        ('profile = "p"', 'profile = "q"', None),
        ('access_key = "k"', "", None),
    ],
)
def test_a_provider_says_it(tmp_path: Path, here: str, there: str, *, expected: bool | None) -> None:
    answer = same_place(*two(tmp_path, here, there))
    assert answer is expected if expected is not None else isinstance(answer, Unresolved)


ROLE = 'assume_role {{\n role_arn = "arn:aws:iam::{}:role/deploy"\n }}'


@pytest.mark.parametrize(
    ("there", "account"),
    [
        (ROLE.format("444455556666"), "444455556666"),
        ('allowed_account_ids = ["444455556666"]\n profile = "p"', "444455556666"),
        ('allowed_account_ids = ["111122223333", "444455556666"]', "this-account"),
    ],
)
def test_the_account_is_that_of_the_role_or_the_only_one_allowed(tmp_path: Path, there: str, account: str) -> None:
    assert two(tmp_path, "", there)[1].account == account


def test_one_account_in_roles_that_are_known_in_part_is_the_same(tmp_path: Path) -> None:
    here, there = two(tmp_path, ROLE.format("${var.r}"), ROLE.format("${var.r}").replace("deploy", "other"))
    assert same_place(here, there) is True


def test_credentials_are_not_told(tmp_path: Path) -> None:
    assert "AKIAEXAMPLE" not in str(two(tmp_path, 'access_key = "AKIAEXAMPLE"', ""))


def test_the_regions_own_attribute_comes_first(tmp_path: Path) -> None:
    here, there = two(tmp_path, 'region = "eu-west-1"', "", 'region = "us-east-1"')
    assert (here.region, there.region) == ("eu-west-1", "us-east-1")


def test_data_sources_tell_where_their_provider_works(tmp_path: Path) -> None:
    text = """
    data "aws_region" "there" { provider = aws.there }
    resource "aws_backup_plan" "p" {
      name = "p"
      rule {
        rule_name         = "r"
        target_vault_name = "v"
        copy_action { destination_vault_arn = "arn:aws:backup:${data.aws_region.there.name}:1:backup-vault:v" }
      }
    }
    """
    found = read(tmp_path, BOTH.format(here="", there='region = "us-east-1"') + text)
    assert "arn:aws:backup:us-east-1:1:backup-vault:v" in str(found.plans)
