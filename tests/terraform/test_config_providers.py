"""Each resource ends with the provider configuration that it uses."""

from __future__ import annotations

from pathlib import Path

from tests.terraform._written import by_address, evaluated, written

from restore_ready.readers.terraform.configuration import Evaluation

PROVIDERS = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "west"
  region = "us-west-${1 + 1}"
  assume_role { role_arn = "arn:aws:iam::444455556666:role/x" }
}
"""
VAULT = 'resource "aws_backup_vault" "{name}" {{\n  name = "v"\n  {more}\n}}\n'


def used(evaluation: Evaluation) -> dict[str, str]:
    return {resource.address: resource.provider.address for resource in evaluation.resources}


def test_a_resource_uses_the_default_or_the_one_that_it_names(tmp_path: Path) -> None:
    main = PROVIDERS + VAULT.format(name="a", more="") + VAULT.format(name="b", more="provider = aws.west")
    evaluation = evaluated(tmp_path, main + VAULT.format(name="c", more='provider = "aws.west"'))
    assert list(used(evaluation).values()) == ["provider.aws", "provider.aws.west", "provider.aws.west"]
    west = by_address(evaluation)["aws_backup_vault.b"].provider
    assert west.body is not None
    assert west.body.attributes["region"].value == "us-west-2"
    assert [block.name for block in west.body.blocks] == ["assume_role"]
    assert "provider" not in by_address(evaluation)["aws_backup_vault.b"].body.attributes


def test_a_provider_that_is_nowhere_configured_is_implied_by_the_type(tmp_path: Path) -> None:
    provider = evaluated(tmp_path, VAULT.format(name="a", more="")).resources[0].provider
    assert (provider.address, provider.name, provider.body, provider.why) == ("provider.aws", "aws", None, "")


def test_an_alias_that_is_not_configured_says_so(tmp_path: Path) -> None:
    provider = evaluated(tmp_path, VAULT.format(name="a", more="provider = aws.none")).resources[0].provider
    assert (provider.address, provider.why) == ("provider.aws.none", "provider.aws.none is not configured")


def test_modules_inherit_the_default_and_are_handed_others(tmp_path: Path) -> None:
    inner = VAULT.format(name="a", more="") + VAULT.format(name="b", more="provider = aws.other")
    middle = """
    terraform {
      required_providers {
        aws = { source = "hashicorp/aws", configuration_aliases = [aws.second] }
      }
    }
    module "inner" {
      source    = "../inner"
      providers = { aws = aws.second, aws.other = aws }
    }
    """
    calls = """
    module "plain" { source = "./inner" }
    module "handed" {
      source    = "./inner"
      providers = { aws = aws.west, "aws.other" = aws }
    }
    module "middle" {
      source    = "./middle"
      providers = { aws.second = aws.west }
    }
    """
    written(tmp_path, {"inner/main.tf": inner, "middle/main.tf": middle})
    assert used(evaluated(tmp_path, PROVIDERS + calls)) == {
        "module.plain.aws_backup_vault.a": "provider.aws",
        "module.plain.aws_backup_vault.b": "module.plain.provider.aws.other",
        "module.handed.aws_backup_vault.a": "provider.aws.west",
        "module.handed.aws_backup_vault.b": "provider.aws",
        "module.middle.module.inner.aws_backup_vault.a": "provider.aws.west",
        "module.middle.module.inner.aws_backup_vault.b": "provider.aws",
    }


def test_a_module_may_configure_its_own(tmp_path: Path) -> None:
    own = 'variable "region" {}\nprovider "aws" { region = var.region }\n' + VAULT.format(name="a", more="")
    written(tmp_path, {"m/main.tf": own})
    evaluation = evaluated(tmp_path, PROVIDERS + 'module "m" {\n  source = "./m"\n  region = "sa-east-1"\n}\n')
    provider = by_address(evaluation)["module.m.aws_backup_vault.a"].provider
    assert provider.address == "module.m.provider.aws"
    assert provider.body is not None
    assert provider.body.attributes["region"].value == "sa-east-1"


def test_all_configurations_are_listed(tmp_path: Path) -> None:
    assert [one.address for one in evaluated(tmp_path, PROVIDERS).providers] == ["provider.aws", "provider.aws.west"]


def test_configurations_repeated_by_for_each_are_chosen_by_key(tmp_path: Path) -> None:
    main = """
    variable "which" {}
    provider "aws" {
      alias    = "by_region"
      for_each = toset(["eu-west-1", "us-east-1"])
      region   = each.key
    }
    resource "aws_backup_vault" "a" {
      for_each = toset(["us-east-1"])
      provider = aws.by_region[each.key]
      name     = "a"
    }
    resource "aws_backup_vault" "b" {
      provider = aws.by_region[var.which]
      name     = "b"
    }
    """
    evaluation = evaluated(tmp_path, main)
    assert list(used(evaluation).values()) == [
        'provider.aws.by_region["us-east-1"]', 'provider.aws.by_region["?"]',
    ]  # fmt: skip
    assert by_address(evaluation)["aws_backup_vault.b"].provider.why == (
        "which instance of provider.aws.by_region is used is not known"
    )


def test_another_local_name_is_used_as_written(tmp_path: Path) -> None:
    main = 'provider "amazon" { region = "eu-west-3" }\n' + VAULT.format(name="a", more="provider = amazon")
    assert list(used(evaluated(tmp_path, main)).values()) == ["provider.amazon"]
