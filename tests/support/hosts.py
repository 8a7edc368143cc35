"""Runs the real Checkov and cfn-lint as a user would, and reads what they report."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT
from tests.support.warm_hosts import warm_hosts

CHECKS = ROOT / "custom_checks"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Record:
    """A record of Checkov's JSON."""

    framework: str
    state: str
    code: str
    file: str
    resource: str
    name: str
    severity: str
    guideline: str
    lines: tuple[int, int]
    evidence: Mapping[str, object] | None
    caller: str


@dataclass(frozen=True)
class Run:
    """A finished run."""

    exit_code: int
    output: str
    errors: str

    def records(self, state: str = "failed", output: str | None = None) -> list[Record]:
        """Give Checkov's records in one state: ``failed``, ``passed`` or ``skipped``."""
        return sorted(_records(json.loads(self.output if output is None else output), state), key=_order)

    def matches(self) -> list[dict[str, Any]]:
        """Give cfn-lint's matches."""
        return list(json.loads(self.output))


def run_checkov(
    *arguments: str,
    folder: Path,
    checks: Path = CHECKS,
    environment: Mapping[str, str] | None = None,
    anew: bool = False,
) -> Run:
    """Run Checkov with our checks: started *anew* as a user would, or in a fork of a process that has imported it."""
    loading = ["--external-checks-dir", str(checks), "--skip-download"]
    return _run([str(BIN / "checkov"), *arguments, *loading], folder, environment, anew=anew)


def run_cfn_lint(
    *arguments: str,
    folder: Path,
    stdin: str = "",
    command: Path = BIN / "cfn-lint",
    environment: Mapping[str, str] | None = None,
    anew: bool = False,
) -> Run:
    """Run cfn-lint: started *anew* as a user would, or in a fork of a process that has imported it."""
    anew = anew or command != BIN / "cfn-lint"
    return _run([str(command), *arguments], folder, environment, stdin, anew=anew)


def copy_of_the_pack(folder: Path) -> Path:
    """Copy what a checkout needs to load the pack, to break it there."""
    for name in ("rules", "custom_checks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"))
    return folder


def _run(
    command: list[str], folder: Path, environment: Mapping[str, str] | None, stdin: str = "", *, anew: bool
) -> Run:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("RESTORE_READY", "CHECKOV"))}
    complete = {**inherited, "BC_SKIP_MAPPING": "TRUE", **(environment or {})}
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place, name) for name in ("in", "out", "err")]
        files[0].write_text(stdin)
        if anew:
            with files[0].open() as given, files[1].open("w") as out, files[2].open("w") as err:
                done = subprocess.run(
                    command, cwd=folder, env=complete, stdin=given, stdout=out, stderr=err, timeout=300, check=False
                )
            code = done.returncode
        else:
            code = warm_hosts().run(command, folder, complete, files)
        return Run(code, files[1].read_text(), files[2].read_text())


def _records(output: object, state: str) -> Iterator[Record]:
    for report in output if isinstance(output, list) else [output]:
        for one in report.get("results", {}).get(f"{state}_checks", []):
            yield Record(
                framework=report["check_type"],
                state=state,
                code=one["check_id"],
                file=one["file_path"],
                resource=one["resource"],
                name=one["check_name"],
                severity=one["severity"],
                guideline=one["guideline"],
                lines=tuple(one["file_line_range"]),
                evidence=one["check_result"].get("evidence"),
                caller=one["caller_file_path"] or "",
            )


def _order(record: Record) -> tuple[str, ...]:
    return (record.framework, record.file, record.resource, record.code, record.severity)
