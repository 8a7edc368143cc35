"""As many selections as file systems in Terraform, which have no id yet: the work grows with their number."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.effort import steps

from restore_ready import scan

COMMON = """
resource "aws_backup_vault" "v" {
  name = "v"
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = aws_backup_vault.v.name
  }
}
"""
PAIR = """
resource "aws_efs_file_system" "f%(n)d" {
  tags = { team = "t%(n)d" }
}
resource "aws_backup_selection" "s%(n)d" {
  name         = "s%(n)d"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = aws_iam_role.r.arn
  %(choice)s
}
"""
CHOICES = {
    "reference": "resources = [aws_efs_file_system.f%d.arn]",
    "ARN": 'resources = ["arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-%d"]',
    "tag": """selection_tag {
    type  = "STRINGEQUALS"
    key   = "team"
    value = "t%d"
  }""",
}


def effort(folder: Path, how: str, size: int) -> int:
    """Return the work of a scan of so many file systems, and a selection for each."""
    pairs = (PAIR % {"n": number, "choice": CHOICES[how] % number} for number in range(size))
    (folder / "main.tf").write_text("".join((COMMON, *pairs)), encoding="utf-8")
    return steps(lambda: scan([folder]))


@pytest.mark.parametrize("how", CHOICES)
def test_twice_as_many_take_twice_the_work(how: str, tmp_path: Path) -> None:
    effort(tmp_path, how, 1)  # what is worked out once for all scans
    few = effort(tmp_path, how, 60)
    assert effort(tmp_path, how, 120) <= 2 * few
