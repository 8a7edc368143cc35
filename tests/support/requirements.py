"""Stacks and requirements files for the tests about requirements."""

from __future__ import annotations

from pathlib import Path

from tests.support import files

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


def write(folder: Path, **texts: str) -> Path:
    """Write files; ``main_tf`` is main.tf, and ``requirements`` is restore-ready.yaml."""
    names = {"requirements": "restore-ready.yaml"}
    return files.write(folder, {names.get(name, name.replace("_", ".")): text for name, text in texts.items()})


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
vaults: {copy_only: ["*-dr"], protect: deny}
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
