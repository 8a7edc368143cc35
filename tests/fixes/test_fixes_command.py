"""``restore-ready scan --diff`` and ``--fix``, run as people run them, in repositories of their own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.support.command import run_bytes, run_process
from tests.support.repositories import git, repository

from restore_ready import UsageError
from restore_ready.fixes._apply import write_all

PLAN = """\
resource "aws_backup_plan" "night" { # ñ
  name = "night"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    start_window      = 480
    completion_window = 600
  }
}
"""
VARIABLE = 'variable "w" {\n  default = 480\n}\n' + PLAN.replace('"night" {', '"other" {').replace("= 480", "= var.w")


def scan(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return run_bytes(folder, "scan", *words)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed repository with a plan whose start window is too wide."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "main.tf").write_text(PLAN)
    return repository(folder)


def test_a_fix_is_made_reported_and_made_once(project: Path) -> None:
    done = scan(project, "--fix")
    assert done.returncode == 0
    assert "1 finding fixed in 1 file\n  RR201 aws_backup_plan.night (main.tf:1)\n" in done.stdout.decode()
    assert (project / "main.tf").read_text() == PLAN.replace("480", "60")
    again = scan(project, "--fix")
    assert again.returncode == 0
    assert "nothing was fixed" in again.stdout.decode()


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_git_takes_the_diff(project: Path, line: str, end: str) -> None:
    (project / "main.tf").write_bytes((PLAN.rstrip("\n") + end).replace("\n", line).encode())
    before = (project / "main.tf").read_bytes()
    done = scan(project, "--diff", "-q", ".")
    assert done.returncode == 1
    git(project, "add", "main.tf")
    patch = project / "fix.patch"
    patch.write_bytes(done.stdout)
    git(project, "apply", "--check", "fix.patch")
    git(project, "apply", "fix.patch")
    assert (project / "main.tf").read_bytes() == before.replace(b"480", b"60")


def test_a_diff_changes_nothing_and_needs_no_repository(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLAN)
    done = scan(tmp_path, "--diff")
    assert done.returncode == 1
    assert b"-    start_window      = 480\n+    start_window      = 60\n" in done.stdout
    assert (tmp_path / "main.tf").read_text() == PLAN


def test_json_has_a_diff_for_each_finding_if_asked_for(project: Path) -> None:
    (project / "other.tf").write_text(VARIABLE)
    findings = json.loads(scan(project, "--diff", "-o", "json").stdout)["findings"]
    diffs = {one["address"]: one["diff"] for one in findings}
    assert diffs["aws_backup_plan.night"].startswith("--- a/main.tf\n+++ b/main.tf\n@@ ")
    assert diffs["aws_backup_plan.other"] is None
    without = json.loads(scan(project, "-o", "json").stdout)["findings"]
    assert all("diff" not in one for one in without)


def test_what_remains_by_hand_is_said_and_counts(project: Path) -> None:
    (project / "other.tf").write_text(VARIABLE)
    done = scan(project, "--fix")
    assert done.returncode == 1
    assert "by hand: its value comes from var.w\n  RR201 aws_backup_plan.other" in done.stdout.decode()


def test_only_the_chosen_rules_are_fixed(project: Path) -> None:
    assert b"nothing was fixed" in scan(project, "--fix", "--select", "RR202").stdout
    assert (project / "main.tf").read_text() == PLAN


UNCLEAN = {
    "modified": "its file has changes that are not committed",
    "untracked": "its file is not tracked by git",
    "ignored": "its file is not tracked by git",
    "outside of git": "its file is not in a git repository",
    "a link": "its file is a link",
}


@pytest.mark.parametrize("state", UNCLEAN)
def test_what_git_could_not_bring_back_is_changed_only_by_force(state: str, project: Path, tmp_path: Path) -> None:
    text = PLAN + "# mine\n"
    folder, file = project, project / "main.tf"
    if state == "outside of git":
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        file = folder / "main.tf"
    elif state == "a link":
        git(project, "rm", "-q", "main.tf")
        file = project / "shared.txt"
        (project / "main.tf").symlink_to(file)
        repository(project)
    elif state in ("untracked", "ignored"):
        git(project, "rm", "-q", "main.tf")
        (project / ".gitignore").write_text("*.tf\n" if state == "ignored" else "")
        repository(project)
    file.write_text(text)
    done = scan(folder, "--fix")
    assert UNCLEAN[state] in done.stdout.decode()
    assert file.read_text() == text
    assert scan(folder, "--fix", "--force").returncode == 0
    assert file.read_text() == text.replace("480", "60")
    assert (folder / "main.tf").is_symlink() == (state == "a link")


def test_modes_are_kept_and_nothing_is_left_behind(project: Path) -> None:
    (project / "main.tf").chmod(0o640)
    scan(project, "--fix")
    assert (project / "main.tf").stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in project.iterdir()) == [".git", "main.tf"]


def test_force_without_a_fix_is_a_mistake(project: Path) -> None:
    done = scan(project, "--force")
    assert done.returncode == 2
    assert b"--force says which files --fix may change" in done.stderr


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    one, other = tmp_path / "one.tf", tmp_path / "other.tf"
    one.write_text("a")
    other.write_text("changed")
    with pytest.raises(UsageError, match="has changed while it was judged"):
        write_all({one: "a", other: "b"}, {one: "x", other: "y"})
    assert (one.read_text(), other.read_text()) == ("a", "changed")
    assert sorted(tmp_path.iterdir()) == [one, other]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_can_not_be_written_is_told(project: Path) -> None:
    project.chmod(0o555)
    done = scan(project, "--fix")
    project.chmod(0o755)
    assert done.returncode == 2
    assert b"can't write the fix" in done.stderr


def test_git_runs_nothing_of_a_repository_within_the_repository(project: Path, tmp_path: Path) -> None:
    trap = project / "trap"
    trap.mkdir()
    (trap / "main.tf").write_text(PLAN)
    git(trap, "init", "-q", "--bare", ".")
    bare = ("--git-dir=.", "--work-tree=.")
    git(trap, *bare, "add", "main.tf")
    git(trap, *bare, "commit", "-qm", "x")
    core = "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\n"
    (trap / "config").write_text(f'{core}[filter "x"]\nclean = touch {tmp_path}/hit; cat\n')
    (trap / ".gitattributes").write_text("*.tf filter=x\n")
    (trap / "main.tf").write_text(PLAN.replace("480", "490"))

    for words in (["--fix"], ["--diff"], ["--changed-since", "HEAD"]):
        scan(trap, *words)

    assert not (tmp_path / "hit").exists()
    git(trap, "-C", ".", "status")
    assert (tmp_path / "hit").exists(), "the trap is one"


HOSTILE = {
    "unfinished": PLAN + 'resource "aws_x" "y" {\n',
    "deep": PLAN + "locals {\n  x = " + "[" * 3000 + "]" * 3000 + "\n}\n",
    "odd strings": PLAN.replace('"night"\n  rule', '"${"${"night"}"}"\n  rule'),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_odd_files_never_crash_it(kind: str, project: Path) -> None:
    (project / "main.tf").write_text(HOSTILE[kind])
    done = run_process(project, "scan", "--fix", "--force")
    assert done.code in (0, 1, 3)
    assert "Traceback" not in done.err
    assert "RR000" not in done.out + done.err
