"""Section ``scan`` of the requirements stands in for options, of which those given win."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.command import run, run_json
from tests.support.requirements import WIDE, write

NIGHT = ("RR201", "aws_backup_plan.night")


def settings(folder: Path, *lines: str) -> Path:
    """Write a stack and a file whose section ``scan`` has these lines."""
    section = "".join(f"  {line}\n" for line in lines)
    return write(folder, main_tf=WIDE, requirements=f"version: 1\nscan:\n{section}")


@pytest.mark.parametrize(
    ("line", "option", "codes"),
    [
        ("select: [RR1]", ["--select", "RR2"], (0, 1)),
        ("ignore: [RR201]", ["--ignore", "RR1"], (0, 1)),
        ("fail_on: error", ["--fail-on", "warning"], (0, 1)),
        ("fail_on: never", ["--fail-on", "info"], (0, 1)),
    ],
)
def test_the_command_line_wins(tmp_path: Path, line: str, option: list[str], codes: tuple[int, int]) -> None:
    settings(tmp_path, line)

    assert (run(tmp_path, "scan").code, run(tmp_path, "scan", *option).code) == codes


def test_outputs_and_a_baseline_are_meant_from_the_files_folder(tmp_path: Path) -> None:
    settings(tmp_path, "output: [json=found.json]", "baseline: known.json")
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    run(tmp_path, "scan", "--write-baseline", "known.json")

    assert run(tmp_path / "sub", "scan", "..").code == 0
    assert json.loads((tmp_path / "found.json").read_text())["summary"]["known"] == 1


def test_what_is_excluded_is_not_read(tmp_path: Path) -> None:
    settings(tmp_path, "exclude: [legacy/**]")
    write(tmp_path / "legacy", main_tf=WIDE)
    write(tmp_path / "more", main_tf=WIDE)

    found = run_json(tmp_path, "--exclude", "more")

    assert [one["file"] for one in found.document["findings"]] == ["main.tf"]
    assert found.document["scope"]["options"]["exclude"][1:] == ["more"]


def test_variable_files_and_parameters_come_before_those_of_the_command_line(tmp_path: Path) -> None:
    settings(tmp_path, "var_files: [env/prod.tfvars]", "parameters: {Window: 480}")
    write(tmp_path, main_tf='variable "w" { type = number }\n' + WIDE.replace("480", "var.w"))
    write(tmp_path / "env", prod_tfvars="w = 480\n", dev_tfvars="w = 60\n")

    assert run_json(tmp_path).findings() == [NIGHT]
    assert run_json(tmp_path, "--var-file", "env/dev.tfvars").findings() == []
    assert run_json(tmp_path).document["scope"]["options"]["parameters"] == ["Window"]

    (tmp_path / "env" / "prod.tfvars").unlink()
    gone = run(tmp_path, "scan")
    assert (gone.code, "no such variable file" in gone.err) == (2, True)


def test_strict_can_be_taken_back(tmp_path: Path) -> None:
    settings(tmp_path, "strict: true", "fail_on: never")
    write(tmp_path, main_tf=WIDE.replace("480", "var.w") + 'variable "w" {}\n')

    assert (run(tmp_path, "scan").code, run(tmp_path, "scan", "--no-strict").code) == (3, 0)


@pytest.mark.parametrize("line", ["strict: yes", "fail_on: sometimes", "colour: red", "select: RR1"])
def test_what_cant_be_meant_is_wrong(tmp_path: Path, line: str) -> None:
    done = run(settings(tmp_path, line), "scan")

    assert (done.code, f"restore-ready.yaml:3: scan.{line.partition(':')[0]}" in done.err) == (2, True)


def test_a_repositorys_settings_do_not_count_beside_a_forced_file(tmp_path: Path) -> None:
    settings(tmp_path / "code", "ignore: [RR201]")
    forced = write(tmp_path / "policy", requirements="version: 1\nscan: {exclude: [old/**]}\n") / "restore-ready.yaml"
    write(tmp_path / "code" / "old", main_tf=WIDE)

    found = run_json(tmp_path / "code", environment={"RESTORE_READY_REQUIREMENTS": str(forced)})

    assert [one["file"] for one in found.document["findings"]] == ["main.tf"]


def test_a_forced_file_can_let_the_repositorys_exceptions_in(tmp_path: Path) -> None:
    exception = "{rule: RR201, match: 'main.tf:*', reason: agreed, owner: team, expires: 2999-01-01}"
    own = f"version: 1\nbackup: {{start_within: 8h}}\nexceptions: [{exception}]\n"
    folder = write(tmp_path / "code", main_tf=WIDE, requirements=own)
    forced = tmp_path / "policy.yaml"
    forced.write_text("version: 1\n")
    assert run_json(folder, "--requirements", str(forced)).findings() == [NIGHT]

    forced.write_text("version: 1\nexceptions_from: repository\n")
    done = run_json(folder, "--requirements", str(forced))
    assert (done.code, done.findings("excepted"), done.err) == (0, [NIGHT], "")
    assert run_json(folder / "..", "--requirements", str(forced), "code").findings("excepted") == [NIGHT]


@pytest.mark.parametrize("file", ["../out.json", "/out.json", "a/../../out.json", ".git/out.json"])
def test_a_repository_does_not_choose_where_else_reports_go(tmp_path: Path, file: str) -> None:
    settings(tmp_path, f"output: [json={file}]")

    done = run(tmp_path, "scan")

    assert done.code == 2
    assert "scan.output" in done.err
    assert "a file below this folder" in done.err
