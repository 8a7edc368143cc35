"""Small sources with one finding, and what is offered for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.support.fixed_stories import fixes

from restore_ready import scan
from restore_ready.fixes._offer import Offer

PLAN = """\
resource "aws_backup_plan" "night" {
  name = "night"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    start_window      = %s
    completion_window = 600
  }
}
"""
VAULT = """\
resource "aws_backup_vault_policy" "v" {
  backup_vault_name = "v"
  policy = %s
}
"""
ROLE = """\
resource "aws_iam_role" "restore" {%s
  name = "AWSBackup-efs-restore"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"]
}
"""
START = """\
resource "aws_iam_policy" "start" {
  name = "start"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" }
  })
}
"""


def offer(folder: Path, files: Mapping[str, str]) -> Offer:
    """Write *files*, which may have any line ends, and return what is offered for them."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return fixes(folder, scan([folder]))


def fixed(folder: Path, text: str, name: str = "main.tf") -> str:
    """Return *text* as it is after its only finding is fixed."""
    found = offer(folder, {name: text})
    assert [one.why for one in found.by_hand] == []
    assert set(found.new) == {folder / name}
    return found.new[folder / name]
