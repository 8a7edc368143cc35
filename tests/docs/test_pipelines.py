"""The recipes for pipelines do what their page says, with stand-ins for the tools that they call."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from tests.support import files
from tests.support.paths import FIXTURES, ROOT
from tests.support.repositories import git

pytestmark = pytest.mark.thorough  # each starts the command as people do

PAGE = (ROOT / "docs" / "pipelines.md").read_text()
STORY = FIXTURES / "RR201" / "fail_one_rule_of_two"
PLAN, TEMPLATE = (STORY / "plan.json").read_text(), (STORY / "template.yaml").read_text()
OPENTOFU = PLAN.replace("registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws").replace(
    '"1.11.4"', '"1.10.6"'
)
SAM = TEMPLATE.replace("Resources:", "Transform: AWS::Serverless-2016-10-31\nResources:", 1)
REFUSED = PLAN.replace('"start_window": 61', '"start_window": 5')
"""A plan that is an error: AWS refuses its window."""

SHOW = 'case "$1" in plan) echo planned > "$3" ;; show) test -f "$3" && cat %s ;; esac\n'


def blocks(heading: str, language: str = "sh") -> list[str]:
    """Return the code under a heading of the page."""
    section = re.split(r"^## ", PAGE.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def run(
    folder: Path, script: str, tools: Mapping[str, str], texts: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a script of the page in a new repository, where *tools* are programs by name."""
    files.write(folder / "work", {".gitignore": "cdk.out\n.aws-sam\nplans\n", **texts})
    git(folder / "work", "init", "-q")
    files.write(folder / "bin", {name: f"#!/bin/sh\nset -e\n{text}" for name, text in tools.items()})
    for tool in (folder / "bin").iterdir():
        tool.chmod(0o755)
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PLANFILE": "default.tfplan"}
    return subprocess.run(
        ["/bin/sh", "-ec", script], cwd=folder / "work", env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("heading", "tool", "plan"), [("Terraform", "terraform", PLAN), ("OpenTofu", "tofu", OPENTOFU)]
)
def test_a_plan_is_judged_as_it_is_shown(tmp_path: Path, heading: str, tool: str, plan: str) -> None:
    (script,) = blocks(heading)

    done = run(tmp_path, script, {tool: SHOW % "plan.txt"}, {"plan.txt": plan})

    assert (done.returncode, "aws_backup_plan.tiers" in done.stdout) == (1, True), done.stderr


def test_units_of_terragrunt_are_read_where_they_are(tmp_path: Path) -> None:
    script = blocks("Terragrunt")[0]
    texts = {"live/prod/plan/terragrunt.hcl": 'terraform {\n  source = "../../..//modules/plan"\n}\n'}

    done = run(tmp_path, script, {}, {**texts, "modules/plan/main.tf": (STORY / "main.tf").read_text()})

    assert (done.returncode, 'unit["live/prod/plan"].aws_backup_plan.tiers' in done.stdout) == (1, True), done.stderr


def test_plans_of_all_units_are_read_as_json(tmp_path: Path) -> None:
    script = blocks("Terragrunt")[1]
    tool = 'test "$1 $2 $3 $5 $7 $8" = "run --all --out-dir --json-out-dir -- plan"\n'
    tool += 'for unit in dev prod; do mkdir -p "$6/$unit"; cp plan.txt "$6/$unit/tfplan.json"; done\n'

    done = run(tmp_path, script, {"terragrunt": tool}, {"plan.txt": PLAN})

    assert done.returncode == 1, done.stderr
    assert all(f"plans/{unit}/tfplan.json" in done.stdout for unit in ("dev", "prod"))


@pytest.mark.parametrize(("plan", "code"), [(PLAN, 0), (REFUSED, 1), ("", 3)])
def test_atlantis_fails_the_plan_on_errors(tmp_path: Path, plan: str, code: int) -> None:
    (block,) = blocks("Atlantis", "yaml")
    steps = yaml.safe_load(block)["workflows"]["default"]["plan"]["steps"]

    done = run(tmp_path, steps[-1]["run"], {"terraform": "cat plan.txt\n"}, {"plan.txt": plan})

    assert (steps[:-1], done.returncode) == (["init", "plan"], code), done.stdout


@pytest.mark.parametrize(
    ("heading", "tool", "made", "content"),
    [
        ("CDK", "cdk", "cdk.out/Stack.template.json", json.dumps(yaml.safe_load(TEMPLATE))),
        ("SAM", "sam", ".aws-sam/build/template.yaml", SAM),
    ],
)
def test_what_git_ignores_is_read_where_it_is_named(
    tmp_path: Path, heading: str, tool: str, made: str, content: str
) -> None:
    (script,) = blocks(heading)

    done = run(tmp_path, script, {tool: f'mkdir -p "{Path(made).parent}"\ncp made.txt {made}\n'}, {"made.txt": content})

    assert (done.returncode, made in done.stdout) == (1, True), done.stdout + done.stderr


class Hcp(BaseHTTPRequestHandler):
    """Stands in for HCP Terraform: hands out a plan, and takes the answer."""

    plan = b""
    answers: Queue[dict[str, Any]] = Queue()

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Authorization"] == "Bearer secret" else 401)
        self.end_headers()
        self.wfile.write(self.plan)

    def do_PATCH(self) -> None:
        self.answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def hcp() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Hcp)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def run_task(hcp: str) -> Iterator[str]:
    """Start the run task as its page says, for the stand-in's host, and return its address."""
    del hcp
    (script,) = blocks("HCP Terraform")
    command = script.strip().splitlines()[-1].removeprefix("python ").replace("--port 8000", "--port 0").split()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "RUN_TASK_KEY": "key", "PATH": path}
    with subprocess.Popen(
        [sys.executable, *command, "--host", "127.0.0.1"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip().rpartition(" ")[2]
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def ask(address: str, task: Mapping[str, str], key: bytes = b"key") -> int:
    body = json.dumps(task).encode()
    signature = hmac.new(key, body, hashlib.sha512).hexdigest()
    try:
        with urlopen(Request(address, body, {"X-TFC-Task-Signature": signature})) as response:  # noqa: S310  # this machine
            return int(response.status)
    except HTTPError as error:
        return error.code


@pytest.mark.parametrize(("plan", "status"), [(REFUSED, "failed"), (PLAN, "passed"), ("{", "failed")])
def test_a_run_task_answers_with_the_verdict(hcp: str, run_task: str, plan: str, status: str) -> None:
    Hcp.plan = plan.encode()
    task = {"access_token": "secret", "plan_json_api_url": f"{hcp}/plan", "task_result_callback_url": f"{hcp}/answer"}

    assert ask(run_task, task) == 200

    answer = Hcp.answers.get(timeout=30)["data"]
    assert (answer["type"], answer["attributes"]["status"]) == ("task-results", status)
    assert answer["attributes"]["message"]


def test_a_run_task_takes_only_what_hcp_terraform_signed_about_itself(hcp: str, run_task: str) -> None:
    task = {"access_token": "secret", "plan_json_api_url": f"{hcp}/plan", "task_result_callback_url": f"{hcp}/answer"}

    assert ask(run_task, task, b"other") == 401
    assert ask(run_task, {**task, "access_token": "test-token"}) == 200
    assert ask(run_task, {**task, "plan_json_api_url": "http://example.com/"}) == 200
    time.sleep(0.5)
    assert Hcp.answers.empty()
