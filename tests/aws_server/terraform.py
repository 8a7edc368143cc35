"""``terraform apply`` to the server, with the provider from a mirror on this machine."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.aws_server.server import AwsServer

MIRROR = "RESTORE_READY_TF_MIRROR"
ARCHIVE = re.compile(r'"([\w-]+\.zip)"')
PROVIDER = """
provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false
}
"""


def unavailable() -> str | None:
    """Return why Terraform can't be used on this machine, None if it can."""
    if shutil.which("terraform") is None:
        return "terraform is not on PATH"
    mirror = os.environ.get(MIRROR, "")
    if not Path(mirror, "registry.terraform.io", "hashicorp", "aws").is_dir():
        return f"{MIRROR} names no folder with a filesystem mirror of the AWS provider"
    return None


class Workspace:
    """A folder in which Terraform is initialised once, for story after story."""

    def __init__(self, folder: Path) -> None:
        """Work in *folder*, which must be empty or this class's own."""
        self.work = folder / "work"
        self.config = folder / "terraformrc"
        mirror = os.environ[MIRROR]
        self.config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
        cache = folder / "cache"
        cache.mkdir(exist_ok=True)
        self.environment = os.environ | {
            "TF_CLI_CONFIG_FILE": str(self.config),
            "TF_PLUGIN_CACHE_DIR": str(cache),
            "TF_DATA_DIR": str(folder / "data"),
            "TF_IN_AUTOMATION": "1",
        }
        self.lock = b""
        self.initialised = False

    def apply(self, story: Path, server: AwsServer, variables: Mapping[str, str] | None = None) -> None:
        """Apply the Terraform files of *story* to *server*; the organization, where it uses one, is made first.

        One resource after the other: moto was not made for several at a time, and what fails is asked for again.

        Raises:
            RuntimeError: with Terraform's own message, if it fails.
        """
        self.lay_out(story)
        if any("aws_organizations_" in file.read_text() for file in self.work.rglob("*.tf")):
            server.client("organizations").create_organization()
        here = self.environment | server.environment()
        self.run(["get"] if self.initialised else ["init", "-input=false"], here)
        self.initialised = True
        given = [f"-var={name}={value}" for name, value in (variables or {}).items()]
        self.run(["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=1", *given], here)

    def state(self) -> dict[str, Any]:
        """Return what was applied last, as ``terraform show -json`` writes it.

        Raises:
            RuntimeError: with Terraform's own message, if it fails.
        """
        return dict(json.loads(self.run(["show", "-json"], self.environment)))

    def lay_out(self, story: Path) -> None:
        """Copy the Terraform files of *story*; add the provider and the code of functions. The lock file stays."""
        lock = self.work / ".terraform.lock.hcl"
        self.lock = lock.read_bytes() if lock.exists() else self.lock
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(story, self.work, ignore=shutil.ignore_patterns("*.json", "*.yaml"))
        (self.work / "provider.tf").write_text(PROVIDER)
        for name in {name for file in self.work.rglob("*.tf") for name in ARCHIVE.findall(file.read_text())}:
            with ZipFile(self.work / name, "w") as archive:
                archive.writestr("index.py", "")
        if self.lock:
            lock.write_bytes(self.lock)

    def run(self, arguments: list[str], environment: Mapping[str, str]) -> str:
        """Run terraform and return what it prints.

        Raises:
            RuntimeError: with its own message, if it fails.
        """
        command = ["terraform", *arguments]
        done = subprocess.run(command, cwd=self.work, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            message = f"{' '.join(command)}: {done.stderr}"
            raise RuntimeError(message)
        return done.stdout


@contextmanager
def workspace() -> Iterator[Workspace]:
    """Give a workspace for as long as it's needed."""
    with tempfile.TemporaryDirectory() as folder:
        yield Workspace(Path(folder))


def apply(folder: Path, server: AwsServer, variables: Mapping[str, str] | None = None) -> None:
    """Apply one *folder*; for several, a `workspace` is quicker."""
    with workspace() as one:
        one.apply(folder, server, variables)
