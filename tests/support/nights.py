"""Nights on which a runbook is followed: its steps are run by bash, with the real AWS CLI, against the test server."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.aws_server.seed import Account, ago
from tests.aws_server.server import ROOT, AwsServer
from tests.support.command import run
from tests.support.runbooks import titled_blocks

SETUP, FIND, LIFT = "Set up", "1. Find the recovery point", "Lift it"
SAME, NEW, START, WAIT = "Into the same file system", "Into a new file system", "Start it", "Wait for it"
AROUND = "Only for a new file system: make what surrounds it"
CLOSE = "5. Put the protection back"
REAL_TOOLS = Path(sys.executable).parent
"""Where the command `aws` is that loads itself anew for each call."""
RESTORE = "backup:StartRestoreJob"


@dataclass
class Night:
    """One person with one runbook in one home folder."""

    server: AwsServer
    home: Path
    text: str
    account: str
    tools: Path
    region: str = "us-east-1"
    good_at: str = "2030-01-01T00:00:00Z"
    said: list[str] = field(default_factory=list)

    def run(self, title: str, at: int = 0, *, under: str = "bash", **environment: str) -> tuple[int, str]:
        """Run a block below the heading *title* in a new shell; return its exit code and what it said."""
        process = self._start(title, at, under, environment)
        said, _ = process.communicate(timeout=120)
        self.said.append(said)
        return process.returncode, said

    def kill(self, title: str, when: str) -> None:
        """Run a block and kill all of it as soon as the file *when* is there."""
        process = self._start(title, 0, "bash", {})
        while not (self.folder() / when).exists():
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def _start(self, title: str, at: int, shell: str, environment: dict[str, str]) -> subprocess.Popen[str]:
        block = [body for heading, body in titled_blocks(self.text) if heading.startswith(title)][at]
        block = block.replace("GOOD_AT='FILL_IN'", f"GOOD_AT='{self.good_at}'")
        account = environment.pop("account", self.account)
        region = environment.pop("region", self.region)
        given = {
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "POLL_SECONDS": "0",
            "WAIT_MINUTES": "7",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            **self.server.environment(account, region),
            **environment,
        }
        command = [shell, "-c", block]
        return subprocess.Popen(
            command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    def follow(self, *titles: str) -> str:
        """Run the first block of each heading, which has to succeed; return what was said."""
        said = ""
        for title in titles:
            code, out = self.run(title)
            assert code == 0, out
            said += out
        return said

    def policy(self, vault: str, account: str = "", region: str = "") -> Any:  # noqa: ANN401  # JSON
        """Return the policy that a vault has now."""
        client = self.server.client("backup", account or self.account, region or self.region)
        return json.loads(client.get_backup_vault_access_policy(BackupVaultName=vault)["Policy"])

    def denies(self, vault: str) -> bool:
        """Tell whether the vault denies restores now."""
        statements = self.policy(vault)["Statement"]
        return any(entry["Effect"] == "Deny" and RESTORE in entry["Action"] for entry in statements)

    def folder(self) -> Path:
        """Return where the steps keep what they know."""
        (found,) = (self.home / "efs-restore").iterdir()
        return found


def quick_tools(folder: Path) -> tuple[Path, subprocess.Popen[str]]:
    """Return a folder with the command ``aws``, and the process that it asks."""
    command = [sys.executable, "-m", "tests.support.quick_aws", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return folder, process


def runbook_text(server: AwsServer, folder: Path, word: str, account: str, *regions: str) -> str:
    """Return the runbook that the command makes of the live account."""
    given = [part for region in regions or ("us-east-1",) for part in ("--region", region)]
    environment = server.environment(account, (regions or ("us-east-1",))[0])
    done = run(folder, "runbook", word, "--live", *given, environment=environment)
    assert re.match("# Restore runbook", done.out), done.err
    return done.out


def backed_up(one: Account, file_system: str, vault: str, role: str, hours: float = 9, **more: Any) -> str:  # noqa: ANN401  # a job's members
    """Put a finished backup of so many hours ago, which took an hour; return the recovery point."""
    given = {"ResourceArn": file_system, "BackupVaultName": vault, "IamRoleArn": role}
    made = one.seeded("backup_job", **given, CreationDate=ago(hours=hours), CompletionDate=ago(hours=hours - 1), **more)
    return str(made["RecoveryPointArn"])
