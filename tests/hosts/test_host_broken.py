"""A pack that is broken on purpose is loud in every host."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.host_project import RULE, TEMPLATE
from tests.support.hosts import Run, copy_of_the_pack, run_cfn_lint, run_checkov

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("hosts")]  # one process forks them all

CONFIGURATION = f"""
resource "aws_backup_plan" "plan" {{
  name = "plan"
{RULE % "60"}
}}
resource "aws_efs_file_system" "data" {{}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "main.tf").write_text(CONFIGURATION)
    (folder / "template.yaml").write_text(TEMPLATE)
    return folder


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return copy_of_the_pack(tmp_path / "pack")


def rule_file(pack: Path) -> Path:
    return next((pack / "rules" / "restore_ready" / "catalog").glob("rr201_*.py"))


def make_the_rule_raise(pack: Path) -> None:
    text = rule_file(pack).read_text()
    before, found, after = text.partition("    allowed = requirements.start_within\n")
    assert found
    rule_file(pack).write_text(f'{before}    raise KeyError("broken on purpose")\n{after}')


def check(project: Path, pack: Path, *codes: str) -> Run:
    frameworks = ("--framework", "terraform", "cloudformation")
    chosen = ("--check", ",".join(codes)) if codes else ()
    return run_checkov("-d", ".", *frameworks, *chosen, "-o", "json", folder=project, checks=pack / "custom_checks")


def lint(project: Path, pack: Path) -> Run:
    return run_cfn_lint("template.yaml", f"--append-rules={pack / 'rules'}", "-f", "json", folder=project)


@pytest.mark.thorough
def test_a_rule_that_raises_fails_in_checkov_under_rr000_and_its_own_code(project: Path, pack: Path) -> None:
    make_the_rule_raise(pack)
    done = check(project, pack, "RR000", "RR20*")
    failed = {(one.framework, one.code) for one in done.records() if "broken on purpose" in one.name}

    assert done.exit_code == 1
    assert failed == {(name, code) for name in ("terraform", "cloudformation") for code in ("RR000", "RR201")}
    assert {one.code for one in done.records("passed")} == {"RR202", "RR203", "RR204"}


def test_a_rule_that_raises_is_err000_in_cfn_lint(project: Path, pack: Path) -> None:
    make_the_rule_raise(pack)
    done = lint(project, pack)
    broken = [one["Message"] for one in done.matches() if one["Rule"]["Id"] == "ERR000"]

    assert done.exit_code & 2
    assert "Wide: rule RR201 broke: KeyError: 'broken on purpose'" in broken


@pytest.mark.parametrize("codes", [(), ("RR201",)], ids=["every check", "one check of ours"])
def test_a_rule_file_that_does_not_parse_fails_checkov(project: Path, pack: Path, codes: tuple[str, ...]) -> None:
    rule_file(pack).write_text("def judge(:\n")
    done = check(project, pack, *codes)
    failed = [one for one in done.records() if one.code in {"RR000", *codes} and "could not load" in one.name]

    assert done.exit_code == 1
    assert {one.framework for one in failed} == {"terraform", "cloudformation"}
    assert all("SyntaxError" in one.name for one in failed)


def test_a_pack_that_leaves_by_system_exit_fails_checkov(project: Path, pack: Path) -> None:
    (pack / "rules" / "restore_ready" / "engine" / "_judge.py").write_text("raise SystemExit(0)\n")
    done = check(project, pack, "RR000")

    assert done.exit_code == 1
    assert all("could not load" in one.name for one in done.records())


def test_a_core_module_that_does_not_parse_is_err000_in_cfn_lint(project: Path, pack: Path) -> None:
    (pack / "rules" / "restore_ready" / "engine" / "_judge.py").write_text("def judge(:\n")
    done = lint(project, pack)

    assert done.exit_code & 2
    assert [one["Rule"]["Id"] for one in done.matches() if "could not load" in one["Message"]] == ["ERR000"]


def test_a_rule_file_that_does_not_parse_stops_cfn_lint(project: Path, pack: Path) -> None:
    """The walk over the folder executes the file itself and gives up on it."""
    rule_file(pack).write_text("def judge(:\n")
    done = lint(project, pack)

    assert done.exit_code == 1
    assert "SyntaxError" in done.errors


def test_a_reader_that_breaks_fails_in_checkov_under_every_code(project: Path, pack: Path) -> None:
    reader = pack / "rules" / "restore_ready" / "readers" / "cloudformation" / "__init__.py"
    reader.write_text(reader.read_text() + '\n\ndef read_template(*_):\n    raise KeyError("broken on purpose")\n')
    done = check(project, pack, "RR*")
    failed = [one for one in done.records() if one.framework == "cloudformation" and "broken on purpose" in one.name]

    assert done.exit_code == 1
    assert {"RR000", "RR201", "RR202"} <= {one.code for one in failed}
