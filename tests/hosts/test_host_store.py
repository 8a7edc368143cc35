"""The verdicts a host asks for, one resource at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.host_project import RULE, TEMPLATE

from restore_ready import Broken, Fail, Gap, Pass, Place, Unknown
from restore_ready.hosts._store import Roots, Verdicts, template_verdicts, without_indices

TAGGED = """
resource "aws_efs_file_system" "data" {
  tags = { tier = "daily" }
}
resource "aws_backup_vault" "data" {
  name = "data"
}
"""
BY_TAG = """
resource "aws_backup_selection" "daily" {
  name         = "daily"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "tier"
    value = "daily"
  }
}
"""
PLANS = f"""
resource "aws_backup_plan" "own" {{
  for_each = {{ wide = 480, narrow = 60 }}
  name     = each.key
{RULE % "each.value"}
}}
"""


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("aws_backup_plan.a", "aws_backup_plan.a"),
        ("aws_backup_plan.a[0]", "aws_backup_plan.a"),
        ('module.m["a.b"].aws_backup_plan.a["x]y"]', "module.m.aws_backup_plan.a"),
        ('module.m["a\\"]b"].aws_backup_plan.a', "module.m.aws_backup_plan.a"),
        ("module.m[0].module.n[1].aws_backup_plan.a", "module.m.module.n.aws_backup_plan.a"),
        ("aws_backup_plan.a[", "aws_backup_plan.a"),
        ("", ""),
    ],
)
def test_indices_are_stripped_off_every_part_of_an_address(address: str, plain: str) -> None:
    assert without_indices(address) == plain


def test_an_instance_has_its_own_verdict_and_the_whole_resource_the_gravest(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLANS)
    verdicts = Roots([tmp_path], tmp_path).verdicts(tmp_path)

    assert isinstance(verdicts.find("RR201", 'aws_backup_plan.own["wide"]'), Fail)
    assert isinstance(verdicts.find("RR201", 'aws_backup_plan.own["narrow"]'), Pass)
    assert isinstance(verdicts.find("RR201", "aws_backup_plan.own"), Fail)


def test_a_rule_with_nothing_to_judge_at_an_address_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLANS)
    verdicts = Roots([tmp_path], tmp_path).verdicts(tmp_path)

    assert verdicts.find("RR403", 'aws_backup_plan.own["wide"]') is None
    assert verdicts.find("RR201", "aws_backup_plan.other") is None


def test_a_template_that_changed_is_read_again(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    before = template_verdicts(template, tmp_path).find("RR201", "Narrow")
    template.write_text(TEMPLATE.replace("StartWindowMinutes: 60", "StartWindowMinutes: 90"))
    os.utime(template, (1, 1))

    assert isinstance(before, Pass)
    assert isinstance(template_verdicts(template, tmp_path).find("RR201", "Narrow"), Fail)


def test_a_selection_by_tag_in_another_root_of_the_scanned_folder_leaves_coverage_open(tmp_path: Path) -> None:
    for name, text in (("one", TAGGED), ("two", BY_TAG)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    one = tmp_path / "one"
    within_all = Roots([one], tmp_path).verdicts(one).find("RR102", "aws_efs_file_system.data")
    alone = Roots([one], one).verdicts(one).find("RR102", "aws_efs_file_system.data")

    assert isinstance(within_all, Unknown)
    assert "aws_backup_selection.daily" in within_all.why
    assert alone != within_all


def test_a_root_none_of_whose_files_can_be_read_is_unread_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(f"# \0\n{PLANS}")
    verdicts = Roots([tmp_path], tmp_path).verdicts(tmp_path)

    assert verdicts.unread == "the file is binary, not Terraform"
    assert verdicts.find("RR201", "aws_backup_plan.own") == Unknown(verdicts.unread)


def test_modules_that_call_each_other_leave_the_rest_of_a_root_judged(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('module "self" {\n  source = "./."\n}\n' + PLANS)
    verdicts = Roots([tmp_path], tmp_path).verdicts(tmp_path)

    assert verdicts.unread == ""
    assert isinstance(verdicts.find("RR201", 'aws_backup_plan.own["narrow"]'), Pass)


def test_a_resource_that_was_not_read_is_unknown_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLANS)
    (tmp_path / "broken.tf").write_text('resource "aws_backup_plan" "lost" {{{')
    verdicts = Roots([tmp_path], tmp_path).verdicts(tmp_path)
    lost = verdicts.find("RR201", "aws_backup_plan.lost")

    assert isinstance(lost, Unknown)
    assert "broken.tf" in lost.why
    assert isinstance(verdicts.find("RR201", 'aws_backup_plan.own["narrow"]'), Pass)


def test_a_module_that_is_not_here_explains_its_resources(tmp_path: Path) -> None:
    gap = Gap("module.efs", Place("main.tf", 1), "the module is not here")
    verdicts = Verdicts(tmp_path, gaps=(gap,))

    assert verdicts.find("RR201", "module.efs[0].aws_backup_plan.a") == Unknown(
        "module.efs could not be read: the module is not here"
    )
    assert verdicts.find("RR201", "module.efs_other.aws_backup_plan.a") is None


def test_a_reader_that_broke_makes_every_rule_broken(tmp_path: Path) -> None:
    verdicts = Verdicts(tmp_path, crashed="KeyError: 'x'")

    assert verdicts.find("RR201", "aws_backup_plan.own") == Broken("KeyError: 'x'")
    assert [code for code, _ in verdicts.broken(["RR201", "RR202"], "aws_backup_plan.own")] == ["RR201", "RR202"]
