"""Stacks and requirements files for the tests about requirements, and the real command to judge them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restore_ready import RequirementsFile
from restore_ready.requirements._load import load_requirements_file

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


@dataclass(frozen=True)
class Done:
    """A finished run of ``restore-ready``."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        assert self.out, self.err
        found: dict[str, Any] = json.loads(self.out)
        return found

    def findings(self, verdict: str = "fail") -> list[tuple[str, str]]:
        return [(one["code"], one["address"]) for one in self.document["findings"] if one["verdict"] == verdict]

    def unjudged(self, code: str) -> list[str]:
        return [one["reason"] for one in self.document["not_judged"] if one["code"] == code]


def run(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("RESTORE_READY")}
    done = subprocess.run(
        [sys.executable, "-m", "restore_ready", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**inherited, **(environment or {})},
    )
    return Done(done.returncode, done.stdout, done.stderr)


def run_json(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
    return run(folder, "scan", "-o", "json", *arguments, environment=environment)


def write(folder: Path, **files: str) -> Path:
    """Write files; ``main_tf`` is main.tf, and ``requirements`` is restore-ready.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {"requirements": "restore-ready.yaml"}
    for name, text in files.items():
        (folder / names.get(name, name.replace("_", "."))).write_text(text)
    return folder


FULL = """\
version: 1
time_zone: Asia/Tokyo
backup:
  automatic: allow
  start_within: 60m
  complete_within: 3h
  allowed_hours: 22:00-05:00
  blackouts:
    - {name: office hours, days: mon-fri, hours: "09:00-18:00"}
    - {name: nightly batch, schedule: "cron(30 1 * * ? *)", lasts: 45m}
    - {name: closing, days: [sat, sun]}
  every: 24h
  keep_at_least: 35d
  keep_at_most: 90d
  external_selections:
    - tags: {backup: daily}
    - resources: ["arn:aws:elasticfilesystem:*:*:file-system/fs-1"]
  sizes: {"*data*": 500GiB, home: 2TB}
restore:
  operators: ["*oncall*"]
  roles: ["restore-*"]
  mover: [move]
  within: 4h
  rehearse_every: 90d
vaults: {copy_only: ["*-dr"]}
overrides:
  - match: {tags: {tier: gold}, name: [a, b*], address: "module.x.*"}
    time_zone: UTC
    backup: {every: 4h}
    restore: {within: 1h}
exceptions:
  - {rule: RR101, match: "aws_efs_*.scratch", reason: rebuilt nightly, owner: team-web, expires: 2027-03-31}
"""


def load(folder: Path, text: str) -> RequirementsFile:
    return load_requirements_file(write(folder, requirements=text) / "restore-ready.yaml")
