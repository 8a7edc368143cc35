"""A file that can't be read ends a scan with exit code 3, and is never silent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.command import PLAN, run, run_json
from tests.support.paths import FIXTURES

SOUND = PLAN.replace("480", "60")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("template.json", b'{"Resources": ', "is not JSON"),
        ("b.tf", b'resource "a" "b" {\n', "a bracket is not closed"),
        ("terraform.tfvars", b"x = [", "a bracket is not closed"),
    ],
)
def test_it_is_told_and_gives_exit_code_3(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / "main.tf").write_text(SOUND)
    (tmp_path / name).write_bytes(content)

    done, quiet = run(tmp_path, "scan"), run(tmp_path, "scan", "-q")

    assert (done.code, name in done.out, why in done.out) == (3, True, True)
    assert (quiet.code, quiet.out) == (3, "")
    (line,) = quiet.err.splitlines()
    assert line.startswith(f"restore-ready: {name}")
    assert why in line
    assert run(tmp_path, "scan", "--allow-unread").code == 0
    assert run(tmp_path, "scan", "--allow-unread", "--strict").code == 3


def test_findings_count_more(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLAN)
    (tmp_path / "b.tf").write_text("x = [")

    assert run(tmp_path, "scan").code == 1
    assert run(tmp_path, "scan", "--fail-on", "error").code == 3


def test_what_could_not_be_judged_is_no_file_that_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "git::https://example.com/m"\n}\n')

    assert run_json(tmp_path).code == 0


def test_notes_do_not_fail_by_default(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_efs_file_system" "a" {}\n')
    found = run_json(tmp_path, "--select", "RR102")

    assert (found.code, [one["severity"] for one in found.document["findings"]]) == (0, ["info"])
    assert run(tmp_path, "scan", "--select", "RR102", "--fail-on", "info").code == 1


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("Pulumi.yaml", "`restore-ready audit`"),
        ("serverless.yml", "`serverless package`"),
        ("cdk.json", "`cdk synth`"),
    ],
)
def test_another_tools_folder_says_what_to_scan_instead(tmp_path: Path, name: str, instead: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("{}")

    done = run(tmp_path, "scan")

    assert (done.code, f"restore-ready: {name}: " in done.err, instead in done.err) == (0, True, True)
    assert run(tmp_path, "scan", "--strict").code == 3


def test_findings_that_may_be_fixed_are_counted(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLAN)
    told = "restore-ready: 1 of 1 finding may be fixed by --fix: --diff shows how\n"

    assert run(tmp_path, "scan").err == told
    assert [run(tmp_path, "scan", option).err for option in ("-q", "--diff")] == ["", ""]
    assert run_json(tmp_path).err == ""


def test_what_a_plan_says_again_of_its_source_is_counted_once(tmp_path: Path) -> None:
    for name in ("main.tf", "plan.json"):
        shutil.copy(FIXTURES / "stories" / "founding" / name, tmp_path)

    assert run(tmp_path, "scan").err == "restore-ready: 4 of 7 findings may be fixed by --fix: --diff shows how\n"
