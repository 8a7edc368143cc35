"""The recipe of a nightly audit, run as it is written: by its commands, its workflow, its script and its task."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.audits import NOWHERE
from tests.support.paths import ROOT

pytestmark = pytest.mark.thorough

TEMPLATES = ROOT / "templates"
BIN = Path(sys.executable).parent
SECTION = (ROOT / "docs" / "audit.md").read_text().split("## Every night\n")[1].split("\n## ")[0]
MAKE_ROLE, MAKE_IMPORTER, MAKE_BASELINE, NIGHTLY = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
WORKFLOW: dict[str, Any] = yaml.safe_load((TEMPLATES / "nightly-audit.yml").read_text())
STEPS: list[dict[str, Any]] = WORKFLOW["jobs"]["audit"]["steps"]
DOCKER = f"""#!{sys.executable}
import os, sys
arguments = sys.argv[sys.argv.index("restore-ready") + 1 :]
evidence = sys.argv[sys.argv.index("--volume") + 1].removesuffix(":/evidence")
os.execvp("restore-ready", ["restore-ready", *(word.replace("/evidence", evidence) for word in arguments)])
"""
"""Starts in the place of a container what the container would start."""


class Desk:
    """A folder with the files of the recipe, from which its commands ask the server."""

    def __init__(self, server: AwsServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        (folder / "trust.json").write_text(re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)[0])
        (folder / "import_findings.py").write_text((TEMPLATES / "import_findings.py").read_text())
        self.credentials: dict[str, str] = {}

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script with ``restore-ready``, ``aws`` and ``python3`` of this environment."""
        path = os.pathsep.join([str(self.folder / "bin"), str(BIN), os.environ["PATH"]])
        own = {**os.environ, **NOWHERE, **self.server.environment(), **self.credentials, "PATH": path, **environment}
        command = ["bash", "-e", "-c", script]
        return subprocess.run(
            command, cwd=self.folder, env=own, capture_output=True, text=True, timeout=300, check=False
        )

    def become(self, role: str) -> None:
        """Take the credentials of *role*, once it trusts this account in the place of GitHub."""
        trust = seed.policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}})
        self.server.client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=trust)
        given = self.server.assume(f"arn:aws:iam::{ACCOUNT}:role/{role}").get_credentials().get_frozen_credentials()
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        self.credentials = dict(zip(names, given[:3], strict=True))

    def make_fault(self) -> None:
        """Make a file system that nothing backs up."""
        self.server.client("efs").create_file_system(CreationToken="new", Tags=[{"Key": "Name", "Value": "new"}])


def faulty_with_roles(server: AwsServer) -> None:
    """Fill an account with faults, and make the roles of the recipe in it by the recipe's commands."""
    seed.faulty(server)
    with TemporaryDirectory() as folder:
        for script in (MAKE_ROLE, MAKE_IMPORTER):
            done = Desk(server, Path(folder)).run(script)
            assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def baseline(aws_process: AwsServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the recipe's command takes for known."""
    aws_process.once(faulty_with_roles)
    desk = Desk(aws_process, tmp_path_factory.mktemp("baseline"))
    desk.become("rr-audit")
    done = desk.run(MAKE_BASELINE)
    assert (done.returncode, "known.json: " in done.stderr) == (0, True), done.stderr
    return (desk.folder / "known.json").read_text()


@pytest.fixture
def desk(aws: AwsServer, tmp_path: Path, baseline: str) -> Desk:
    """A desk with the baseline, at which the audit's role has signed in."""
    aws.once(faulty_with_roles)
    desk = Desk(aws, tmp_path)
    (desk.folder / "known.json").write_text(baseline)
    desk.become("rr-audit")
    return desk


def test_the_commands_tell_only_what_is_new_and_feed_security_hub(desk: Desk) -> None:
    audit, feed = NIGHTLY.strip().splitlines()
    known = desk.run(audit)
    desk.make_fault()
    new = desk.run(audit)

    assert (known.returncode, new.returncode) == (0, 1), known.stderr + new.stderr
    assert (desk.folder / "facts.jsonl").read_text().startswith('{"snapshot"')
    desk.become("rr-import")
    fed = desk.run(feed)
    assert (fed.returncode, ", 0 refused" in fed.stdout) == (0, True), fed.stderr
    imported = desk.server.client("securityhub").get_findings()["Findings"]
    assert {finding["Workflow"]["Status"] for finding in imported} == {"SUPPRESSED", "NEW"}


def test_the_workflow_of_github(desk: Desk) -> None:
    desk.make_fault()
    (desk.folder / "restore-ready").symlink_to(BIN.parent)
    runner = {"RUNNER_TEMP": str(desk.folder), "GITHUB_STEP_SUMMARY": str(desk.folder / "summary.md")}
    _, audit, feed = (step["run"] for step in STEPS if "run" in step)

    done = desk.run(audit, **runner)
    desk.become("rr-import")
    fed = desk.run(feed, **runner)

    assert (done.returncode, fed.returncode) == (1, 0), done.stderr + fed.stderr
    assert "RR102" in (desk.folder / "summary.md").read_text()
    kept = next(step["with"]["path"] for step in STEPS if "path" in step.get("with", {}))
    assert [name for name in kept.split() if not (desk.folder / name).is_file()] == []


def test_the_script_of_cron_is_silent_unless_something_is_new(desk: Desk) -> None:
    (desk.folder / "bin").mkdir()
    (desk.folder / "bin" / "docker").write_text(DOCKER)
    (desk.folder / "bin" / "docker").chmod(0o755)
    script = str(TEMPLATES / "nightly-audit.sh")

    quiet = desk.run(script, EVIDENCE=str(desk.folder))
    desk.make_fault()
    loud = desk.run(script, EVIDENCE=str(desk.folder))

    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert (loud.returncode, loud.stdout.count("RR102")) == (1, 1)
    assert len(list(desk.folder.glob("20*.jsonl"))) == len(list(desk.folder.glob("20*.json"))) == 1


def test_the_task_of_ecs(desk: Desk) -> None:
    task = json.loads((TEMPLATES / "nightly-audit.ecs.json").read_text())
    (container,) = task["containerDefinitions"]
    command = " ".join(word.replace("/evidence", str(desk.folder)) for word in container["command"])

    assert desk.run(f"restore-ready {command}").returncode == 0
    assert json.loads((desk.folder / "report.json").read_text())["summary"]["known"] > 0
    assert {mount["sourceVolume"] for mount in container["mountPoints"]} == {one["name"] for one in task["volumes"]}
