"""What resources and modules are to expressions: values where known, else references with their attribute."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terraform._written import by_address, evaluated, values

from restore_ready.readers.terraform.language import Ref, Text, Unknown

MAIN = """
variable "open" {}
variable "teams" {}
resource "aws_efs_file_system" "one" {
  creation_token = "token"
  encrypted      = var.open
  tags           = { a = var.open, b = "known" }
}
resource "aws_efs_file_system" "many" {
  count          = 2
  creation_token = "t${count.index}"
}
resource "aws_iam_role" "app" {
  for_each = toset(["a", "b"])
  name     = "role-${each.key}"
}
resource "aws_iam_role" "team" {
  for_each = var.teams
  name     = "team-${each.key}"
}
data "aws_iam_policy" "managed" { arn = "arn:aws:iam::aws:policy/X" }
data "aws_region" "here" {}
resource "aws_backup_selection" "s" { value = %s }
"""


def value(folder: Path, expression: str) -> object:
    found = by_address(evaluated(folder, MAIN % expression))
    return values(found["aws_backup_selection.s"].body)["value"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_efs_file_system.one.arn", Ref("aws_efs_file_system.one", ("arn",))),
        ("aws_efs_file_system.one.creation_token", "token"),
        ("aws_efs_file_system.one.encrypted", Ref("aws_efs_file_system.one", ("encrypted",))),
        ("aws_efs_file_system.one.tags.b", Ref("aws_efs_file_system.one", ("tags", "b"))),
        ("aws_efs_file_system.one.sizes[0].value", Ref("aws_efs_file_system.one", ("sizes", 0, "value"))),
        ("aws_efs_file_system.many[1].id", Ref("aws_efs_file_system.many[1]", ("id",))),
        ("aws_efs_file_system.many[0].creation_token", "t0"),
        ("aws_efs_file_system.many.*.creation_token", ["t0", "t1"]),
        ("length(aws_efs_file_system.many)", 2),
        ('aws_iam_role.app["a"].arn', Ref('aws_iam_role.app["a"]', ("arn",))),
        ("values(aws_iam_role.app)[*].name", ["role-a", "role-b"]),
        ('[for key, role in aws_iam_role.app : role.id if key != "b"]', [Ref('aws_iam_role.app["a"]', ("id",))]),
        ("data.aws_iam_policy.managed.arn", "arn:aws:iam::aws:policy/X"),
        ("data.aws_region.here.name", Ref("data.aws_region.here", ("name",))),
    ],
)  # fmt: skip
def test_names_lead_to_values_or_references(tmp_path: Path, expression: str, expected: object) -> None:
    assert value(tmp_path, expression) == expected


def test_text_keeps_what_is_known_around_a_reference(tmp_path: Path) -> None:
    found = value(tmp_path, '"${aws_efs_file_system.one.arn}/x"')
    assert isinstance(found, Text)
    assert found.parts == (Ref("aws_efs_file_system.one", ("arn",)), "/x")


def test_a_name_of_open_keys_is_known_in_part(tmp_path: Path) -> None:
    role = by_address(evaluated(tmp_path, MAIN % "1"))['aws_iam_role.team["?"]']
    name = role.body.attributes["name"].value
    assert isinstance(name, Text)
    assert name.parts[0] == "team-"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("aws_efs_file_system.none.arn", "aws_efs_file_system.none is not declared"),
        ("data.aws_region.none.name", "data.aws_region.none is not declared"),
        ("module.none.arn", "module.none is not declared"),
        ("local.none", "local.none is not declared"),
        ("var.none", "var.none is not declared"),
        ("each.key", "each has no meaning here"),
        ("var", "var alone is not a value"),
        ("path.cwd", "path.cwd depends on where Terraform runs"),
        ("terraform.workspace", "terraform.workspace is chosen when Terraform runs"),
        ("ephemeral.a.b.c", "ephemeral values are known only while Terraform runs"),
    ],
)
def test_what_leads_nowhere_says_why(tmp_path: Path, expression: str, why: str) -> None:
    found = value(tmp_path, expression)
    assert isinstance(found, Unknown)
    assert found.why == why


def test_what_depends_on_itself_ends(tmp_path: Path) -> None:
    main = """
    locals {
      a = local.b
      b = local.a
    }
    resource "aws_backup_vault" "v" {
      name = local.a
      tags = { x = aws_backup_vault.v.name, y = aws_backup_vault.w.name }
    }
    resource "aws_backup_vault" "w" { name = aws_backup_vault.v.tags.x }
    """
    found = values(evaluated(tmp_path, main).resources[0].body)
    assert isinstance(found["name"], Unknown)
    assert found["name"].why == "local.a depends on itself"


def test_path_root_and_module(tmp_path: Path) -> None:
    assert value(tmp_path, '"${path.root}${path.module}"') == ".."
