"""What can't be read is told, with its place and what it may hide, and the rest is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.terraform._written import by_address, evaluated, values, vault, written

from restore_ready.readers.terraform.configuration import read_root
from restore_ready.readers.terraform.language import Unknown

GOOD = 'resource "aws_backup_vault" "{}" {{\n  name = "v"\n}}\n'


def test_every_block_that_parses_by_itself_is_read(tmp_path: Path) -> None:
    broken = 'resource "aws_backup_plan" "broken" {\n  rule {\n    name = "x\n  }\n}\n'
    evaluation = evaluated(tmp_path, GOOD.format("a") + broken + GOOD.format("b"))
    assert {"aws_backup_vault.a", "aws_backup_vault.b"} <= by_address(evaluation).keys()
    (gap,) = evaluation.gaps
    assert gap.span is not None
    assert gap.span.line in range(4, 9)
    assert "aws_backup_plan" in str(gap.text)


def test_an_argument_that_does_not_parse_is_unknown(tmp_path: Path) -> None:
    evaluation = evaluated(tmp_path, 'resource "aws_backup_vault" "v" {\n  name = 1 +\n  tags = {}\n}\n')
    found = values(evaluation.resources[0].body)
    assert isinstance(found["name"], Unknown)
    assert found["tags"] == {}


def test_a_body_with_something_else_in_it_may_have_more(tmp_path: Path) -> None:
    evaluation = evaluated(
        tmp_path, GOOD.format("a") + 'resource "aws_backup_vault" "v" {\n  name = "v"\n  what is this\n}\n'
    )
    found = by_address(evaluation)
    assert found["aws_backup_vault.a"].body.rest is None
    rest = found["aws_backup_vault.v"].body.rest
    assert rest is not None
    assert [gap.what for gap in evaluation.gaps] == ["aws_backup_vault.v"]
    assert evaluation.gaps[0].why.startswith("line 6: ")
    assert "what is this" in str(evaluation.gaps[0].text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", 'resource "aws_backup_vault" "v" {\n  name = "a"\n  name = "b"\n}\n'),
        ("main.tf.json", '{"resource": {"aws_backup_vault": {"v": {\n  "name": "a",\n  "name": "b"\n}}}}'),
    ],
)
def test_an_argument_that_is_given_twice_is_unknown_and_told(tmp_path: Path, name: str, text: str) -> None:
    evaluation = read_root(written(tmp_path, {name: text}))
    found = vault(evaluation)["name"]
    assert isinstance(found, Unknown)
    assert (found.why, found.span and found.span.line) == ("name is given twice", 3)
    assert [(gap.what, gap.why) for gap in evaluation.gaps] == [("aws_backup_vault.v", "line 2: name is given twice")]


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    written(tmp_path, {"a.tf": GOOD.format("a"), "b.tf.json": "[1"})
    (tmp_path / "binary.tf").write_bytes(b"\0\1\2")
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "dangling.tf").symlink_to(tmp_path / "nowhere")
    evaluation = read_root(tmp_path)
    assert list(by_address(evaluation)) == ["aws_backup_vault.a"]
    assert {Path(gap.what).name: gap.why for gap in evaluation.gaps} == {
        "b.tf.json": "the file is not valid JSON",
        "binary.tf": "the file is binary, not Terraform",
        "dangling.tf": "there is no such file",
        "pipe.tf": "it is not a file",
    }
    assert {gap.text for gap in evaluation.gaps} == {None, "[1"}


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"a.tf": GOOD.format("a"), "b.tf": GOOD.format("b")})

    opened = os.open

    def refuse(file: Path, *arguments: int) -> int:
        if Path(file).name == "b.tf":
            raise PermissionError(13, "Permission denied")
        return opened(file, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    evaluation = read_root(tmp_path)
    assert list(by_address(evaluation)) == ["aws_backup_vault.a"]
    assert [gap.why for gap in evaluation.gaps] == ["the file can't be read: Permission denied"]


def test_a_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    written(tmp_path, {"a.tf": GOOD.format("a")})
    with (tmp_path / "b.tf").open("wb") as file:
        file.truncate(10_000_001)
    assert [gap.why for gap in read_root(tmp_path).gaps] == ["the file is larger than 10 MB"]


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        ('resorce "aws_backup_vault" "v" {}', "resorce aws_backup_vault v", "Terraform has no block resorce"),
        ('resource "aws_backup_vault" {}', "resource aws_backup_vault", "a resource block has 2 labels, not 1"),
        ("variable {}", "variable", "a variable block has 1 labels, not 0"),
        (
            'resource "aws_backup_vault.b" "v" {}',
            "resource aws_backup_vault.b v",
            'Terraform refuses the name "aws_backup_vault.b": it takes letters, digits, _ and -',
        ),
        (
            'resource "a_b" "-v" {}',
            "resource a_b -v",
            'Terraform refuses the name "-v": it takes letters, digits, _ and -',
        ),
    ],
)
def test_blocks_that_terraform_has_not_are_told(tmp_path: Path, text: str, what: str, why: str) -> None:
    evaluation = evaluated(tmp_path, text + "\n" + GOOD.format("a"))
    assert list(by_address(evaluation)) == ["aws_backup_vault.a"]
    (gap,) = evaluation.gaps
    assert (gap.what, gap.why, gap.text) == (what, why, text)


def test_an_argument_outside_of_all_blocks_is_told(tmp_path: Path) -> None:
    evaluation = evaluated(tmp_path, 'name = "x"\n' + GOOD.format("a"))
    assert [gap.why for gap in evaluation.gaps] == ["an argument stands outside of all blocks"]
    assert list(by_address(evaluation)) == ["aws_backup_vault.a"]


def test_too_many_instances_are_told_by_the_block_and_the_rest_goes_on(tmp_path: Path) -> None:
    main = 'resource "aws_backup_vault" "many" {\n  count = 5000\n  name = count.index\n}\n' + GOOD.format("z")
    evaluation = evaluated(tmp_path, main)
    assert len(evaluation.resources) == 2001
    assert evaluation.resources[-1].address == "aws_backup_vault.z"
    assert [(gap.what, gap.why) for gap in evaluation.gaps] == [
        ("aws_backup_vault.many", "it has 5000 instances, of which 2000 are read")
    ]


def test_every_block_is_read_once_however_many_instances_others_have(tmp_path: Path) -> None:
    calls = "\n".join(f'module "m{n}" {{\n  source = "./m"\n  count = 2000\n}}' for n in range(3))
    written(tmp_path, {"m/main.tf": 'resource "aws_backup_vault" "v" {\n  count = 20\n  name = "v"\n}\n'})
    evaluation = evaluated(tmp_path, calls + '\nmodule "last" { source = "./n" }\n' + GOOD.format("z"))
    written(tmp_path, {"n/main.tf": GOOD.format("last")})
    evaluation = read_root(tmp_path)
    assert "module.last.aws_backup_vault.last" in by_address(evaluation)
    assert len(evaluation.resources) < 60_000
    assert any("the configuration has too many" in gap.why for gap in evaluation.gaps)


def test_too_many_nested_blocks_are_told(tmp_path: Path) -> None:
    main = """
    resource "aws_backup_plan" "p" {
      dynamic "rule" {
        for_each = range(1000)
        content {
          copy_action { a = 1 }
          copy_action { a = 2 }
        }
      }
    }
    """ + GOOD.format("z")
    evaluation = evaluated(tmp_path, main)
    plan = by_address(evaluation)["aws_backup_plan.p"]
    assert plan.body.rest is not None
    assert "aws_backup_vault.z" in by_address(evaluation)
    assert {gap.why for gap in evaluation.gaps} == {"not all of its nested blocks are read: there are too many"}


def test_blocks_nested_too_deep_are_told(tmp_path: Path) -> None:
    main = 'resource "aws_backup_plan" "p" {\n' + "a {\n" * 60 + "}\n" * 60 + "}\n" + GOOD.format("z")
    evaluation = evaluated(tmp_path, main)
    assert [gap.why for gap in evaluation.gaps] == ["blocks are nested more than 50 deep"]
    body = by_address(evaluation)["aws_backup_plan.p"].body
    while body.blocks:
        body = body.blocks[0].body
    assert body.rest is not None


def test_modules_nested_too_deep_are_told(tmp_path: Path) -> None:
    files = {f"m{n}/main.tf": f'module "m" {{ source = "../m{n + 1}" }}\n' for n in range(20)}
    written(tmp_path, files | {"m20/main.tf": GOOD.format("v")})
    evaluation = evaluated(tmp_path, 'module "m" { source = "./m0" }\n')
    assert [module.why for module in evaluation.modules] == [
        "the module ../m12 is not read: modules are nested more than 12 deep"
    ]


@pytest.mark.thorough
def test_a_greedy_value_does_not_starve_the_others(tmp_path: Path) -> None:
    greedy = "length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]])"
    vaults = "".join(f'resource "aws_backup_vault" "g{n}" {{ name = {greedy} }}\n' for n in range(4))
    evaluation = evaluated(tmp_path, vaults + 'resource "aws_backup_vault" "z" { name = "n${1 + 1}" }\n')
    assert isinstance(values(evaluation.resources[0].body)["name"], Unknown)
    assert values(evaluation.resources[-1].body)["name"] == "n2"


def test_many_blocks_that_are_declared_twice_are_one_gap(tmp_path: Path) -> None:
    vaults = "".join(f'resource "aws_backup_vault" "v{number}" {{\n  name = "{number}"\n}}\n' for number in range(4))
    written(tmp_path, {"a.tf": vaults, "b.tf": vaults})
    [gap] = read_root(tmp_path).gaps
    assert gap.what == str(tmp_path)
    named = ", ".join(f"resource aws_backup_vault v{number}" for number in range(3))
    assert gap.why == f"4 blocks are declared again: {named}, …"
    assert "aws_backup_vault" in str(gap.text)
