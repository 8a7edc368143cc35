"""What the commands do with formats: files, standard output, and which command has which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.command import Done, run_bytes, run_process
from tests.support.command import run as run_command
from tests.support.paths import ROOT

from restore_ready.reports import LIVE_ONLY, formats, source_formats

STACK = "fixtures/stories/founding/main.tf"
SNAPSHOT = ("--from-snapshot", "rules/restore_ready/cli/demo-account.jsonl")


def run(*words: str) -> Done:
    done = run_command(ROOT, *words)
    assert "Traceback" not in done.err
    return done


def test_one_scan_writes_every_format_it_has(tmp_path: Path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in source_formats()}
    done = run("scan", STACK, *(word for name, file in files.items() for word in ("-o", f"{name}={file}")))

    assert done.code == 1, done.err
    assert done.out == ""
    for name, file in files.items():
        assert "RR401" in file.read_text(encoding="utf-8"), name


def test_one_audit_writes_every_format_there_is(tmp_path: Path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in formats()}
    done = run("audit", *SNAPSHOT, *(word for name, file in files.items() for word in ("-o", f"{name}={file}")))

    assert done.code == 1, done.err
    for name, file in files.items():
        assert "RR401" in file.read_text(encoding="utf-8"), name


def test_what_a_baseline_knows_is_accepted_in_every_format(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    assert run("audit", *SNAPSHOT, "--write-baseline", str(known)).code == 0
    files = {name: tmp_path / f"report.{name}" for name in formats()}
    outputs = (word for name, file in files.items() for word in ("-o", f"{name}={file}"))
    done = run("audit", *SNAPSHOT, "--baseline", str(known), *outputs)
    assert done.code == 0, done.err
    text = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    number = len(json.loads(known.read_text(encoding="utf-8"))["findings"])
    (sarif,) = json.loads(text["sarif"])["runs"]
    assert sum("known.json" in json.dumps(one["suppressions"]) for one in sarif["results"]) == number
    assert (text["junit"].count("<failure"), text["junit"].count("known.json")) == (0, number)
    assert {line.partition(" ")[0] for line in text["github"].splitlines()[:-1]} == {"::notice"}
    assert all(json.loads(line)["status"] == "Suppressed" for line in text["ocsf"].splitlines())
    findings = [one for line in text["asff"].splitlines() for one in json.loads(line)["Findings"]]
    assert {one["Workflow"]["Status"] for one in findings} == {"SUPPRESSED"}
    for name, in_head in (("csv", 0), ("html", 1), ("markdown", 0)):
        assert text[name].count("known.json") == number + in_head, name
    assert f"{number} in the baseline" in text["text"]


@pytest.mark.parametrize("command", ["scan", "audit"])
def test_the_help_names_every_format_of_the_command(command: str) -> None:
    text = " ".join(run(command, "--help").out.split())
    known = source_formats() if command == "scan" else formats()
    described = text.partition("text (default)")[2].partition("repeatable")[0]
    assert [name for name in known if name not in f"text {described}"] == []


def test_sources_have_no_asff_and_the_error_says_where_it_is() -> None:
    done = run("scan", STACK, "-o", "asff")
    assert done.code == 2
    assert "is about live accounts" in done.err
    assert done.out == ""
    assert {"asff"} == LIVE_ONLY


def test_csv_on_standard_output_ends_each_line_once() -> None:
    done = run_bytes(ROOT, "scan", STACK, "-o", "csv")
    assert done.stdout.count(b"\r\n") == done.stdout.count(b"\n") == done.stdout.count(b"\r")
    assert done.stdout.endswith(b"\r\n")


def test_a_line_of_asff_is_a_whole_request() -> None:
    lines = run_process(ROOT, "audit", *SNAPSHOT, "-o", "asff").out.splitlines()
    assert [list(json.loads(line)) for line in lines] == [["Findings"]] * len(lines)
    assert len(lines) == 2


def test_the_page_about_reports_has_a_row_for_every_format() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert [name for name in formats() if f"\n| `{name}` |" not in page] == []
