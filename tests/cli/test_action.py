"""The GitHub Action, its steps run as a runner does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.command import PLAN
from tests.support.paths import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, SCAN = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{ (\S+) \}\}")


class Runner:
    """Runs steps of the action in a checkout, beside which lie the runner's own files."""

    def __init__(self, top: Path) -> None:
        self.checkout = top / "checkout"
        self.temp = top / "temp"
        self.summary = top / "summary.md"
        self.outputs = top / "outputs"
        (self.checkout / "infra").mkdir(parents=True)
        (self.checkout / "infra" / "main.tf").write_text(PLAN)
        self.temp.mkdir()

    def step(
        self, step: dict[str, Any], inputs: Mapping[str, str], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one step; *inputs* are what its expressions stand for."""
        given = {name: EXPRESSION.sub(lambda said: inputs[said[1]], text) for name, text in step["env"].items()}
        inherited = {
            name: text for name, text in os.environ.items() if not name.startswith(("RESTORE_READY", "GITHUB"))
        }
        files = {"GITHUB_OUTPUT": self.outputs, "GITHUB_STEP_SUMMARY": self.summary, "RUNNER_TEMP": self.temp}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(
            command,
            cwd=self.checkout,
            env={**inherited, **{name: str(file) for name, file in files.items()}, **given, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def told(self) -> dict[str, str]:
        """Return the outputs of the steps so far."""
        return dict(line.split("=", 1) for line in self.outputs.read_text().splitlines())

    def scan(self, python: str = sys.executable, /, **inputs: str) -> tuple[int, str, dict[str, str]]:
        """Run the scan and return its exit code, what it wrote, and its outputs."""
        given = {f"inputs.{name}": str(entry["default"]) for name, entry in ACTION["inputs"].items()}
        given |= {"github.action_path": str(ROOT), "steps.install.outputs.python": python}
        done = self.step(SCAN, given | {f"inputs.{name}": text for name, text in inputs.items()})
        return done.returncode, done.stdout, self.told()


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_it_annotates_summarises_and_tells_its_outputs(runner: Runner) -> None:
    code, out, outputs = runner.scan(path="infra")

    assert code == 1
    assert "::warning file=infra/main.tf,line=11," in out
    assert outputs == {"exit-code": "1", "sarif": "restore-ready.sarif", "findings": "1", "not-judged": "0"}
    assert set(outputs) == set(ACTION["outputs"])
    assert "RR201" in runner.summary.read_text()
    assert json.loads((runner.checkout / "restore-ready.sarif").read_text())["version"] == "2.1.0"
    assert list(runner.temp.iterdir()) == []


def test_arguments_and_inputs_are_heeded(runner: Runner) -> None:
    inputs = {"arguments": "--fail-on error --select RR2", "sarif": "infra/found.sarif", "summary": "false"}

    code, _, outputs = runner.scan(**inputs)

    assert (code, outputs["sarif"]) == (0, "infra/found.sarif")
    assert (runner.checkout / "infra" / "found.sarif").exists()
    assert not runner.summary.exists()


def test_inputs_are_words_and_no_commands(runner: Runner) -> None:
    code, _, outputs = runner.scan(arguments='$(touch hit) ; touch hit * --select "RR2"')

    assert (code, outputs) == (2, {"exit-code": "2"})
    assert not (runner.checkout / "hit").exists()


def test_paths_stand_one_a_line_and_arguments_may_be_quoted(runner: Runner) -> None:
    (runner.checkout / "infra").rename(runner.checkout / "the infra * of $HOME")

    code, out, _ = runner.scan(path="\nthe infra * of $HOME\n", arguments="--exclude 'a b' --fail-on error")

    assert code == 0, out
    assert "::warning file=the infra * of $HOME/main.tf,line=11," in out


def test_a_quote_that_is_not_closed_is_told(runner: Runner) -> None:
    given = {f"inputs.{name}": str(entry["default"]) for name, entry in ACTION["inputs"].items()}
    given |= {"github.action_path": str(ROOT), "steps.install.outputs.python": sys.executable}

    done = runner.step(SCAN, given | {"inputs.arguments": "--select 'RR2"})

    assert (done.returncode, done.stdout) == (2, "::error::arguments: No closing quotation\n")


HIT = "import os, pathlib\npathlib.Path(os.environ['HIT']).write_text(__file__)\n"
MODULES = ("pip", "venv", "ensurepip", "setuptools", "json", "shlex", "sitecustomize", "usercustomize", "restore_ready")
PIP_CONFIGURATION = "[global]\nno-index = true\n[install]\nrequire-virtualenv = true\ntarget = {}/stolen\n"


@pytest.mark.thorough
def test_nothing_of_the_checkout_is_run(runner: Runner, tmp_path: Path) -> None:
    hit, action = tmp_path / "hit", tmp_path / "action"
    action.mkdir()
    for part in ("rules", "custom_checks", "tools"):
        shutil.copytree(ROOT / part, action / part, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, action)
    for name in MODULES:
        (runner.checkout / name).mkdir()
        (runner.checkout / name / "__init__.py").write_text(HIT)
        (runner.checkout / name / "__main__.py").write_text(HIT)
    for name in ("pip.conf", "setup.cfg", ".pydistutils.cfg"):
        (runner.checkout / name).write_text(PIP_CONFIGURATION.format(runner.checkout))
    (runner.checkout / "restore-ready.sarif").symlink_to(tmp_path / "outside")
    here = str(runner.checkout)
    careless = {"HIT": str(hit), "PYTHONPATH": here, "PYTHONSTARTUP": f"{here}/pip/__init__.py", "PIP_TARGET": here}
    careless |= {"PIP_CONFIG_FILE": f"{here}/pip.conf", "PIP_REQUIREMENT": f"{here}/requirements.txt"}

    installed = runner.step(INSTALL, {"github.action_path": str(action)}, careless)
    assert installed.returncode == 0, installed.stderr
    python = runner.told()["python"]
    runner.outputs.unlink()
    with pytest.MonkeyPatch.context() as environment:
        for name, text in careless.items():
            environment.setenv(name, text)
        code, out, outputs = runner.scan(python, path="infra")

    assert (code, outputs["findings"]) == (1, "1"), out
    assert not hit.exists(), hit.read_text()
    assert Path(python).is_relative_to(runner.temp)
    assert not (runner.checkout / "stolen").exists()
    assert not (tmp_path / "outside").exists()
    assert json.loads((runner.checkout / "restore-ready.sarif").read_text())["version"] == "2.1.0"
