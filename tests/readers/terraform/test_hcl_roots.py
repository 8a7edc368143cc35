"""Which folders are evaluated on their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready.readers.terraform import find_roots
from restore_ready.readers.terraform._files import module_folders

RESOURCE = 'resource "aws_efs_file_system" "this" {}\n'


def call(source: str) -> str:
    return f'module "m" {{\n  source = "{source}" # the module\n}}\n'


def roots(folder: Path) -> list[str]:
    return [str(one.relative_to(folder)) for one in find_roots([folder]).roots]


def test_a_folder_called_as_a_local_module_is_no_root(tmp_path: Path) -> None:
    write(tmp_path, {"live/prod/main.tf": call("../../modules/efs"), "modules/efs/main.tf": RESOURCE})
    assert roots(tmp_path) == ["live/prod"]


def test_tofu_and_json_configuration_make_a_root(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.tofu": RESOURCE, "b/x.tf.json": '{"module": {"m": {"source": "../c"}}}', "c/x.tf": RESOURCE})
    assert roots(tmp_path) == ["a", "b"]


def test_a_modules_repository_is_judged_by_itself_and_through_its_examples(tmp_path: Path) -> None:
    write(tmp_path, {"module/main.tf": RESOURCE, "module/examples/complete/main.tf": call("../../")})
    assert roots(tmp_path) == ["module", "module/examples/complete"]


def test_a_given_folder_is_a_root_even_when_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": RESOURCE, "wrapper/main.tf": call("../")})
    assert roots(tmp_path) == [".", "wrapper"]


def test_a_given_file_stands_for_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": RESOURCE, "readme.md": "x"})
    assert find_roots([tmp_path / "a" / "main.tf", tmp_path / "readme.md"]).roots == (tmp_path / "a",)


def test_folders_that_only_call_each_other_are_not_lost(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": call("../b"), "b/main.tf": call("../a")})
    assert roots(tmp_path) == ["a"]


def test_a_module_called_twice_is_no_circle(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.tf": call("./a") + call("./b").replace('"m"', '"n"'), "a/m.tf": call("../b"), "b/m.tf": RESOURCE},
    )
    assert set(module_folders(tmp_path)) == {tmp_path, tmp_path / "a", tmp_path / "b"}


def test_a_call_in_a_comment_or_string_is_no_call(tmp_path: Path) -> None:
    text = """
# module "m" { source = "./a" }
/*
module "m" {
  source = "./a"
}
*/
locals {
  x = "source = ./a"
  y = <<EOT
module "m" {
  source = "./a"
}
EOT
}
"""
    write(tmp_path, {"main.tf": text, "a/main.tf": RESOURCE})
    assert roots(tmp_path) == [".", "a"]


@pytest.mark.parametrize("folder", [".terraform/modules/x", ".git", "node_modules/x", ".venv/x"])
def test_folders_of_tools_are_passed_over(tmp_path: Path, folder: str) -> None:
    write(tmp_path, {f"{folder}/main.tf": RESOURCE})
    assert roots(tmp_path) == []


def test_a_loop_of_symbolic_links_ends(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": RESOURCE})
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert roots(tmp_path) == ["a"]


def test_a_missing_path_is_reported(tmp_path: Path) -> None:
    found = find_roots([tmp_path / "nowhere"])
    assert found.roots == ()
    assert [gap.why for gap in found.gaps] == ["there is no such file or folder"]


def test_an_empty_folder_has_no_roots(tmp_path: Path) -> None:
    assert find_roots([tmp_path]).roots == ()
