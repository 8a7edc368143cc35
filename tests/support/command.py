"""The command, run in this process or, where the test is about the process itself, as people start it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from restore_ready.cli import main

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
PLAN_IN_TEMPLATE = """\
Resources:
  Night:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: night
        BackupPlanRule:
          - {RuleName: night, TargetBackupVault: Default, ScheduleExpression: cron(0 13 * * ? *)}
"""


@dataclass(frozen=True)
class Done:
    """A finished run of ``restore-ready``."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The report in JSON."""
        assert self.out, self.err
        return dict(json.loads(self.out))

    def findings(self, verdict: str = "fail") -> list[tuple[str, str]]:
        """Return code and address of each finding with this verdict."""
        return [(one["code"], one["address"]) for one in self.document["findings"] if one["verdict"] == verdict]

    def unjudged(self, code: str) -> list[str]:
        """Return why this rule could not be judged, where it could not."""
        return [one["reason"] for one in self.document["not_judged"] if one["code"] == code]


def run(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
    """Run the command in this process, in *folder*, with nothing of ours in the environment but *environment*."""
    done = run_bytes(folder, *arguments, environment=environment)
    return Done(done.returncode, _text(done.stdout), _text(done.stderr))


def run_bytes(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as `run` does and return what it wrote byte for byte."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        within(folder),
        patch.dict(os.environ, _environment(environment), clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _left(arguments)
    out.flush()
    err.flush()
    return subprocess.CompletedProcess(arguments, code, _written(out), _written(err))


def run_json(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
    """Scan with the report in JSON on standard output."""
    return run(folder, "scan", "-o", "json", *arguments, environment=environment)


def scanned(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Scan and return the exit code and the report in JSON."""
    done = run_json(folder, *arguments)
    return done.code, done.document


def run_process(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, code: str = "") -> Done:
    """Start the command as people do, or *code* in its place."""
    start = ["-c", code] if code else ["-m", "restore_ready"]
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
        env=_environment(environment),
    )
    return Done(done.returncode, _text(done.stdout), _text(done.stderr))


@contextlib.contextmanager
def within(folder: Path) -> Iterator[None]:
    """Make *folder* the current one for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _environment(given: Mapping[str, str] | None) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("RESTORE_READY")}
    return {**inherited, **(given or {})}


def _left(arguments: tuple[str, ...]) -> int:
    try:
        main(arguments)
    except SystemExit as left:
        return int(left.code or 0)
    message = "the command must end by leaving the process"
    raise AssertionError(message)


def _written(stream: io.TextIOWrapper) -> bytes:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue()


def _text(written: bytes) -> str:
    return written.decode("utf-8").replace("\r\n", "\n")
