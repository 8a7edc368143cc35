"""Which module calls are read however many there are, and what is said of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import Ref, Unresolved
from restore_ready.readers.terraform import Evaluation, evaluate_root

MODULE = """
variable "n" {
  default = ""
}
resource "aws_efs_file_system" "f" {
  creation_token = var.n
}
output "token" {
  value = aws_efs_file_system.f.creation_token
}
output "arn" {
  value = aws_efs_file_system.f.arn
}
output "id" {
  value = aws_efs_file_system.f.id
}
"""


def values(found: Evaluation, address: str) -> dict[str, object]:
    [block] = [block for block in found.blocks if block.address == address]
    return dict(block.values)


def token(found: Evaluation, module: str) -> object:
    return values(found, f"{module}.aws_efs_file_system.f")["creation_token"]


def file_systems(found: Evaluation) -> int:
    return sum(block.type == "aws_efs_file_system" for block in found.blocks)


def test_forty_module_calls_are_all_read_and_what_they_give_joins(tmp_path: Path) -> None:
    calls = [f'module "m{number:02}" {{\n  source = "./m"\n  n = "t{number}"\n}}\n' for number in range(40)]
    selection = """
resource "aws_backup_selection" "s" {
  resources = [module.m00.arn, module.m39.arn]
  name      = "${module.m00.token}-${module.m39.token}"
}
"""
    found = evaluate_root(write(tmp_path, {"main.tf": "".join(calls) + selection, "m/main.tf": MODULE}))
    assert file_systems(found) == 40
    assert found.gaps == ()
    chosen = values(found, "aws_backup_selection.s")
    assert chosen["resources"] == [Ref(f"module.m{number}.aws_efs_file_system.f", "arn") for number in ("00", "39")]
    assert chosen["name"] == "t0-t39"


def test_modules_given_something_random_do_not_crowd_out_the_others(tmp_path: Path) -> None:
    text = """
resource "random_id" "s" {
  byte_length = 4
}
module "a" {
  source = "./m"
  n      = "x-${random_id.s.hex}"
}
module "b" {
  source = "./m"
  n      = "b"
}
resource "aws_efs_file_system" "own" {}
"""
    found = evaluate_root(write(tmp_path, {"main.tf": text, "m/main.tf": MODULE}))
    assert file_systems(found) == 3
    assert found.gaps == ()
    assert token(found, "module.b") == "b"
    [own] = [block for block in found.blocks if block.address == "aws_efs_file_system.own"]
    assert own.place.line == 13


def test_modules_that_take_from_later_ones_are_evaluated_after_them(tmp_path: Path) -> None:
    size = 9
    calls = [
        f'module "m{number}" {{\n  source = "./m"\n  n = module.m{number + 1}.token\n}}\n' for number in range(size - 1)
    ]
    calls.append(f'module "m{size - 1}" {{\n  source = "./m"\n  n = "end"\n}}\n')
    found = evaluate_root(write(tmp_path, {"main.tf": "".join(calls), "m/main.tf": MODULE}))
    assert [token(found, f"module.m{number}") for number in range(size)] == ["end"] * size


def test_instances_of_modules_are_found_by_their_keys_and_numbers(tmp_path: Path) -> None:
    calls = [f'module "m{number:02}" {{\n  source = "./m"\n  n = "t{number}"\n}}\n' for number in range(30)]
    more = """
module "each" {
  source   = "./m"
  for_each = { "a b" = "1", c = "2" }
  n        = each.value
}
module "count" {
  source = "./m"
  count  = 2
  n      = "number ${count.index}"
}
module "z" {
  source = "./m"
  n      = "${module.each["a b"].token}, ${module.count[1].token}"
}
"""
    found = evaluate_root(write(tmp_path, {"main.tf": "".join(calls) + more, "m/main.tf": MODULE}))
    assert file_systems(found) == 35
    assert token(found, "module.z") == "1, number 1"


def test_what_a_module_does_not_tell_stays_unknown_to_the_next(tmp_path: Path) -> None:
    calls = [f'module "m{number:02}" {{\n  source = "./m"\n  n = "t{number}"\n}}\n' for number in range(33)]
    more = """
variable "unset" {}
module "open" {
  source = "./m"
  n      = var.unset
}
module "z" {
  source = "./m"
  n      = module.open.token == "a" ? "yes" : "no"
}
"""
    found = evaluate_root(write(tmp_path, {"main.tf": "".join(calls) + more, "m/main.tf": MODULE}))
    assert isinstance(token(found, "module.z"), Unresolved)


def test_many_modules_within_a_module_are_all_read(tmp_path: Path) -> None:
    inner = "".join(
        f'module "{kind}{number:02}" {{\n  source = "./{kind}"\n}}\n' for kind in ("a", "plan") for number in range(20)
    )
    files = {
        "main.tf": 'module "one" {\n  source = "./one"\n}\n',
        "one/main.tf": inner,
        "one/a/main.tf": 'resource "aws_efs_file_system" "f" {}\n',
        "one/plan/main.tf": 'resource "aws_backup_plan" "p" {}\n',
    }
    found = evaluate_root(write(tmp_path, files))
    assert file_systems(found) == 20
    assert len(found.blocks) == 40
    assert found.gaps == ()


def test_empty_modules_and_those_without_anything_of_interest_are_not_missed(tmp_path: Path) -> None:
    text = 'module "empty" {\n  source = "./empty"\n}\nmodule "queues" {\n  source = "./queues"\n}\n'
    files = {"main.tf": text, "empty/README.md": "", "queues/main.tf": 'resource "aws_sqs_queue" "q" {}\n'}
    assert evaluate_root(write(tmp_path, files)).gaps == ()


def test_a_module_that_is_not_where_it_should_be_is_a_gap(tmp_path: Path) -> None:
    found = evaluate_root(write(tmp_path, {"main.tf": 'module "backups" {\n  source = "./nowhere"\n}\n'}))
    [gap] = found.gaps
    assert gap.hides_backups
    assert gap.why == "the module ./nowhere is not here: there is no such folder"


def test_an_id_handed_out_by_a_module_leads_to_what_it_is_of(tmp_path: Path) -> None:
    text = """
module "outer" {
  source = "./outer"
}
resource "aws_efs_backup_policy" "p" {
  file_system_id = module.outer.id
}
"""
    outer = 'module "inner" {\n  source = "../m"\n}\noutput "id" {\n  value = module.inner.id\n}\n'
    found = evaluate_root(write(tmp_path, {"main.tf": text, "outer/main.tf": outer, "m/main.tf": MODULE}))
    expected = Ref("module.outer.module.inner.aws_efs_file_system.f", "id")
    assert values(found, "aws_efs_backup_policy.p")["file_system_id"] == expected


@pytest.mark.parametrize(
    ("name", "source", "hides"),
    [
        ("db_backup_iam_role", "terraform-aws-modules/iam/aws//modules/iam-assumable-role", False),
        ("s3-bucket-dbbackup", "github.com/org/modernisation-platform-terraform-s3-bucket?ref=v9", False),
        ("label_backup_role", "cloudposse/label/null", False),
        ("backup", "git::https://example.com/modules/storage.git", True),
        ("x", "cloudposse/backup/aws", True),
        ("x", "git::https://example.com/s3-backup.git", True),
        ("backup", "git::https://s3.example.com/storage.zip", True),
        ("files", "cloudposse/efs/aws", False),
    ],
)
def test_a_source_that_names_another_service_hides_no_backups(
    tmp_path: Path, name: str, source: str, *, hides: bool
) -> None:
    text = f'module "{name}" {{\n  source = "{source}"\n}}\n'
    [gap] = evaluate_root(write(tmp_path, {"main.tf": text})).gaps
    assert (gap.address, gap.hides_backups) == (f"module.{name}", hides)


def test_remote_modules_about_something_else_are_told_of_together(tmp_path: Path) -> None:
    text = """
module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}
module "logs" {
  source = "terraform-aws-modules/s3-bucket/aws"
}
module "files" {
  source = "cloudposse/efs/aws"
}
"""
    found = evaluate_root(write(tmp_path, {"main.tf": text}))
    init = "run terraform init so that .terraform/modules has"
    assert {gap.address: gap.why for gap in found.gaps} == {
        "module.files": f"the module cloudposse/efs/aws is not here: {init} it",
        "module.vpc": f"2 modules are not here (vpc, s3-bucket): {init} them",
    }


def test_blocks_that_no_rule_looks_at_are_not_missed(tmp_path: Path) -> None:
    text = """
variable "unset" {}
resource "aws_route53_record" "r" {
  for_each = var.unset
}
resource "aws_efs_mount_target" "t" {
  for_each = var.unset
}
resource "aws_backup_selection" "s" {
  for_each = var.unset
  dynamic "selection_tag" {
    for_each = each.value
    content { key = "backup" }
  }
}
data "aws_iam_policy_document" "d" {
  for_each = var.unset
}
module "queues" {
  source   = "./queues"
  for_each = var.unset
}
module "plans" {
  source   = "./plans"
  for_each = var.unset
}
"""
    files = {
        "main.tf": text,
        "queues/main.tf": 'resource "aws_sqs_queue" "q" {}\n',
        "plans/main.tf": 'resource "aws_backup_plan" "p" {}\n',
    }
    found = evaluate_root(write(tmp_path, files))
    assert {gap.address: gap.hides_backups for gap in found.gaps} == {
        "aws_backup_selection.s": False,
        "module.plans": False,
    }
    assert {block.address for block in found.blocks} == {
        'aws_efs_mount_target.t["?"]',
        'aws_backup_selection.s["?"]',
        'data.aws_iam_policy_document.d["?"]',
        'module.plans["?"].aws_backup_plan.p',
    }


def test_a_root_of_very_many_types_keeps_what_matters_and_its_lines(tmp_path: Path) -> None:
    many = "".join(f'resource "aws_type{number}" "t" {{\n  name = "n{number}"\n}}\n' for number in range(300))
    text = """
resource "aws_efs_file_system" "f" {
  creation_token = "${aws_type7.t.name}-${local.short}"
}
locals {
  short = aws_type8.t.name
}
output "all" {
  value = aws_type9.t.name
}
"""
    found = evaluate_root(write(tmp_path, {"main.tf": many + text, "other.tf": many.replace('"t"', '"u"')}))
    assert found.gaps == ()
    [block] = found.blocks
    assert block.values["creation_token"] == "n7-n8"  # noqa: S105  # no password
    assert block.place.line == 902


def test_the_scanned_files_are_never_written_to(tmp_path: Path) -> None:
    calls = [f'module "m{number:02}" {{\n  source = "./m"\n  n = "t{number}"\n}}\n' for number in range(40)]
    files = {"main.tf": "".join(calls), "m/main.tf": MODULE, "restore_ready_modules.tf.json": "{}"}
    found = evaluate_root(write(tmp_path, files))
    assert file_systems(found) == 40
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in files} == files
