"""The command, run as people run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import PLAN, Done, run, run_process, scanned

TEMPLATE = """\
Parameters:
  Window: {Type: Number}
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: p
        BackupPlanRule:
          - RuleName: r
            TargetBackupVault: v
            StartWindowMinutes: !Ref Window
            CompletionWindowMinutes: 180
"""


def codes(document: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    return [(one["code"], one["address"], one["file"], one["line"]) for one in document["findings"]]


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(PLAN)
    return tmp_path


def test_findings_give_exit_code_1(stack: Path) -> None:
    code, document = scanned(stack)
    assert code == 1
    assert codes(document) == [("RR201", "aws_backup_plan.night", "main.tf", 5)]


def test_text_names_file_line_reason_and_cure(stack: Path) -> None:
    done = run_process(stack, "scan")
    assert done.code == 1
    assert done.err == "restore-ready: 1 of 1 finding may be fixed by --fix: --diff shows how\n"
    assert done.out.startswith("warning RR201 start window too wide\n  main.tf:11  aws_backup_plan.night\n")
    assert "    >    11 | start_window      = 480\n" in done.out
    assert "  why     Within the start window" in done.out
    assert "  change  Set the start window" in done.out
    assert "1 warning in 1 file;" in done.out.splitlines()[-1]


def test_quiet_is_one_line_per_finding(stack: Path) -> None:
    (line,) = run(stack, "scan", "-q").out.splitlines()
    assert line.startswith("main.tf:5: RR201 warning aws_backup_plan.night: ")


def test_paths_are_shown_from_the_current_folder(stack: Path) -> None:
    (stack / "sub").mkdir()
    (stack / "main.tf").rename(stack / "sub" / "main.tf")
    assert scanned(stack, "sub")[1]["findings"][0]["file"] == "sub/main.tf"
    assert scanned(stack, str(stack))[1]["findings"][0]["file"] == "sub/main.tf"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--fail-on", "warning"], 1),
        (["--fail-on", "error"], 0),
        (["--fail-on", "never"], 0),
        (["--ignore", "RR2"], 0),
        (["--ignore", "start-window-too-wide"], 0),
        (["--ignore", "wrr201"], 0),
        (["--select", "RR3,RR4"], 0),
        (["--select", "RR3", "--select", "RR201"], 1),
        (["--select", "RR2", "--ignore", "RR201"], 0),
    ],
)
def test_options_choose_what_counts(stack: Path, options: list[str], expected: int) -> None:
    assert scanned(stack, *options)[0] == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan", "nowhere"], "nowhere"),
        (["scan", "--select", "RR9"], "no rule begins with 'RR9'"),
        (["scan", "--select", "start-window-to-wide"], "Did you mean 'start-window-too-wide'?"),
        (["scan", "--ignore", "RR000"], "can't be ignored"),
        (["scan", "--select", "RR201", "--ignore", "RR2"], "no rule is left"),
        (["scan", "-o", "jsn"], "sarif, text. Did you mean 'json'?"),
        (["scan", "-o", "json", "-o", "text"], "standard output"),
        (["scan", "-o", "json=no/such/folder.json"], "no/such/folder.json"),
        (["scan", "--fail-on", "sometimes"], "sometimes"),
        (["scan", "--parameters", "Window"], "KEY=VALUE"),
        (["scan", "--var-file", "none.tfvars"], "none.tfvars"),
        (["scan", "--var", "w"], "NAME=VALUE"),
        (["scan", "--var", "width=1"], "no root module here declares variable width. Did you mean 'window'?"),
        (["scan", "--var", "x=1"], "no root module here declares variable x. Declare it, or take the option out"),
        (["scan", "--var", "window=wide"], "--var window: var.window: a number is required: give a value that"),
        (["scan", "--var", "tags={"], "--var tags:1: a bracket is not closed: give a value that variables.tf:2 takes"),
        (["scan", "--var", "tags={a=var.b}"], "values of variables can't refer to anything"),
        (["scan", "--var-file", "broken.vars"], "broken.vars:2: a bracket is not closed: correct the variable file"),
        (["scan", "--var-file", "wide.vars"], "wide.vars:1: var.window: a number is required: give a value that"),
        (["scan", "--tf-var-env"], "TF_VAR_window: var.window: a number is required: give a value that"),
        (["scan", "--limit", "0"], "--limit"),
        (["scan", "--nonsense"], "--nonsense"),
        (["scna"], "Did you mean 'scan'?"),
        (["explain", "RR2O1"], "Did you mean 'RR201'?"),
        (["explain"], "CODE"),
    ],
)
def test_wrong_usage_gives_exit_code_2_and_says_what_is_wrong(stack: Path, arguments: list[str], said: str) -> None:
    (stack / "variables.tf").write_text('variable "window" { type = number }\nvariable "tags" { type = map(string) }\n')
    (stack / "broken.vars").write_text("window = 60\ntags = {\n")
    (stack / "wide.vars").write_text('window = "wide"\nunknown = 1\n')
    done = run(stack, *arguments, environment={"TF_VAR_window": "wide", "TF_VAR_unknown": "1"})
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_reports_go_to_files_too(stack: Path) -> None:
    done = run(stack, "scan", "-o", "text", "-o", "json=out.json")
    assert done.code == 1
    assert "RR201" in done.out
    assert json.loads((stack / "out.json").read_text())["summary"]["warnings"] == 1


def test_a_report_to_a_file_alone_leaves_a_line_on_standard_error(stack: Path) -> None:
    done = run(stack, "scan", "-o", "text=out.txt")
    assert (done.code, done.out) == (1, "")
    assert done.err == "restore-ready: 1 finding, 0 could not be judged\n"
    assert "\x1b[" not in (stack / "out.txt").read_text()


def test_unknown_values_pass_quietly_and_strict_makes_them_incomplete(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    code, document = scanned(tmp_path, "--select", "RR201")
    assert (code, document["findings"]) == (0, [])
    assert [(one["code"], one["address"]) for one in document["not_judged"]] == [("RR201", "Plan")]
    assert run(tmp_path, "scan", "--strict").code == 3
    assert run(tmp_path, "scan", environment={"RESTORE_READY_STRICT": "1"}).code == 3


def test_parameters_settle_what_a_template_leaves_open(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    assert scanned(tmp_path, "--strict", "--parameters", "Window=60")[0] == 0
    assert scanned(tmp_path, "--strict", "--parameters", "Window=480")[0] == 1


def test_variable_files_settle_what_terraform_leaves_open(stack: Path) -> None:
    (stack / "main.tf").write_text('variable "w" {}\n' + PLAN.replace("480", "var.w"))
    (stack / "wide.vars").write_text("w = 480\n")
    assert run(stack, "scan", "--select", "RR201", "--strict").code == 3
    assert run(stack, "scan", "--select", "RR201", "--strict", "--var-file", "wide.vars").code == 1


def test_variables_are_set_in_terraforms_order(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_w", "480")
    (stack / "main.tf").write_text('variable "w" { type = number }\n' + PLAN.replace("480", "var.w"))
    (stack / "other").mkdir()
    (stack / "other" / "main.tf").write_text(PLAN)
    (stack / "wide.vars").write_text("w = 480\n")
    (stack / "narrow.vars").write_text("w = 60\n")

    def found(*arguments: str) -> int:
        return len(scanned(stack, "--select", "RR201", *arguments)[1]["findings"])

    assert found() == 1
    assert found("--tf-var-env") == 2
    assert found("--tf-var-env", "--var-file", "narrow.vars") == 1
    assert found("--var-file", "narrow.vars", "--var-file", "wide.vars") == 2
    assert found("--var", "w=60", "--var-file", "wide.vars") == 1
    assert found("--var", "w=60", "--var", "w=480") == 2
    (stack / "terraform.tfvars").write_text("w = 60\n")
    assert found("--tf-var-env") == 1
    assert found("--var", "w=480") == 2


def test_colours_are_left_out_where_there_is_no_terminal(stack: Path) -> None:
    assert "\x1b[" not in run(stack, "scan").out


def test_output_survives_a_terminal_that_knows_only_ascii(stack: Path) -> None:
    (stack / "main.tf").write_text(PLAN.replace('resource "aws_backup_plan"', '# 夜間\nresource "aws_backup_plan"'))
    (stack / "main.tf").rename(stack / "夜間.tf")
    done = run_process(stack, "scan", environment={"PYTHONIOENCODING": "ascii"})
    assert done.code == 1
    assert "RR201" in done.out


def test_rules_are_listed_one_to_a_line(tmp_path: Path) -> None:
    lines = run(tmp_path, "rules").out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert any(line.startswith("RR201  warning  start-window-too-wide ") for line in lines)
    rows = json.loads(run_process(tmp_path, "rules", "-o", "json").out)
    assert len(rows) == len(lines)
    assert set(rows[0]) == {"code", "slug", "severity", "title", "origin"}


@pytest.mark.parametrize("word", ["RR201", "rr201", "WRR201"])
def test_explain_shows_the_page_of_a_rule(tmp_path: Path, word: str) -> None:
    done = run(tmp_path, "explain", word)
    assert done.code == 0
    assert done.out.startswith("# RR201 start-window-too-wide (warning)\n")
    assert "## Why is this bad?" in done.out


@pytest.mark.parametrize("code", ["RR000", "RR001"])
def test_the_packs_own_codes_have_pages_too(tmp_path: Path, code: str) -> None:
    assert "## Why is this bad?" in run_process(tmp_path, "explain", code).out


def test_checks_dir_names_a_folder_that_checkov_can_load(tmp_path: Path) -> None:
    folder = Path(run_process(tmp_path, "checks-dir").out.strip())
    assert (folder / "__init__.py").is_file()


def test_the_version_is_told(tmp_path: Path) -> None:
    assert run_process(tmp_path, "--version").out.startswith("restore-ready, version ")


def test_help_names_every_command(tmp_path: Path) -> None:
    text = run(tmp_path, "--help").out
    assert all(name in text for name in ("scan", "rules", "explain", "doctor", "checks-dir"))


BREAK_A_RULE = """
import sys
from msgspec.structs import replace
from restore_ready.catalog import _finder

def broken(*_):
    raise KeyError("on purpose")

rules = tuple(replace(rule, judge=broken) if rule.code == "RR201" else rule for rule in _finder.all_rules())
_finder.all_rules = lambda: rules
from restore_ready.cli import main
main(sys.argv[1:])
"""

BREAK_THE_CATALOGUE = """
import sys
from restore_ready import catalog
catalog.__path__.append(sys.argv.pop(1))
from restore_ready.cli import main
main(sys.argv[1:])
"""


def run_code(folder: Path, code: str, *arguments: str) -> Done:
    return run_process(folder, *arguments, code=code)


def test_a_rule_that_breaks_is_loud_whatever_the_options(stack: Path) -> None:
    done = run_code(stack, BREAK_A_RULE, "scan", "-o", "json", "--fail-on", "never", "--ignore", "RR0")
    assert done.code == 1
    (finding,) = json.loads(done.out)["findings"]
    assert (finding["code"], finding["slug"], finding["severity"]) == ("RR000", "pack-broken", "error")
    assert finding["message"] == "rule RR201 broke on aws_backup_plan.night: KeyError: 'on purpose'"
    assert json.loads(done.out)["summary"]["broken"] == 1


def test_a_catalogue_that_can_not_load_stops_the_scan_with_exit_code_4(stack: Path) -> None:
    (stack / "more").mkdir()
    (stack / "more" / "rr999_bad.py").write_text("def judge(:\n")
    done = run_code(stack, BREAK_THE_CATALOGUE, "more", "scan")
    assert (done.code, done.out) == (4, "")
    assert "restore-ready: RR000" in done.err
    assert "rr999_bad.py" in done.err
    assert "Traceback" not in done.err
    assert "Traceback" in run_code(stack, BREAK_THE_CATALOGUE, "more", "scan", "--debug").err


FAKE_HOSTS = """
import json, sys
from restore_ready.hosts import _doctor
reports = [_doctor.HostReport(*one) for one in json.loads(sys.argv.pop(1))]
_doctor.check_hosts = lambda: reports
from restore_ready.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    ("host", "expected", "said"),
    [
        (["checkov", "3.3.30", True, "RR201 fired"], 0, "fires"),
        (["checkov", "", True, "not found"], 0, "not installed"),
        (["checkov", "3.3.30", False, "nothing came back"], 1, "DOES NOT FIRE"),
    ],
)
def test_doctor_fails_only_for_a_host_in_which_the_pack_does_not_fire(
    tmp_path: Path, host: list[object], expected: int, said: str
) -> None:
    done = run_code(tmp_path, FAKE_HOSTS, json.dumps([host]), "doctor")
    assert done.code == expected
    assert said in done.out
