"""Does the pack really fire in each installed host? Seen by running it on a canary.

A host that does not find the pack says nothing and exits with 0, so nothing short of a finding proves that it works.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from restore_ready._errors import UnreadableError
from restore_ready._temporary_folder import temporary_folder
from restore_ready._version import __version__
from restore_ready.catalog._codes import PACK_BROKEN
from restore_ready.model import Broken, Fail, Requirements
from restore_ready.requirements._find import VARIABLE
from restore_ready.scanning._scan import scan

_LIMIT_SECONDS = 300
_TEMPLATE_FILE = "canary.yaml"
_CODE = "RR201"
_TERRAFORM = """resource "aws_backup_plan" "canary" {
  name = "canary"
  rule {
    rule_name         = "canary"
    target_vault_name = "canary"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = 480
    completion_window = 600
  }
}
"""
_TEMPLATE = """Resources:
  Canary:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: canary
        BackupPlanRule:
          - RuleName: canary
            TargetBackupVault: canary
            ScheduleExpression: cron(0 13 * * ? *)
            StartWindowMinutes: 480
            CompletionWindowMinutes: 600
"""
_FILES = {"canary.tf": _TERRAFORM, _TEMPLATE_FILE: _TEMPLATE}


class HostReport(Struct, frozen=True):
    """Whether the pack works in one host.

    Attributes:
        name: ``restore-ready scan``, ``checkov`` or ``cfn-lint``.
        version: the host's; empty where it is not installed.
        ok: false only where the host is installed and the pack does not work in it.
        detail: what was seen.
    """

    name: str
    version: str
    ok: bool
    detail: str


def check_hosts() -> list[HostReport]:
    """Run the scan of our own and every installed host on a canary; takes some 10 seconds."""
    with temporary_folder() as folder:
        for file, text in _FILES.items():
            (folder / file).write_text(text, encoding="utf-8")
        return [
            _check_scan(folder),
            _check_host("checkov", folder, _run_checkov),
            _check_host("cfn-lint", folder, _run_cfn_lint),
        ]


def checks_folder() -> Path:
    """Return the folder for Checkov's ``--external-checks-dir``.

    Raises:
        FileNotFoundError: if it is not where the installation puts it.
    """
    spec = find_spec("restore_ready.custom_checks")
    if spec is None or spec.origin is None:
        msg = "restore_ready.custom_checks is not installed beside restore_ready: reinstall restore-ready"
        raise FileNotFoundError(msg)
    return Path(spec.origin).parent


def _check_scan(folder: Path) -> HostReport:
    name = "restore-ready scan"
    try:
        found = scan([folder], requirements=Requirements())
    except Exception as error:  # noqa: BLE001  # to say what is broken is what the doctor is for
        return HostReport(name, __version__, ok=False, detail=f"{type(error).__name__}: {error}")
    fails = [
        judgement
        for judgement in found.judgements
        if judgement.rule.code == _CODE and isinstance(judgement.verdict, Fail)
    ]
    broken = [
        f"{judgement.rule.code}: {judgement.verdict.error}"
        for judgement in found.judgements
        if isinstance(judgement.verdict, Broken)
    ]
    broken += [f"{crash.path.name}: {crash.error}" for crash in found.crashes]
    ok, detail = _conclude(_FILES, [Path(judgement.place.file).name for judgement in fails], broken)
    return HostReport(name, __version__, ok, detail)


def _conclude(canaries: Iterable[str], fired: Sequence[str], broken: Sequence[str]) -> tuple[bool, str]:
    files = list(canaries)
    silent = [file for file in files if file not in fired]
    if broken:
        return False, f"the pack is broken: {broken[0]}"
    if silent:
        return False, f"{_CODE} did not fire on {' and '.join(silent)}"
    return True, f"{_CODE} fired on {' and '.join(files)}"


def _check_host(name: str, folder: Path, run: Callable[[str, Path], tuple[bool, str]]) -> HostReport:
    try:
        installed = version(name)
    except PackageNotFoundError:
        return HostReport(name, "", ok=True, detail="not installed in this environment")
    command = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if command is None:
        return HostReport(name, installed, ok=False, detail=f"the command {name} is not beside {sys.executable}")
    try:
        ok, detail = run(command, folder)
    except (OSError, ValueError, subprocess.TimeoutExpired, UnreadableError) as error:
        ok, detail = False, f"the run on a canary failed: {error}"
    return HostReport(name, installed, ok, detail)


def _run_checkov(command: str, folder: Path) -> tuple[bool, str]:
    arguments = ["-d", ".", "--framework", "terraform", "cloudformation", "--skip-download", "-o", "json"]
    loading = ["--external-checks-dir", str(checks_folder()), "--check", "RR*"]
    records = list(_failed_records(_json_from([command, *arguments, *loading], folder)))
    fired = [Path(file).name for code, file, _ in records if code == _CODE]
    return _conclude(_FILES, fired, [name for code, _, name in records if code == PACK_BROKEN.code])


def _failed_records(output: object) -> Iterator[tuple[str, str, str]]:
    """Yield code, file and name of Checkov's failed records: one report, or a list of them, one for each framework."""
    for report in output if isinstance(output, list) else [output]:
        results = report.get("results", {}) if isinstance(report, dict) else {}
        for record in results.get("failed_checks", []):
            yield record["check_id"], record["file_path"], record["check_name"]


def _run_cfn_lint(command: str, folder: Path) -> tuple[bool, str]:
    output = _json_from([command, "--append-rules=restore_ready.cfn_lint", "-f", "json", _TEMPLATE_FILE], folder)
    found = [(match["Rule"]["Id"], match["Message"]) for match in output] if isinstance(output, list) else []
    fired = [_TEMPLATE_FILE for code, _ in found if code == f"W{_CODE}"]
    broken = [message for code, message in found if code == f"E{PACK_BROKEN.code}"]
    return _conclude([_TEMPLATE_FILE], fired, broken)


def _json_from(command: Sequence[str], folder: Path) -> object:
    """Run *command* and read what it prints.

    Raises:
        ValueError: if that is no JSON; with the end of what it said.
    """
    environment = {**os.environ, "BC_SKIP_MAPPING": "TRUE", VARIABLE: ""}
    done = subprocess.run(  # noqa: S603  # a host of this environment, on files written here
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=False
    )
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as error:
        said = (done.stderr or done.stdout).strip().splitlines()
        msg = f"exit code {done.returncode} and no JSON: {said[-1] if said else 'no output'}"
        raise ValueError(msg) from error
