"""What a walk leaves out: what git ignores and what globs match, unless it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import files
from tests.support.command import run, within
from tests.support.repositories import git

from restore_ready._left_out import LeftOut
from restore_ready.scanning._discover import discover

TEMPLATE = "Resources:\n  V: {Type: AWS::Backup::BackupVault}\n"


def write(folder: Path, *names: str) -> Path:
    return files.write(folder, {name: "" if name.endswith(".tf") else TEMPLATE for name in names})


def found_in(folder: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    with within(folder):
        found = discover([Path(path) for path in paths or (".",)], exclude)
        return sorted(path.as_posix() for path in (*found.templates, *found.terraform_files))


def make_repository(folder: Path, ignored: str) -> None:
    git(folder, "init", "-q")
    (folder / ".gitignore").write_text(ignored)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    make_repository(tmp_path, "cdk.out\n/build/\n*.gen.yaml\n")
    return write(tmp_path, "a.yaml", "b.gen.yaml", "cdk.out/app.yaml", "build/x/y.yaml", "sub/build/z.yaml")


def test_folders_that_git_ignores_are_left_out_unless_they_are_named(repository: Path) -> None:
    assert found_in(repository) == ["a.yaml", "b.gen.yaml", "sub/build/z.yaml"]
    assert found_in(repository, "cdk.out") == ["cdk.out/app.yaml"]
    assert found_in(repository, "build/x", "sub") == ["build/x/y.yaml", "sub/build/z.yaml"]
    assert found_in(repository, ".", "cdk.out/app.yaml") == [
        "a.yaml",
        "b.gen.yaml",
        "cdk.out/app.yaml",
        "sub/build/z.yaml",
    ]


def test_where_git_cant_tell_nothing_is_left_out(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(programs))
    assert len(found_in(repository)) == 5

    files.write(programs, {"git": "#!/bin/sh\nexit 128\n"})
    (programs / "git").chmod(0o755)
    assert len(found_in(repository)) == 5


def test_an_ignored_folder_is_told_where_nothing_else_is(tmp_path: Path) -> None:
    make_repository(tmp_path, "cdk.out\n")
    write(tmp_path, "cdk.out/app.yaml")

    done = run(tmp_path, "scan")

    assert done.code == 0
    assert "left out, because git ignores it: cdk.out: name what is to be read" in done.err


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("old/**", ["new/a.yaml", "new/old/b.yaml", "new/old/main.tf"]),
        ("old", ["new/a.yaml"]),
        ("old/", ["new/a.yaml"]),
        ("*.yaml", ["new/old/main.tf", "old/main.tf"]),
        ("new/**/*.tf", ["new/a.yaml", "new/old/b.yaml", "old/c.yaml", "old/main.tf"]),
        ("./new/old", ["new/a.yaml", "old/c.yaml", "old/main.tf"]),
        ("ne?/*/b.y*", ["new/a.yaml", "new/old/main.tf", "old/c.yaml", "old/main.tf"]),
        ("**/b.yaml", ["new/a.yaml", "new/old/main.tf", "old/c.yaml", "old/main.tf"]),
        ("a.[y]aml", ["new/a.yaml", "new/old/b.yaml", "new/old/main.tf", "old/c.yaml", "old/main.tf"]),
    ],
)
def test_globs_leave_out_files_and_folders(tmp_path: Path, glob: str, left: list[str]) -> None:
    write(tmp_path, "new/a.yaml", "new/old/b.yaml", "new/old/main.tf", "old/c.yaml", "old/main.tf")

    assert found_in(tmp_path, exclude=(glob,)) == left


def test_a_glob_from_the_root_is_one_wherever_the_scan_starts(tmp_path: Path) -> None:
    write(tmp_path, "a/old/b.yaml", "a/c.yaml")

    assert found_in(tmp_path / "a", exclude=(f"{tmp_path}/a/old/**",)) == ["c.yaml"]


def test_what_is_named_is_read_whatever_globs_say(tmp_path: Path) -> None:
    write(tmp_path, "old/c.yaml", "old/old/d.yaml")

    assert found_in(tmp_path, "old/c.yaml", exclude=("old/**",)) == ["old/c.yaml"]
    assert found_in(tmp_path, "old/c.yaml", exclude=("*.yaml",)) == ["old/c.yaml"]


def test_without_globs_and_git_nothing_more_is_left_out() -> None:
    assert not LeftOut().has("anything")
    assert LeftOut().walked(".", ["b", ".git", "venv", "a"]) == ["a", "b"]
