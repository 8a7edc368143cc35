"""What CI systems and containers are given does what it says: its own commands are run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from tests.support.command import PLAN
from tests.support.files import write
from tests.support.paths import ROOT

TEMPLATES = ROOT / "templates"
VENV = Path(sys.executable).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
BASE = re.compile(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}")
ASKED = {"RESTORE_READY_PATH": "infra", "RESTORE_READY_ARGUMENTS": "--fail-on error --exclude *.py --select RR2"}


def gitlab() -> tuple[str, str, dict[str, str]]:
    """Return the commands that install and scan, and the variables."""
    job = yaml.safe_load((TEMPLATES / "gitlab-ci.yml").read_text())["restore-ready"]
    return "\n".join(job["before_script"]), "\n".join(job["script"]), job["variables"]


def azure() -> tuple[str, str, dict[str, str]]:
    install, scan, *_ = yaml.safe_load((TEMPLATES / "azure-pipelines.yml").read_text())["steps"]
    return install["bash"], scan["bash"], dict.fromkeys((*install["env"], *scan["env"]), "")


def jenkins() -> tuple[str, str, dict[str, str]]:
    text = (TEMPLATES / "Jenkinsfile").read_text()
    install, scan = re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
    return install, scan.replace("\\\\", "\\"), dict(re.findall(r"(RESTORE_READY_\w+) = ['\"](.*)['\"]", text))


SYSTEMS = {"GitLab": gitlab, "Azure DevOps": azure, "Jenkins": jenkins}


def bash(folder: Path, script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-e", "-c", script]
    given = {**os.environ, **environment}
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=300, check=False)


def reports(folder: Path) -> tuple[Any, ...]:
    """Return what the reports of *folder* hold: cases of JUnit, results of SARIF."""
    cases = ET.parse(folder / "restore-ready.xml").getroot().iter("failure")  # noqa: S314  # written by this package
    sarif = json.loads((folder / "restore-ready.sarif").read_text())
    return len(list(cases)), len(sarif["runs"][0]["results"])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    stolen = "raise SystemExit('the checkout was run')"
    modules = {f"{name}.py": stolen for name in ("json", "pip", "restore_ready", "sitecustomize")}
    return write(tmp_path / "checkout", {"infra/main.tf": PLAN, **modules})


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_commands_write_the_reports_that_are_published(system: str, checkout: Path) -> None:
    _, script, variables = SYSTEMS[system]()
    place = checkout if system != "Azure DevOps" else checkout / "reports"
    given = {name: ASKED.get(name, text) for name, text in variables.items()}

    done = bash(checkout, script, {**given, "RESTORE_READY_VENV": str(VENV), "RESTORE_READY_REPORTS": str(place)})

    assert done.returncode == 0, done.stderr
    assert "RR201" in done.stdout
    assert reports(place) == (1, 1)
    if system == "GitLab":
        issues = json.loads((place / "gl-code-quality-report.json").read_text())
        assert [issue["check_name"] for issue in issues] == ["RR201"]


def test_all_install_in_the_same_way() -> None:
    installs = {" ".join(make()[0].split()) for make in SYSTEMS.values()}

    made = 'python3 -I -m venv "$RESTORE_READY_VENV"'
    assert installs == {f'{made} "$RESTORE_READY_VENV/bin/python" -I -m pip install --quiet "$RESTORE_READY_PACKAGE"'}


def test_published_files_are_those_that_are_written() -> None:
    job = yaml.safe_load((TEMPLATES / "gitlab-ci.yml").read_text())["restore-ready"]
    steps = yaml.safe_load((TEMPLATES / "azure-pipelines.yml").read_text())["steps"]

    files = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
    assert all(f"={file}" in gitlab()[1] for file in files)
    published = [steps[2]["inputs"]["testResultsFiles"], steps[3]["inputs"]["PathtoPublish"]]
    assert [Path(file).name for file in published] == ["restore-ready.xml", "restore-ready.sarif"]
    post = (TEMPLATES / "Jenkinsfile").read_text().partition("post {")[2]
    assert all(f"={file}" in jenkins()[1] for file in re.findall(r"'(restore-ready\.\w+)'", post))


def copied(folder: Path) -> Path:
    """Copy what the image is made of, as COPY does, to *folder*."""
    folder.mkdir()
    for sources in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *names, target = sources.split()
        for name in names:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("*.egg-info", "__pycache__")
                shutil.copytree(ROOT / name, folder / target, ignore=ignored)
            else:
                shutil.copy(ROOT / name, folder / target)
    return folder


@pytest.mark.thorough
def test_the_images_commands_make_what_the_entry_point_starts(tmp_path: Path, checkout: Path) -> None:
    source, made = copied(tmp_path / "source"), tmp_path / "opt"
    runs = re.findall(r"^RUN ((?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)

    for run in runs:
        done = bash(source, run.replace("/opt/restore-ready", str(made)), {})
        assert done.returncode == 0, done.stderr

    entry = json.loads(re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)[0])[0]
    scan = f"{entry.replace('/opt/restore-ready', str(made))} scan -o text -o sarif={tmp_path}/found.sarif infra"
    done = bash(checkout, scan, {})
    assert (done.returncode, "RR201" in done.stdout) == (1, True), done.stderr
    assert len(runs) == 2
    assert sorted(path.name for path in made.glob("lib/*/site-packages/*") if path.name in ("pip", "setuptools")) == []


def test_the_image_is_pinned_and_runs_as_nobody_in_particular() -> None:
    lines = DOCKERFILE.splitlines()

    assert BASE.fullmatch(next(line for line in lines if line.startswith("ARG BASE=")).removeprefix("ARG BASE="))
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {"${BASE}"}
    assert [line for line in lines if line.startswith("USER")] == ["USER 65532:65532"]
    assert DOCKERFILE.count("--no-cache-dir") == DOCKERFILE.count("pip install") == 2
    assert BASE.search((TEMPLATES / "gitlab-ci.yml").read_text())


def test_all_that_the_image_takes_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)

    assert {name for line in sources for name in line.split()} == sent


def test_shellcheck_finds_nothing_wrong() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    nightly = (TEMPLATES / "nightly-audit.sh").read_text()
    scripts = [step["run"] for step in action["runs"]["steps"]] + [jenkins()[1], nightly]

    for script in scripts:
        text = script if script.startswith("#!") else f"#!/bin/bash -e\n{script}"
        command = [str(VENV / "bin" / "shellcheck"), "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        assert done.stdout == ""


@pytest.mark.thorough
def test_checkov_finds_nothing_wrong_with_the_dockerfile() -> None:
    known = "CKV_DOCKER_7"  # it takes the name of the base in an ARG for one without a tag
    command = [str(VENV / "bin" / "checkov"), "-f", "Dockerfile", "--framework", "dockerfile", "--skip-download"]
    environment = {**os.environ, "BC_SKIP_MAPPING": "TRUE"}
    done = subprocess.run(
        [*command, "--skip-check", known], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert "Failed checks: 0" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["musllinux_1_2_x86_64", "musllinux_1_2_aarch64", "manylinux_2_28_aarch64"])
def test_what_is_compiled_has_wheels_for_other_bases(platform: str, tmp_path: Path) -> None:
    pins = (ROOT / "tools" / "runtime.txt").read_text()
    compiled = re.findall(r"^((?:markupsafe|msgspec|pyyaml)==\S+)", pins, re.MULTILINE)
    options = ["--platform", platform, "--python-version", "3.13", "--only-binary", ":all:", "--no-deps", "--quiet"]
    if platform.startswith("manylinux"):
        options += ["--platform", platform.replace("2_28", "2_17")]

    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(tmp_path), *compiled]
    subprocess.run(command, check=True, capture_output=True)

    assert len(list(tmp_path.glob("*linux*"))) == len(compiled) == 3
