"""Every report points at the part of a resource that is wrong, and at where its value is given."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support import reports
from tests.support.files import write
from tests.support.paths import FIXTURES

from restore_ready import Judgement, Scan, scan
from restore_ready.model import Fail, Focus, Place
from restore_ready.reports._report import Report, make_report

MODULE = """\
variable "window" {}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "Default"
    start_window      = var.window
  }
}
"""
CALL = """\
module "m" {
  source = "./m"
  window = 481
}
"""


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Give the report of a module that is called with a bad argument."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(write(tmp_path, {"m/main.tf": MODULE, "main.tf": CALL}))
    return make_report(scan([Path()], rules=[reports.rule("RR201")]))


def result(report: Report) -> dict[str, Any]:
    (run,) = json.loads(reports.written("sarif", report))["runs"]
    (found,) = run["results"]
    assert isinstance(found, dict)
    return found


def spot(location: dict[str, Any]) -> tuple[str, dict[str, int]]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]


def test_text_marks_the_line_in_the_module_and_that_of_the_call(called: Report) -> None:
    text = reports.written("text", called)
    assert re.findall(r"^    > +(\d+) \| +(.*)", text, re.MULTILINE) == [
        ("7", "start_window      = var.window"),
        ("3", "window = 481"),
    ]
    assert "  m/main.tf:7  module.m.aws_backup_plan.p\n" in text
    assert "    main.tf:3\n" in text


def test_sarif_is_about_the_part_and_relates_the_resource_and_the_call(called: Report) -> None:
    found = result(called)
    (location,) = found["locations"]
    assert spot(location) == ("m/main.tf", {"startLine": 7, "endLine": 7, "startColumn": 5, "endColumn": 35})
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "module.m.aws_backup_plan.p"
    resource, given = found["relatedLocations"]
    assert spot(resource) == ("m/main.tf", {"startLine": 2, "endLine": 9})
    assert resource["message"]["text"] == "The resource module.m.aws_backup_plan.p"
    assert spot(given) == ("main.tf", {"startLine": 3, "endLine": 3, "startColumn": 12, "endColumn": 15})
    assert given["message"]["text"] == "The value is given here"
    assert [resource["id"], given["id"]] == [1, 2]


def test_the_part_does_not_change_the_fingerprint(called: Report) -> None:
    whole = replace(called, findings=[replace(finding, focus=None) for finding in called.findings])
    named = ("ruleId", "ruleIndex", "partialFingerprints", "message")
    assert [result(called)[name] for name in named] == [result(whole)[name] for name in named]
    assert "relatedLocations" not in result(whole)
    assert spot(result(whole)["locations"][0]) == ("m/main.tf", {"startLine": 2, "endLine": 9})


def test_github_annotates_the_part_and_says_where_its_value_is_given(called: Report) -> None:
    command = reports.written("github", called).splitlines()[0]
    assert command.startswith("::warning file=m/main.tf,line=7,endLine=7,col=5,title=RR201 ")
    assert "%0AThe value is given in main.tf, line 3.%0A" in command


def test_markdown_shows_both_lines(called: Report) -> None:
    text = reports.written("markdown", called)
    assert "<code>m/main.tf:2</code><br>line 7: <code>start\\_window = var.window</code>" in text
    assert "<br>given in main.tf:3: <code>window = 481</code> |" in text


def test_junit_names_both_lines_in_the_failure(called: Report) -> None:
    assert "m/main.tf:2\nwrong: m/main.tf:7\nvalue: main.tf:3\n" in reports.written("junit", called)


def test_the_line_of_json_and_csv_is_that_of_the_resource(called: Report) -> None:
    (finding,) = json.loads(reports.written("json", called))["findings"]
    assert (finding["file"], finding["line"], finding["end_line"]) == ("m/main.tf", 2, 9)
    assert finding["evidence"]["focus"]["given"]["line"] == 3
    assert ",m/main.tf,2,9," in reports.written("csv", called)


@pytest.mark.parametrize(
    ("focus", "shown"),
    [
        (Focus(Place("override.tf", 6, 6, 5, 28)), "override.tf:6"),
        (Focus(Place("main.tf", 6, 6)), "line 6"),
        (Focus(Place("m/main.tf", 6, 6, 5, 28), Place("call.tf", 3, 3, 12, 15)), "m/main.tf:6<br>given in call.tf:3"),
    ],
)
def test_what_can_not_be_read_any_more_is_still_named(focus: Focus, shown: str) -> None:
    judgement = Judgement(reports.rule("RR301"), "v", Place("main.tf", 3, 9), Fail("denies it", focus=focus))
    report = make_report(Scan((judgement,)))
    assert f"<code>main.tf:3</code><br>{shown} |" in reports.written("markdown", report)
    file, region = spot(result(report)["locations"][0])
    assert (file, region["startLine"]) == (focus.place.file, focus.place.line)
    assert ("startColumn" in region) == (",col=" in reports.written("github", report)) == bool(focus.place.column)


LISTING = '{"Modules": [{"Key": "m", "Source": "registry.terraform.io/x/y/aws", "Dir": ".terraform/modules/m"}]}'


@pytest.fixture
def downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Give the report of the same module, downloaded, which is wrong all by itself."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    module = MODULE.replace("var.window", "481")
    files = {".terraform/modules/modules.json": LISTING, ".terraform/modules/m/main.tf": module}
    monkeypatch.chdir(write(tmp_path, {**files, "main.tf": CALL.replace("./m", "x/y/aws")}))
    return make_report(scan([Path()], rules=[reports.rule("RR201")]))


def test_what_a_downloaded_module_has_wrong_stands_at_its_call_in_the_repository(downloaded: Report) -> None:
    inside = ".terraform/modules/m/main.tf"
    found = result(downloaded)
    assert spot(found["locations"][0]) == ("main.tf", {"startLine": 1, "endLine": 4})
    related = {place["message"]["text"]: spot(place) for place in found["relatedLocations"]}
    assert related["The resource module.m.aws_backup_plan.p"] == (inside, {"startLine": 2, "endLine": 9})
    assert related["It is wrong here"][1]["startLine"] == 7
    assert reports.written("github", downloaded).startswith("::warning file=main.tf,line=1,endLine=4,title=RR201 ")
    assert f"%0AIt is wrong in {inside}, line 7.%0A" in reports.written("github", downloaded)
    (issue,) = json.loads(reports.written("gitlab", downloaded))
    assert issue["location"] == {"path": "main.tf", "lines": {"begin": 1}}
    assert f"{inside}:2\nwrong: {inside}:7\ncalled: main.tf:1\n" in reports.written("junit", downloaded)
    assert '    main.tf:1\n    >     1 | module "m" {\n' in reports.written("text", downloaded)
    assert '<br>called in main.tf:1: <code>module "m" {</code> |' in reports.written("markdown", downloaded)
    assert "called in main.tf:1" in reports.written("html", downloaded)
    (finding,) = json.loads(reports.written("json", downloaded))["findings"]
    assert (finding["file"], finding["evidence"]["call"]) == (inside, {"file": "main.tf", "line": 1, "end_line": 4})


def test_where_the_call_gives_the_value_its_argument_is_the_place(downloaded: Report) -> None:
    (finding,) = downloaded.findings
    assert finding.focus is not None
    focus = replace(finding.focus, given=Place("main.tf", 3, 3, 12, 15))
    report = replace(downloaded, findings=[replace(finding, focus=focus)])
    assert spot(result(report)["locations"][0])[1]["startColumn"] == 12
    assert "called" not in reports.written("junit", report)


CHAIN = {
    "RR401": {"A restore role that it should be able to pass: aws_iam_role.restore"},
    "RR402": {"A restore role that it does not reach: aws_iam_role.restore", "The start of a restore is granted here"},
    "RR405": {"The start of a restore is granted here"},
    "RR407": {"It encrypts aws_backup_vault.efs", "The restore role aws_iam_role.restore"},
}


@pytest.mark.parametrize(
    ("story", "code"),
    [("pass_role", "RR401"), ("name", "RR402"), ("boundary", "RR405"), ("key", "RR407")],
)
def test_sarif_relates_what_a_finding_about_the_chain_of_a_restore_cites(
    story: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FIXTURES / "stories" / f"chain_broken_at_{story}")
    found = result(make_report(scan([Path("main.tf")], rules=[reports.rule(code)])))
    lines = Path("main.tf").read_text(encoding="utf-8").splitlines()
    related = {place["message"]["text"]: lines[spot(place)[1]["startLine"] - 1] for place in found["relatedLocations"]}
    assert related.keys() >= CHAIN[code]
    assert all("backup:StartRestoreJob" in line for said, line in related.items() if "start of a restore" in said)
    assert all(f'"{said.rpartition(".")[2]}"' in line for said, line in related.items() if "aws_" in said)
