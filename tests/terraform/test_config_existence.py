"""Instances that exist only under an open condition say which, and equal conditions are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terraform._written import by_address, evaluated, keys, values, written

from restore_ready.readers.terraform.language import Either, Ref, Unknown

VARIABLES = (
    'variable "on" {}\nvariable "off" {}\nvariable "n" {}\nvariable "teams" {}\nvariable "known" { default = true }\n'
)


def existence(folder: Path, meta: str, more: str = "") -> dict[str, list[str]]:
    vault = f'resource "aws_backup_vault" "v" {{\n  name = "v"\n  {meta}\n}}\n'
    found = by_address(evaluated(folder, VARIABLES + more + vault))
    return {address.removeprefix("aws_backup_vault.v"): keys(resource) for address, resource in found.items()}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("2", {"[0]": [], "[1]": []}),
        ("0", {}),
        ('"1"', {"[0]": []}),
        ("var.known ? 1 : 0", {"[0]": []}),
        ("var.on ? 1 : 0", {"[0]": ["var.on"]}),
        ("var.on ? 0 : 1", {"[0]": ["!var.on"]}),
        ("!var.on ? 1 : 0", {"[0]": ["!var.on"]}),
        ("!var.on ? 0 : 1", {"[0]": ["var.on"]}),
        ("(var.on) == true ? 1 : 0", {"[0]": ["var.on"]}),
        ("var.on != true ? 1 : 0", {"[0]": ["!var.on"]}),
        ("var.on && var.known ? 1 : 0", {"[0]": ["var.on"]}),
        ("var.on && var.off ? 1 : 0", {"[0]": ["var.on", "var.off"]}),
        ("var.on || var.off ? 0 : 1", {"[0]": ["!var.on", "!var.off"]}),
        ("var.on || var.off ? 1 : 0", {"[0]": ["(var.on || var.off)"]}),
        ("var.on ? 3 : 1", {"[0]": [], "[1]": ["var.on"], "[2]": ["var.on"]}),
        ("var.on ? 1 : 1", {"[0]": []}),
        ("var.on ? (var.off ? 1 : 0) : 0", {"[0]": ["var.on", "var.off"]}),
        ("var.n", {"[0]": ["var.n > 0"]}),
        ("length(var.teams)", {"[0]": ["length(var.teams) > 0"]}),
        ("var.on ? length(var.teams) : 0", {"[0]": ["var.on", "length(var.teams) > 0"]}),
        ("var.known ? length(var.teams) : 0", {"[0]": ["length(var.teams) > 0"]}),
        ('var.n == "x" ? 1 : 0', {"[0]": ['(var.n == "x")']}),
        ('var.n != "x" ? 1 : 0', {"[0]": ['!(var.n == "x")']}),
        ("var.n != null ? 1 : 0", {"[0]": ["!(var.n == null)"]}),
    ],
)
def test_counts(tmp_path: Path, count: str, expected: dict[str, list[str]]) -> None:
    assert existence(tmp_path, f"count = {count}") == expected


@pytest.mark.parametrize(
    ("for_each", "expected"),
    [
        ('toset(["a", "b"])', {'["a"]': [], '["b"]': []}),
        ("{}", {}),
        ("{ a = var.on }", {'["a"]': []}),
        ('var.on ? toset(["a"]) : toset([])', {'["a"]': ["var.on"]}),
        ('toset(var.on ? ["a"] : [])', {'["a"]': ["var.on"]}),
        ("var.on ? { a = 1, b = 2 } : { a = 3 }", {'["a"]': [], '["b"]': ["var.on"]}),
        ("var.on ? {} : { a = 3 }", {'["a"]': ["!var.on"]}),
        ("var.teams", {'["?"]': ["var.teams has more elements"]}),
        ("toset(var.teams)", {'["?"]': ["toset(var.teams) has more elements"]}),
        ("merge({ a = 1 }, var.teams)", {'["a"]': [], '["?"]': ['merge({"a": 1}, var.teams) has more elements']}),
        ("{ for team in var.teams : team => 1 }", {'["?"]': ["{for team in var.teams : team => 1} has more elements"]}),
        ("var.on ? var.teams : {}", {'["?"]': ["var.on", "var.teams has more elements"]}),
    ],
)
def test_keys(tmp_path: Path, for_each: str, expected: dict[str, list[str]]) -> None:
    assert existence(tmp_path, f"for_each = {for_each}") == expected


def test_equal_conditions_are_the_same_wherever_they_stand(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "m/main.tf": """
                variable "enabled" { type = bool }
                locals { create = var.enabled && true }
                resource "aws_backup_vault" "v" {
                  count = local.create ? 1 : 0
                  name  = "v"
                }
                output "enabled" { value = var.enabled }
                """
        },
    )
    evaluation = evaluated(
        tmp_path,
        """
        variable "on" {}
        locals { on = var.on }
        module "m" {
          source  = "./m"
          enabled = local.on
        }
        resource "aws_backup_plan" "p" {
          count = local.on ? 1 : 0
          name  = "p"
        }
        resource "aws_backup_plan" "q" {
          count = (module.m.enabled) ? 1 : 0
          name  = "q"
        }
        resource "aws_backup_plan" "r" {
          for_each = var.on ? { x = 1 } : {}
          name     = "r"
        }
        """,
    )
    assert {tuple(keys(resource)) for resource in evaluation.resources} == {("var.on",)}
    assert len(evaluation.resources) == 4
    condition = evaluation.resources[0].maybe[0]
    assert str(condition) == f"var.on (var.on has no value: {tmp_path}/main.tf:2)"


def test_what_a_module_is_not_given_is_its_own(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"m/main.tf": 'variable "on" {}\nresource "aws_backup_vault" "v" {\n  count = var.on ? 1 : 0\n}\n'},
    )
    evaluation = evaluated(tmp_path, 'module "a" { source = "./m" }\nmodule "b" { source = "./m" }\n')
    assert [keys(resource) for resource in evaluation.resources] == [["module.a.var.on"], ["module.b.var.on"]]


def test_a_condition_on_what_is_deployed_names_it(tmp_path: Path) -> None:
    more = 'data "aws_region" "here" {}\n'
    found = existence(tmp_path, 'count = data.aws_region.here.name == "eu-west-1" ? 1 : 0', more)
    assert found["[0]"] == ['(data.aws_region.here.name == "eu-west-1")']


def test_each_says_on_what_it_depends(tmp_path: Path) -> None:
    main = (
        VARIABLES
        + 'resource "aws_iam_role" "app" {\n  for_each = var.teams\n  name = each.key\n  path = each.value\n}\n'
    )
    (role,) = evaluated(tmp_path, main).resources
    assert role.address == 'aws_iam_role.app["?"]'
    name = role.body.attributes["name"].value
    assert isinstance(name, Unknown)
    assert name.why == "each.key of aws_iam_role.app is known only when var.teams is: var.teams has no value"
    assert str(name.span) == f"{tmp_path}/main.tf:4"


def test_equal_keys_of_an_open_collection_are_joined(tmp_path: Path) -> None:
    main = (
        VARIABLES
        + """
    resource "aws_backup_vault" "v" {
      for_each = var.teams
      name     = each.key
    }
    resource "aws_backup_plan" "p" {
      for_each = var.teams
      name     = each.key
    }
    """
    )
    first, second = evaluated(tmp_path, main).resources
    assert keys(first) == keys(second)


def test_known_keys_beside_open_ones_are_kept(tmp_path: Path) -> None:
    found = existence(tmp_path, "for_each = { a = 1, (var.n) = 2 }")
    assert found['["a"]'] == []
    assert len(found['["?"]']) == 1


def test_references_to_what_may_not_exist_keep_their_target(tmp_path: Path) -> None:
    main = (
        VARIABLES
        + """
    resource "aws_backup_vault" "v" {
      count = var.on ? 1 : 0
      name  = "v"
    }
    resource "aws_backup_vault" "k" {
      for_each = var.on ? { a = 1 } : {}
      name     = each.key
    }
    resource "aws_backup_plan" "p" {
      name = "p"
      rule { target_vault_name = aws_backup_vault.v[0].arn }
      rule { target_vault_name = one(aws_backup_vault.v[*].arn) }
      rule { target_vault_name = try(aws_backup_vault.v[0].arn, null) }
      rule { target_vault_name = aws_backup_vault.k["a"].arn }
    }
    """
    )
    rules = values(by_address(evaluated(tmp_path, main))["aws_backup_plan.p"].body)["rule"]
    first, splat, tried, keyed = (rule["target_vault_name"] for rule in rules)
    assert first == Ref("aws_backup_vault.v[0]", ("arn",))
    assert keyed == Ref('aws_backup_vault.k["a"]', ("arn",))
    for value in (splat, tried):
        assert isinstance(value, Either)
        assert (value.test.origin, value.yes, value.no) == ("var.on", first, None)


def test_an_instance_of_an_open_key_keeps_its_target(tmp_path: Path) -> None:
    main = (
        VARIABLES
        + """
    resource "aws_iam_role" "team" {
      for_each = var.teams
      name     = "team-${each.key}"
    }
    resource "aws_iam_role_policy" "team" {
      for_each = var.teams
      role     = aws_iam_role.team[each.key].name
    }
    """
    )
    policy = by_address(evaluated(tmp_path, main))['aws_iam_role_policy.team["?"]']
    assert policy.body.attributes["role"].value == Ref('aws_iam_role.team["?"]', ("name",))


@pytest.mark.parametrize(("enabled", "expected"), [("false", {}), ("true", {"": []}), ("var.on", {"": ["var.on"]})])
def test_enabled_says_whether_a_block_is_there(tmp_path: Path, enabled: str, expected: dict[str, list[str]]) -> None:
    assert existence(tmp_path, f"lifecycle {{ enabled = {enabled} }}") == expected


def test_a_count_that_terraform_refuses_says_why(tmp_path: Path) -> None:
    assert existence(tmp_path, "count = -1") == {
        "[0]": ["the count of aws_backup_vault.v: the count is not a whole number"]
    }
    assert existence(tmp_path, "count = null") == {"[0]": ["the count of aws_backup_vault.v: the count is null"]}
    assert existence(tmp_path, 'for_each = "text"') == {
        '["?"]': ["the for_each of aws_backup_vault.v: only lists, sets, maps and objects can be run over, not string"]
    }


def test_a_count_that_asks_for_itself_ends(tmp_path: Path) -> None:
    assert list(existence(tmp_path, "count = length(aws_backup_vault.v)")) in ([], ["[0]"])
