"""RR305 leaves vaults alone that hold backups of other services only."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import Fail, scan

STACK = """
resource "aws_backup_vault" "v" {{
  name = "v"
}}
resource "aws_backup_plan" "p" {{
  name = "p"
  rule {{
    rule_name         = "r"
    target_vault_name = aws_backup_vault.v.name
  }}
}}
resource "aws_dynamodb_table" "t" {{
  name = "t"
}}
variable "open" {{
  type = string
}}
{selections}
"""
TABLE = "resources = [aws_dynamodb_table.t.arn]"
ARN = 'resources = ["arn:aws:rds:eu-west-1:111122223333:db:orders"]'
FILES = 'resources = ["arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"]'
TAGGED = """
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "yes"
  }"""


def selection(number: int, chosen: str, plan: str = "aws_backup_plan.p.id") -> str:
    role = "arn:aws:iam::111122223333:role/AWSBackup-all"
    head = f'name = "s"\n  plan_id = {plan}\n  iam_role_arn = "{role}"'
    return f'resource "aws_backup_selection" "s{number}" {{\n  {head}\n  {chosen}\n}}'


@pytest.mark.parametrize(
    ("selections", "fails"),
    [
        ([], True),
        ([selection(1, TABLE)], False),
        ([selection(1, TABLE), selection(2, ARN)], False),
        ([selection(1, TABLE), selection(2, FILES)], True),
        ([selection(1, TAGGED)], True),
        ([selection(1, 'resources = ["*"]')], True),
        ([selection(1, TABLE), selection(2, FILES, "var.open")], True),
        ([selection(1, "resources = [var.open]")], True),
    ],
    ids=["none", "a table", "two others", "files too", "by tag", "everything", "of a plan not known", "not known"],
)
def test_only_plans_that_may_back_up_efs_count(tmp_path: Path, selections: list[str], *, fails: bool) -> None:
    (tmp_path / "main.tf").write_text(STACK.format(selections="\n".join(selections)))
    found = [one.verdict for one in scan([tmp_path]).judgements if one.rule.code == "RR305"]
    assert [type(one) for one in found] == [Fail] * fails
