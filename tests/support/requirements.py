"""Stacks and requirements files for the tests about requirements."""

from __future__ import annotations

from pathlib import Path

from tests.support import files

PLAN = """\
resource "aws_backup_plan" "%s" {
  name = "%s"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = %d
    completion_window = 600
  }
}
"""
WIDE = PLAN % ("night", "night", 480)
ALLOWED = "version: 1\nbackup: {start_within: 8h}\n"
STRICT = "version: 1\nbackup: {start_within: 60m}\n"


def write(folder: Path, **texts: str) -> Path:
    """Write files; ``main_tf`` is main.tf, and ``requirements`` is restore-ready.yaml."""
    names = {"requirements": "restore-ready.yaml"}
    return files.write(folder, {names.get(name, name.replace("_", ".")): text for name, text in texts.items()})
