"""Stacks and requirements files for the tests about requirements."""

from __future__ import annotations

from pathlib import Path

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


def write(folder: Path, **files: str) -> Path:
    """Write files; ``main_tf`` is main.tf, and ``requirements`` is restore-ready.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {"requirements": "restore-ready.yaml"}
    for name, text in files.items():
        (folder / names.get(name, name.replace("_", "."))).write_text(text)
    return folder
