"""The command, run as people run it, and a plan that it finds something wrong with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PLAN = """\
resource "aws_backup_vault" "v" {
  name = "v"
}

resource "aws_backup_plan" "night" {
  name = "night"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = 480
    completion_window = 600
  }
}
"""


def run(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "restore_ready", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def run_json(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = run(folder, "scan", "-o", "json", *arguments)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)
