"""Modules that terraform init has put below .terraform are read; what somebody committed there is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.repositories import git
from tests.terraform._written import written

from restore_ready.readers.terraform.configuration import Evaluation, read_root

MODULES = ".terraform/modules"
MAIN = 'module "far" {\n  source  = "x/y/aws"\n  version = "1.0"\n}\n'
LISTED = {"Modules": [{"Key": "far", "Source": "registry.example/x/y/aws", "Dir": f"{MODULES}/far"}]}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a repository in which modules are installed."""
    git(tmp_path, "init", "-q")
    vault = 'resource "aws_backup_vault" "v" { name = "v" }\n'
    files = {"main.tf": MAIN, f"{MODULES}/modules.json": json.dumps(LISTED), f"{MODULES}/far/main.tf": vault}
    return written(tmp_path, {f"live/{name}": text for name, text in files.items()}) / "live"


def read(root: Path) -> tuple[list[str], list[str]]:
    """Return the resources of a root, and why modules were not read."""
    found: Evaluation = read_root(root)
    return [resource.address for resource in found.resources], [module.why for module in found.modules]


def test_what_git_ignores_was_made_by_init(root: Path) -> None:
    (root.parent / ".gitignore").write_text("**/.terraform/*\n")
    assert read(root) == (["module.far.aws_backup_vault.v"], [])


@pytest.mark.parametrize("ignored", ["", "**/.terraform/*\n"])
def test_what_is_committed_is_not_read(root: Path, ignored: str) -> None:
    git(root, "add", "--all")
    (root.parent / ".gitignore").write_text(ignored)
    resources, (why,) = read(root)
    assert resources == []
    assert "git does not ignore .terraform/modules, so it may not be what terraform init made" in why
    assert "have .gitignore name it, and run terraform init" in why


def test_what_git_can_not_tell_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.parent / ".gitignore").write_text(".terraform\n")
    monkeypatch.setenv("PATH", str(root))
    assert read(root)[1] == [
        "the module x/y/aws is not read: whether terraform init made .terraform/modules is not known: git is not there"
    ]
    monkeypatch.undo()
    (root.parent / ".git" / "HEAD").write_text("nothing")
    assert "is not known: fatal: not a git repository" in read(root)[1][0]


def test_outside_of_a_repository_they_are_read(root: Path) -> None:
    (root.parent / ".git").rename(root.parent / "git")
    assert read(root) == (["module.far.aws_backup_vault.v"], [])
