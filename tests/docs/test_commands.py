"""Every command that README and docs show ends well: each block is run, in a repository that has what it names."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.audits import member
from tests.support.command import run
from tests.support.paths import FIXTURES, ROOT
from tests.support.repositories import git, repository

pytestmark = pytest.mark.thorough

BIN: Final = Path(sys.executable).parent
REGION: Final = "eu-west-1"
AUDITOR: Final = "rr-audit"
NOT_RUN: Final = {
    r"pip install ": "asks a package index; CI installs the package, and its extras",
    r"make ": "is what runs these tests, in CI",
    r"git clone ": "asks GitHub",
    r"docker ": "tests/docs/test_ci_templates.py runs what the image does",
    r"(aws iam|python3 import_findings\.py) ": "tests/docs/test_nightly_audit.py runs them",
    r"python tools/new_rule\.py": "tests/docs/test_new_rule.py runs it",
    r"RESTORE_READY_TF_MIRROR=": "needs a mirror of Terraform's providers",
    r".*--scheduler ": "needs a Dask scheduler: tests/live/test_audit_accounts.py starts one",
    r"restore-ready doctor": "tests/hosts/test_host_doctor.py runs it",
    r".*RR901": "tests/cli/test_own_rules.py runs it, with the rule of that page",
    r".*restore-rules": "likewise",
}
"""Beginnings of commands that are not run here, and why."""

PAGES_NOT_RUN: Final = {"pipelines.md": "tests/docs/test_pipelines.py runs them, each with what it needs"}
SHELL: Final = re.compile(r"```(?:sh|bash|shell|console)\n(.*?)```", re.DOTALL)


def commands(block: str) -> Iterator[str]:
    """Yield the commands of *block*; one goes on where a quotation or a backslash does."""
    begun = ""
    for line in block.replace("\\\n", "").splitlines():
        begun += line
        try:
            words = shlex.split(begun, comments=True)
        except ValueError:
            begun += "\n"
            continue
        if words and not any(re.match(beginning, begun) for beginning in NOT_RUN):
            yield begun
        begun = ""


PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN: Final = {
    f"{page.name}-{number}": list(commands(block))
    for page in PAGES
    if page.name not in PAGES_NOT_RUN
    for number, block in enumerate(SHELL.findall(page.read_text()))
}

PROGRAMS: Final = {
    "terraform": "cat plan.json",
    "checkov": f'exec "{BIN}/checkov" "$@" --skip-download',
}
"""What stands for programs that are not there, or would ask the network."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with all that the commands name."""
    folder = tmp_path_factory.mktemp("prepared")
    founding = FIXTURES / "stories" / "founding"
    for place in ("infra/prod", "modules/efs", "runbooks", "programs"):
        (folder / place).mkdir(parents=True)
    shutil.copy(founding / "main.tf", folder / "infra" / "prod")
    shutil.copy(founding / "plan.json", folder)
    for place in (".", "modules/efs"):
        (folder / place / "main.tf").write_text('resource "aws_efs_file_system" "other" {}\n')
    stage = "Parameters:\n  Stage: {Type: String, Default: test}\n"
    (folder / "template.yaml").write_text(stage + (founding / "template.yaml").read_text())
    (folder / "prod.tfvars").write_text("")
    (folder / "stricter.yaml").write_text("version: 1\nbackup: {every: 12h}\n")
    (folder / "accounts.yaml").write_text(f'- "{ACCOUNT}"\n')
    for name, text in PROGRAMS.items():
        (folder / "programs" / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / "programs" / name).chmod(0o755)
    run(folder, "scan", "-q", "--write-baseline", "known.json")
    shutil.copy(folder / "known.json", folder / "restore-ready-baseline.json")
    repository(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


def filled(server: AwsServer) -> str:
    """Put an organization whose first account has a file system called home; return the id of an empty unit."""
    made = seed.Account(server, ACCOUNT, REGION)
    made.vault("efs")
    made.plan("nightly", "efs", made.role("AWSBackup-efs", "backup"), made.file_system("home"))
    member(server, ACCOUNT, name=AUDITOR)
    organizations = server.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    (root,) = organizations.list_roots()["Roots"]
    return str(
        organizations.create_organizational_unit(ParentId=root["Id"], Name="sandbox")["OrganizationalUnit"]["Id"]
    )


def environment(server: AwsServer, folder: Path) -> dict[str, str]:
    """Return the variables with which the commands find themselves, our programs, and *server* as AWS."""
    signed_in = server.environment()
    profile = {
        "region": REGION,
        "aws_access_key_id": signed_in["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": signed_in["AWS_SECRET_ACCESS_KEY"],
    }
    config = folder / "aws-config"
    config.write_text("\n".join(["[profile prod]", *(f"{name} = {value}" for name, value in profile.items())]))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("RESTORE_READY", "AWS_", "GITHUB"))
    }
    path = os.pathsep.join([str(folder / "programs"), str(BIN), os.environ["PATH"]])
    return {**kept, **signed_in, "PATH": path, "AWS_CONFIG_FILE": str(config), "BC_SKIP_MAPPING": "TRUE"}


@pytest.mark.parametrize("name", [name for name, lines in RUN.items() if lines])
def test_the_commands_of_a_block_run(name: str, prepared: Path, tmp_path: Path, aws: AwsServer) -> None:
    unit = aws.once(filled)
    folder = tmp_path / "repository"
    shutil.copytree(prepared, folder)
    there = {"ou-abcd-sandbox1": unit, "http://127.0.0.1:8000": aws.endpoint}
    script = "\n".join(f'{command}\necho "exit $?" >&2' for command in RUN[name])
    for shown, real in there.items():
        script = script.replace(shown, real)

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],  # noqa: S607  # as whoever copies them does
        cwd=folder,
        env=environment(aws, folder),
        capture_output=True,
        text=True,
        check=False,
    )

    codes = [int(code) for code in re.findall(r"^exit (\d+)$", done.stderr, re.MULTILINE)]
    ended = zip(RUN[name], codes, strict=True)
    assert [command for command, code in ended if code not in good_codes(command)] == [], done.stderr


def good_codes(command: str) -> Collection[int]:
    """Return the exit codes with which a command ends well: with findings or without."""
    return range(8) if "cfn-lint" in command else (0, 1)
