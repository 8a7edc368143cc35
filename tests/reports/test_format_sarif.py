"""SARIF, judged by models made from the OASIS schema and by what GitHub's code scanning demands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog
from tests.support import reports

from restore_ready import Fail, Judgement, Place, Scan, all_rules
from restore_ready.reports._report import Report, make_report

REPORTS = [reports.full, reports.live, reports.founding, reports.audited]


@pytest.fixture(autouse=True)
def _outside_of_github(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


def run_of(report: Report) -> dict[str, Any]:
    text = reports.written("sarif", report)
    SarifLog.model_validate_json(text)
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


def by_code(run: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = (one for one in run["results"] if one["ruleId"] == code)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_it_is_valid_and_complete_for_code_scanning(make: Callable[[], Report]) -> None:
    report = make()
    run = run_of(report)
    rules = run["tool"]["driver"]["rules"]

    notified = [one["descriptor"]["id"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert len(run["results"]) + notified.count("RR001") == len(report.findings) + len(report.not_judged)
    assert [one["ruleId"] for one in run["results"]] == [rules[one["ruleIndex"]]["id"] for one in run["results"]]
    assert all(one["message"]["text"] and one["locations"] and one["partialFingerprints"] for one in run["results"])
    assert {one["id"] for one in rules} == {"RR000", *(rule.code for rule in all_rules())}
    for one in rules:
        assert one["helpUri"].startswith("https://")
        assert all(one["help"].values())
        assert 0 < len(one["shortDescription"]["text"]) <= 1024
        assert 0 < len(one["fullDescription"]["text"]) <= 1024
        assert one["properties"]["security-severity"] in ("8.0", "5.0", "2.0")


def test_the_models_do_notice_a_missing_message() -> None:
    text = reports.written("sarif", reports.full())
    with pytest.raises(ValidationError):
        SarifLog.model_validate_json(text.replace('"message"', '"massage"'))


def test_every_kind_of_record_has_its_form() -> None:
    run = run_of(reports.full())
    fail, open_, accepted = (by_code(run, code) for code in ("RR301", "RR105", "RR101"))

    assert (fail["kind"], fail["level"], fail["suppressions"]) == ("fail", "error", [])
    assert fail["message"]["text"] == "aws_backup_vault.v: denies it. Remove it."
    assert fail["properties"] == {"evidence": {"sid": "D"}, "cure": "Remove it."}
    assert (open_["kind"], open_["level"]) == ("open", "none")
    assert "var.days has no value" in open_["message"]["text"]
    assert (accepted["kind"], accepted["level"]) == ("fail", "warning")
    assert accepted["suppressions"] == [
        {"kind": "external", "justification": "rebuilt nightly (team-web, until 2027-03-31)"}
    ]
    assert by_code(run, "RR102")["level"] == "note"
    assert run["properties"]["summary"]["passed"] == 1


def test_what_broke_and_what_could_not_be_read_are_notifications() -> None:
    run = run_of(reports.full())
    (invocation,) = run["invocations"]
    told = [(one["descriptor"]["id"], one["level"]) for one in invocation["toolExecutionNotifications"]]
    names = [one["id"] for one in run["tool"]["driver"]["notifications"]]

    assert invocation["executionSuccessful"] is False
    assert told == [("RR000", "error"), ("RR000", "error"), ("RR001", "warning")]
    for one in invocation["toolExecutionNotifications"]:
        assert names[one["descriptor"]["index"]] == one["descriptor"]["id"]
    assert [one["level"] for one in run["results"] if one["ruleId"] == "RR000"] == ["error", "error"]
    assert "RR001" not in {one["ruleId"] for one in run["results"]}


def test_gaps_alone_do_not_make_the_run_unsuccessful(tmp_path: Path) -> None:
    run = run_of(reports.with_gaps(tmp_path))
    assert run["invocations"][0]["executionSuccessful"] is True
    assert [one["descriptor"]["id"] for one in run["invocations"][0]["toolExecutionNotifications"]] == ["RR001"]


def test_a_source_has_a_file_with_lines_and_a_live_resource_only_its_arn() -> None:
    (location,) = by_code(run_of(reports.full()), "RR301")["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "stacks/prod/main.tf", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 3, "endLine": 9},
        },
        "logicalLocations": [{"fullyQualifiedName": "aws_backup_vault.v", "kind": "resource"}],
    }
    (location,) = by_code(run_of(reports.live()), "RR301")["locations"]
    assert location == {"logicalLocations": [{"fullyQualifiedName": reports.VAULT, "kind": "resource"}]}


@pytest.mark.parametrize("name", ["a b#c?.tf", "100%.tf", "夜.tf", "\udc80.tf", "x:y.tf", "-o.tf"])
def test_file_names_are_encoded_and_come_back(name: str) -> None:
    report = make_report(
        Scan((Judgement(reports.rule("RR301"), "v", Place(f"stacks/{name}", 1, 1), Fail("denies it")),))
    )
    (location,) = by_code(run_of(report), "RR301")["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == f"stacks/{name}"


def place_shown(file: str) -> str:
    report = make_report(Scan((Judgement(reports.rule("RR301"), "v", Place(file, 1, 1), Fail("denies it")),)))
    (location,) = by_code(run_of(report), "RR301")["locations"]
    return str(location["physicalLocation"]["artifactLocation"]["uri"])


def test_paths_are_never_absolute_and_count_from_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    assert place_shown("main.tf") == "main.tf"
    assert place_shown(str(tmp_path / "infra" / "main.tf")) == "main.tf"
    assert place_shown(str(tmp_path / "other.tf")) == "../other.tf"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert place_shown("main.tf") == "infra/main.tf"
    assert place_shown(str(tmp_path / "other.tf")) == "other.tf"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert place_shown("main.tf") == "main.tf"


def fingerprints(*judgements: Judgement) -> list[str]:
    run = run_of(make_report(Scan(judgements)))
    return [one["partialFingerprints"]["restoreReady/v1"] for one in run["results"]]


def test_fingerprints_follow_the_resource_and_not_the_line() -> None:
    rule, fail = reports.rule("RR301"), Fail("denies it")
    before = Judgement(rule, "v", Place("main.tf", 3, 9), fail)
    moved = Judgement(rule, "v", Place("main.tf", 300, 309), Fail("denies it, said otherwise"))
    other = Judgement(rule, "w", Place("main.tf", 3, 9), fail)

    assert fingerprints(before) == fingerprints(moved)
    assert len(set(fingerprints(before, moved, other))) == 3


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_hostile_names_stay_data(text: str) -> None:
    run = run_of(reports.hostile(text))
    assert len(run["results"]) == 4
    json.dumps(run, ensure_ascii=False).encode()


def test_ten_thousand_results_are_all_there() -> None:
    report = reports.many(5_000)
    run = json.loads(reports.written("sarif", report))["runs"][0]
    assert len(run["results"]) == 10_000
    assert len({one["partialFingerprints"]["restoreReady/v1"] for one in run["results"]}) == 10_000
