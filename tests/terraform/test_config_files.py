"""The files that Terraform and OpenTofu read in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terraform._written import by_address, evaluated, vault, written

from restore_ready.readers.terraform.configuration import read_root

VAULT = 'resource "aws_backup_vault" "{name}" {{ name = "{name}" }}\n'


def found(folder: Path, *names: str) -> list[str]:
    written(folder, {name: VAULT.format(name=f"n{number}") for number, name in enumerate(names)})
    return [resource.address.removeprefix("aws_backup_vault.") for resource in read_root(folder).resources]


def test_configuration_files_are_read_in_order_of_name(tmp_path: Path) -> None:
    assert found(tmp_path, "b.tf", "a.tofu", "c.txt", "a.tfvars", "d.tf.bak", "tests.tftest.hcl") == ["n1", "n0"]


@pytest.mark.parametrize("name", [".hidden.tf", "main.tf~", "#main.tf#", ".#main.tf", ".tf"])
def test_hidden_files_and_copies_of_editors_are_not(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, name) == []


def test_a_tofu_file_stands_in_place_of_the_tf_file_of_the_same_name(tmp_path: Path) -> None:
    assert found(tmp_path, "a.tf", "a.tofu", "b.tf", "a.tf.b.tf") == ["n3", "n1", "n2"]


def test_a_tofu_json_file_stands_in_place_of_its_tf_json_file_only(tmp_path: Path) -> None:
    vaults = '{"resource": {"aws_backup_vault": {"NAME": {"name": "x"}}}}'
    files = {name: vaults.replace("NAME", f"v{n}") for n, name in enumerate(["a.tf.json", "a.tofu.json", "b.tf.json"])}
    written(tmp_path, files | {"a.tf": VAULT.format(name="a")})
    assert sorted(by_address(read_root(tmp_path))) == [
        "aws_backup_vault.a", "aws_backup_vault.v1", "aws_backup_vault.v2",
    ]  # fmt: skip


def test_a_folder_with_a_files_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.tf").mkdir()
    assert found(tmp_path, "a.tf") == ["n0"]
    assert read_root(tmp_path).gaps == ()


def test_a_folder_without_files_has_nothing(tmp_path: Path) -> None:
    evaluation = read_root(tmp_path / "none")
    assert (evaluation.resources, evaluation.gaps) == ((), ())


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert vault(evaluated(tmp_path, "\ufeff" + VAULT.format(name="v")))["name"] == "v"


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b'resource "aws_backup_vault" "v" {\r\n  name = "v"\r\n}\r\n')
    resource = by_address(read_root(tmp_path))["aws_backup_vault.v"]
    assert resource.body.attributes["name"].value == "v"
    assert (resource.body.span.line, resource.body.span.end_line) == (1, 3)


def test_all_other_blocks_are_passed_over_without_loss(tmp_path: Path) -> None:
    evaluation = evaluated(
        tmp_path,
        """
        terraform {
          required_version = ">= 1.5"
          required_providers {
            aws = { source = "hashicorp/aws", configuration_aliases = [aws.west] }
          }
          backend "s3" { bucket = "state" }
          encryption { key_provider "pbkdf2" "k" { passphrase = "x" } }
        }
        moved {
          from = aws_backup_vault.old
          to   = aws_backup_vault.v
        }
        removed {
          from = aws_backup_vault.gone
          lifecycle { destroy = false }
        }
        import {
          to = aws_backup_vault.v
          id = "v"
        }
        check "health" {
          data "aws_backup_vault" "seen" { name = "v" }
          assert {
            condition     = true
            error_message = "no"
          }
        }
        ephemeral "aws_secretsmanager_secret_version" "secret" { secret_id = "s" }
        resource "aws_backup_vault" "v" {
          name = "v"
          tags = { secret = ephemeral.aws_secretsmanager_secret_version.secret.secret_string }
          lifecycle { prevent_destroy = true }
          provisioner "local-exec" { command = "true" }
          timeouts { delete = "1h" }
        }
        """,
    )
    assert list(by_address(evaluation)) == ["aws_backup_vault.v"]
    assert evaluation.gaps == ()
    resource = by_address(evaluation)["aws_backup_vault.v"]
    assert [block.name for block in resource.body.blocks] == ["timeouts"]
