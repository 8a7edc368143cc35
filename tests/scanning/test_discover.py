"""What a scan finds to read under a path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import UsageError
from restore_ready.scanning._discover import discover

TEMPLATE = "Resources:\n  Vault:\n    Type: AWS::Backup::BackupVault\n"
PLAN = '{"format_version": "1.2", "planned_values": {}}'


def names(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_files_are_told_apart_by_content(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a/template.yaml": TEMPLATE,
            "a/stack.yml": TEMPLATE,
            "b/plan.json": PLAN,
            "b/stack.json": '{"Resources": {"V": {"Type": "AWS::Backup::BackupVault"}}}',
            "cdk.out/app.template.json": '{"Resources": {"V": {"Type": "AWS::Backup::BackupVault"}}}',
            "package.json": '{"name": "x"}',
            "values.yaml": "replicas: 3\n",
            "notes.yaml": "text: Resources have types such as AWS::Backup::BackupVault\n",
            "schema.json": '{"typeName": "AWS::Backup::BackupVault", "Resources": {}}',
            "c/main.tf": "",
        },
    )
    found = discover([tmp_path])
    assert {path.name for path in found.doubtful} == {"notes.yaml", "schema.json"}
    assert names([path for path in found.templates if path not in found.doubtful], tmp_path) == [
        "a/stack.yml",
        "a/template.yaml",
        "b/stack.json",
        "cdk.out/app.template.json",
    ]
    assert names(found.plans, tmp_path) == ["b/plan.json"]
    assert found.terraform == [tmp_path]
    assert found.unreadable == []


@pytest.mark.parametrize("skipped", [".git", ".terraform", "node_modules", ".venv", ".hidden", "venv"])
def test_vendored_and_hidden_folders_are_skipped(tmp_path: Path, skipped: str) -> None:
    write(tmp_path, {f"{skipped}/template.yaml": TEMPLATE, f"{skipped}/main.tf": ""})
    found = discover([tmp_path])
    assert (found.templates, found.terraform) == ([], [])


def test_a_hidden_folder_given_by_name_is_walked(tmp_path: Path) -> None:
    write(tmp_path, {".stacks/t.yaml": TEMPLATE})
    assert names(discover([tmp_path / ".stacks"]).templates, tmp_path) == [".stacks/t.yaml"]


def test_a_missing_path_is_a_usage_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        discover([tmp_path, tmp_path / "nowhere"])


def test_a_file_given_by_name_is_read_whatever_its_ending(tmp_path: Path) -> None:
    write(tmp_path, {"stack.txt": TEMPLATE, "plan.out": PLAN, "main.tofu": ""})
    found = discover([tmp_path / "stack.txt", tmp_path / "plan.out", tmp_path / "main.tofu"])
    assert names(found.templates, tmp_path) == ["stack.txt"]
    assert names(found.plans, tmp_path) == ["plan.out"]
    assert names(found.terraform, tmp_path) == ["main.tofu"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("notes.md", b"# notes", "neither Terraform"),
        ("empty.json", b"", "is empty"),
        ("broken.json", b'{"a": \n oops}', "is not JSON"),
        ("deep.json", b"[" * 200_000, "is not readable JSON"),
        ("bin.yaml", b"\x00\x01\x02", "is a binary file"),
        ("tfplan", b"PK\x03\x04rest", "terraform show -json"),
        ("plan.json", PLAN.encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_given_by_name_that_is_none_of_ours_says_why(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    write(tmp_path, {name: content})
    (error,) = discover([tmp_path / name]).unreadable
    assert why in error.why
    assert error.path == tmp_path / name


def test_json_that_does_not_parse_names_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"broken.json": '{"a": \n oops}'})
    (error,) = discover([tmp_path / "broken.json"]).unreadable
    assert error.line == 2


def test_in_a_folder_only_files_meant_for_us_are_complained_about(tmp_path: Path) -> None:
    write(
        tmp_path, {"template.json": "{oops", "tsconfig.json": "{// comment\n}", "empty.yaml": "", "app.template": "x"}
    )
    assert names([error.path for error in discover([tmp_path]).unreadable], tmp_path) == ["template.json"]


def test_a_binary_file_in_a_folder_is_reported_and_the_rest_found(tmp_path: Path) -> None:
    write(tmp_path, {"bin.yaml": b"\x00\x01", "t.yaml": TEMPLATE})
    found = discover([tmp_path])
    assert names([error.path for error in found.unreadable], tmp_path) == ["bin.yaml"]
    assert names(found.templates, tmp_path) == ["t.yaml"]


def test_links_that_go_round_in_circles_are_reported_or_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": TEMPLATE})
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nothing")
    found = discover([tmp_path])
    assert names(found.templates, tmp_path) == ["t.yaml"]
    assert names([error.path for error in found.unreadable], tmp_path) == ["gone.yaml", "self.yaml"]


def test_a_file_met_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": TEMPLATE})
    (tmp_path / "u.yaml").symlink_to(tmp_path / "t.yaml")
    found = discover([tmp_path, tmp_path / "t.yaml"])
    assert len(found.templates) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
def test_a_named_pipe_does_not_hang_the_walk(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert discover([tmp_path]).templates == []
    (error,) = discover([tmp_path / "pipe.yaml"]).unreadable
    assert "neither a regular file" in error.why


def test_a_huge_file_of_another_kind_costs_one_search(tmp_path: Path) -> None:
    write(tmp_path, {"data.json": b'["' + b"a" * 50_000_000 + b'"]'})
    found = discover([tmp_path])
    assert (found.templates, found.plans, found.unreadable) == ([], [], [])
