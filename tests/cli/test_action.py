"""The GitHub Action, its scan run as a runner does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.command import PLAN
from tests.support.paths import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SCAN = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "scan")


def act(folder: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run the step and return its exit code, what it wrote, and its outputs."""
    given = {name: str(entry["default"]) for name, entry in ACTION["inputs"].items()} | inputs
    names = {variable: given[value.split(".")[1].rstrip(" }")] for variable, value in SCAN["env"].items()}
    files = {"GITHUB_OUTPUT": folder / "outputs", "GITHUB_STEP_SUMMARY": folder / "summary.md"}
    (folder / "temp").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("RESTORE_READY", "GITHUB"))},
        **names,
        **{name: str(file) for name, file in files.items()},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder / "temp"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", SCAN["run"]]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    said = files["GITHUB_OUTPUT"].read_text().splitlines()
    return done.returncode, done.stdout, dict(line.split("=", 1) for line in said)


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(PLAN)
    return tmp_path


def test_it_annotates_summarises_and_tells_its_outputs(stack: Path) -> None:
    code, out, outputs = act(stack, path="infra")

    assert code == 1
    assert "::warning file=infra/main.tf,line=11," in out
    assert outputs == {"exit-code": "1", "sarif": "restore-ready.sarif", "findings": "1", "not-judged": "0"}
    assert set(outputs) == set(ACTION["outputs"])
    assert "RR201" in (stack / "summary.md").read_text()
    assert json.loads((stack / "restore-ready.sarif").read_text())["version"] == "2.1.0"


def test_arguments_and_inputs_are_heeded(stack: Path) -> None:
    inputs = {"arguments": "--fail-on error --select RR2", "sarif": "infra/found.sarif", "summary": "false"}

    code, _, outputs = act(stack, **inputs)

    assert (code, outputs["sarif"], (stack / "infra" / "found.sarif").exists()) == (0, "infra/found.sarif", True)
    assert not (stack / "summary.md").exists()


def test_inputs_are_words_and_no_commands(stack: Path) -> None:
    code, _, outputs = act(stack, arguments='$(touch hit) ; touch hit * --select "RR2"')

    assert (code, outputs) == (2, {"exit-code": "2"})
    assert not (stack / "hit").exists()
