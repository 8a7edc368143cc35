"""As many selections as file systems in Terraform, ids and tags perhaps not known: the work grows with their number."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.effort import steps

from restore_ready import scan

COMMON = """
variable "tags" {
  type = map(string)
}
variable "team" {
  type = string
}
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
  tags = %(tags)s
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
OWN = '{ team = "t%d" }'
CASES = [("reference", OWN), ("ARN", OWN), ("tag", OWN), ("tag", "var.tags"), ("tag", "{ team = var.team }")]


def effort(folder: Path, how: str, tags: str, size: int) -> int:
    """Return the work of a scan of so many file systems, and a selection for each."""
    numbers = range(size)
    pairs = (PAIR % {"n": n, "choice": CHOICES[how] % n, "tags": tags.replace("%d", str(n))} for n in numbers)
    (folder / "main.tf").write_text("".join((COMMON, *pairs)), encoding="utf-8")
    return steps(lambda: scan([folder]))


@pytest.mark.thorough
@pytest.mark.parametrize(("how", "tags"), CASES)
def test_twice_as_many_take_twice_the_work(how: str, tags: str, tmp_path: Path) -> None:
    effort(tmp_path, how, tags, 1)  # what is worked out once for all scans
    few = effort(tmp_path, how, tags, 40)
    assert effort(tmp_path, how, tags, 80) <= 2 * few
