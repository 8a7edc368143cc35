"""Runs the audit against the AWS server of the tests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT, AwsServer

from restore_ready.cli import main
from restore_ready.live._sessions import SignIn
from restore_ready.live._snapshot import read_accounts
from restore_ready.live._targets import RoleIn

HERE = ("--region", "us-east-1")
"""Keeps an audit short."""

NOWHERE = {
    "AWS_CONFIG_FILE": "/nonexistent/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
    "AWS_MAX_ATTEMPTS": "10",
}
"""Keeps the configuration of whoever runs the tests out of them."""


@dataclass(frozen=True)
class Outcome:
    """What one run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The report in JSON."""
        return dict(json.loads(self.out))

    @property
    def findings(self) -> set[tuple[str, str]]:
        """Code and address of every finding."""
        return {(one["code"], one["address"]) for one in self.report["findings"]}

    @property
    def reasons(self) -> str:
        """Why what could not be judged could not, a line each."""
        return "\n".join(f"{one['address']}: {one['reason']}" for one in self.report["not_judged"])


@dataclass(frozen=True)
class Audit:
    """The command, run in this process as an administrator of an account of *server*."""

    server: AwsServer
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    folder: Path

    def __call__(
        self,
        *arguments: str,
        account: str = ACCOUNT,
        command: str = "audit",
        environment: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Run the command with JSON on standard output, unless *arguments* name another output."""
        self.sign_in({**self.server.environment(account), **(environment or {})})
        self.patch.chdir(self.folder)
        output = () if "-o" in arguments or command != "audit" else ("-o", "json")
        self.capture.readouterr()
        with pytest.raises(SystemExit) as left:
            main([command, *arguments, *output])
        said = self.capture.readouterr()
        return Outcome(int(left.value.code or 0), said.out, said.err)

    def sign_in(self, environment: Mapping[str, str]) -> None:
        """Take these credentials and this endpoint."""
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "RESTORE_READY_REQUIREMENTS", "RESTORE_READY_STRICT"):
            self.patch.delenv(name, raising=False)
        for name, value in {**NOWHERE, **environment}.items():
            self.patch.setenv(name, value)


def member(server: AwsServer, account: str, *, trusted: str = ACCOUNT, name: str = "restore-ready") -> str:
    """Make the role *name* in *account*, which *trusted* may assume, and return its ARN."""
    document = seed.policy(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{trusted}:root"}}
    )
    made = server.client("iam", account).create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])


OTHERS = ("222222222222", "333333333333")
CREDENTIALS = SignIn()
IN_EACH = RoleIn(CREDENTIALS, "restore-ready")


FILE = ("--accounts", "accounts.txt", "--role-name", "restore-ready", *HERE)


def accounts_in(path: Path) -> list[str]:
    return [one.account for one in read_accounts(path)]


def without_scope(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report without when and of what it was made."""
    return {key: value for key, value in report.items() if key != "scope"}
