"""Modules: where they are, what they are given, what they return, and how often they are called."""

from __future__ import annotations

import json
from pathlib import Path

from tests.terraform._written import by_address, evaluated, keys, vault, written

from restore_ready.readers.terraform.configuration import read_root
from restore_ready.readers.terraform.language import Ref, Unknown

MODULE = """
variable "name" {}
variable "days" { default = 7 }
resource "aws_backup_vault" "v" { name = "${var.name}-${var.days}" }
output "vault" { value = aws_backup_vault.v }
output "arn" { value = aws_backup_vault.v.arn }
output "name" { value = aws_backup_vault.v.name }
output "folder" { value = path.module }
"""


def test_a_local_module_is_evaluated_with_its_arguments(tmp_path: Path) -> None:
    written(tmp_path, {"modules/m/main.tf": MODULE})
    evaluation = evaluated(
        tmp_path,
        """
        locals { base = "b" }
        module "m" {
          source = "./modules/m"
          name   = local.base
        }
        resource "aws_backup_vault" "v" {
          name = module.m.name
          tags = { arn = module.m.arn, arn2 = module.m.vault.arn, folder = module.m.folder }
        }
        """,
    )
    arn = Ref("module.m.aws_backup_vault.v", ("arn",))
    assert vault(evaluation) == {"name": "b-7", "tags": {"arn": arn, "arn2": arn, "folder": "modules/m"}}
    inner = by_address(evaluation)["module.m.aws_backup_vault.v"]
    assert [str(call) for call in inner.calls] == [f"{tmp_path}/main.tf:3"]
    assert str(inner.body.span) == f"{tmp_path}/modules/m/main.tf:4"


def test_modules_are_counted_and_repeated(tmp_path: Path) -> None:
    written(tmp_path, {"m/main.tf": MODULE})
    evaluation = evaluated(
        tmp_path,
        """
        module "c" {
          count  = 2
          source = "./m"
          name   = "c${count.index}"
        }
        module "e" {
          for_each = { a = 1, b = 2 }
          source   = "./m"
          name     = each.key
          days     = each.value
        }
        resource "aws_backup_vault" "v" {
          name = join(",", module.c[*].name)
          tags = { for key, one in module.e : key => one.name }
        }
        """,
    )
    assert list(by_address(evaluation)) == [
        "aws_backup_vault.v", "module.c[0].aws_backup_vault.v", "module.c[1].aws_backup_vault.v",
        'module.e["a"].aws_backup_vault.v', 'module.e["b"].aws_backup_vault.v',
    ]  # fmt: skip
    assert vault(evaluation) == {"name": "c0-7,c1-7", "tags": {"a": "a-1", "b": "b-2"}}


def test_modules_call_modules(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "a/main.tf": 'variable "n" {}\nmodule "b" {\n  source = "../b"\n  name = "in-${var.n}"\n}\n',
            "b/main.tf": MODULE,
        },
    )
    evaluation = evaluated(tmp_path, 'module "a" {\n  source = "./a"\n  n = "x"\n}\n')
    address = "module.a.module.b.aws_backup_vault.v"
    assert vault(evaluation, address)["name"] == "in-x-7"
    assert [str(call) for call in by_address(evaluation)[address].calls] == [
        f"{tmp_path}/main.tf:1", f"{tmp_path}/a/main.tf:2",
    ]  # fmt: skip


def test_an_installed_module_is_found_by_its_path_of_names(tmp_path: Path) -> None:
    listed = [
        {"Key": "", "Dir": "."},
        {"Key": "far", "Source": "registry.example/x/y/aws", "Dir": ".terraform/modules/far/sub"},
        {"Key": "far.near", "Source": "git::https://example.com/z.git", "Dir": ".terraform/modules/far.near"},
    ]
    near = 'module "near" {\n  source = "git::https://example.com/z.git"\n  name = "deep"\n}\n'
    written(
        tmp_path,
        {
            ".terraform/modules/modules.json": json.dumps({"Modules": listed}),
            ".terraform/modules/far/sub/main.tf": near,
            ".terraform/modules/far.near/main.tf": MODULE,
        },
    )
    evaluation = evaluated(tmp_path, 'module "far" {\n  source = "x/y/aws//sub"\n  version = "1.0"\n}\n')
    assert vault(evaluation, "module.far.module.near.aws_backup_vault.v")["name"] == "deep-7"
    assert evaluation.modules == ()


def test_a_module_that_is_not_here_is_told_with_its_arguments(tmp_path: Path) -> None:
    evaluation = evaluated(
        tmp_path,
        """
        module "far" {
          for_each        = toset(["a"])
          source          = "terraform-aws-modules/efs/aws"
          version         = "1.6.3"
          name            = "files-${each.key}"
          enable_backup   = true
        }
        resource "aws_backup_vault" "v" { name = module.far["a"].id }
        """,
    )
    (module,) = evaluation.modules
    assert module.address == 'module.far["a"]'
    assert module.source == "terraform-aws-modules/efs/aws"
    assert module.folder is None
    assert module.why.startswith("the module terraform-aws-modules/efs/aws is not here: run terraform init")
    assert {name: argument.value for name, argument in module.arguments.items()} == {
        "name": "files-a", "enable_backup": True,
    }  # fmt: skip
    assert vault(evaluation)["name"] == Ref('module.far["a"]', ("id",))


def test_a_folder_that_is_missing_or_empty_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    evaluation = evaluated(
        tmp_path, 'module "a" { source = "./none" }\nmodule "b" { source = "./empty" }\nmodule "c" {}\n'
    )
    assert [module.why for module in evaluation.modules] == [
        "the module ./none is not here: there is no such folder",
        "the module ./empty could not be read: it has no blocks",
        "the module whose source is not known is not here: run terraform init so that .terraform/modules has it",
    ]


def test_an_open_source_is_told(tmp_path: Path) -> None:
    evaluation = evaluated(tmp_path, 'variable "s" {}\nmodule "a" { source = var.s }\n')
    assert isinstance(evaluation.modules[0].source, Unknown)


def test_modules_in_a_circle_end(tmp_path: Path) -> None:
    written(tmp_path, {"m/main.tf": 'module "b" { source = "../" }\nresource "aws_backup_vault" "v" { name = "v" }'})
    evaluation = evaluated(tmp_path, 'module "a" { source = "./m" }\n')
    assert list(by_address(evaluation)) == ["module.a.aws_backup_vault.v"]
    assert [(module.address, module.why) for module in evaluation.modules] == [
        ("module.a.module.b", "the module ../ is not read: modules call each other in a circle")
    ]


def test_a_module_of_an_open_count_passes_its_doubt_on(tmp_path: Path) -> None:
    written(tmp_path, {"m/main.tf": MODULE})
    evaluation = evaluated(
        tmp_path,
        """
        variable "on" {}
        module "m" {
          count  = var.on ? 1 : 0
          source = "./m"
          name   = "x"
        }
        """,
    )
    assert keys(by_address(evaluation)["module.m[0].aws_backup_vault.v"]) == ["var.on"]


def test_an_argument_that_the_module_does_not_declare_is_passed_over(tmp_path: Path) -> None:
    written(tmp_path, {"m/main.tf": MODULE})
    evaluation = evaluated(tmp_path, 'module "m" {\n  source = "./m"\n  name = "x"\n  more = 1\n}\n')
    assert vault(evaluation, "module.m.aws_backup_vault.v")["name"] == "x-7"


def test_a_module_read_for_two_roots_is_evaluated_for_each(tmp_path: Path) -> None:
    written(tmp_path, {"m/main.tf": MODULE, "a/main.tf": 'module "m" {\n  source = "../m"\n  name = "a"\n}\n'})
    assert vault(read_root(tmp_path / "a"), "module.m.aws_backup_vault.v")["name"] == "a-7"
