"""Formats that CI systems read: workflow commands and JUnit XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from os.path import normpath

import pytest
from junitparser import Error as CaseError
from junitparser import Failure, JUnitXml, Skipped, TestCase
from msgspec.structs import replace
from tests.support import reports

from restore_ready import Scan
from restore_ready.readiness._answers import Level
from restore_ready.reports._finding import EXCEPTED
from restore_ready.reports._report import Report, make_report
from restore_ready.reports._safe_text import clean

REPORTS = [reports.full, reports.live, reports.founding, reports.audited]


@pytest.fixture(autouse=True)
def _outside_of_github(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does, up to the summary."""
    *lines, _ = reports.written("github", report).split("\n")
    return [_command(line) for line in lines]


def _command(line: str) -> tuple[str, dict[str, str], str]:
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, rest = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in rest.split(",")]
    return name, {key: _unescape(value, ":,\r\n%") for key, value in pairs}, _unescape(data, "\r\n%")


def _unescape(text: str, marks: str) -> str:
    for mark in marks:
        text = text.replace(f"%{ord(mark):02X}", mark)
    return text


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_github_has_a_command_for_each_record(make: Callable[[], Report]) -> None:
    report = make()
    assert len(commands(report)) == len(report.findings) + len(report.not_judged)


def test_github_names_kind_place_and_reason() -> None:
    found = commands(reports.full())
    place = {"file": "stacks/prod/main.tf", "line": "3", "endLine": "9", "title": "RR301 vault denies restore"}
    said = f"aws_backup_vault.v: denies it\nRemove it.\n{reports.rule('RR301').help_uri}"

    assert ("error", place, said) in found
    kinds = [(name, properties["title"][:5]) for name, properties, _ in found]
    assert kinds[:4] == [("error", "RR000"), ("error", "RR301"), ("error", "RR000"), ("warning", "RR201")]
    assert sorted(kinds[4:]) == [("notice", code) for code in ("RR001", "RR101", "RR102", "RR105")]
    (unjudged,) = (one for one in found if one[1]["title"].startswith("RR105"))
    assert unjudged[1]["title"].endswith("(could not be judged)")
    assert "var.days has no value" in unjudged[2]
    assert "accepted: rebuilt nightly (team-web, until 2027-03-31)" in found[-1][2]
    assert reports.written("github", reports.full()).endswith("1 check passed, 2 could not be judged")


def test_github_has_no_file_for_what_is_live() -> None:
    assert all(set(properties) == {"title"} for _, properties, _ in commands(reports.live()))


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_github_reads_hostile_names_as_data(text: str) -> None:
    report = reports.hostile(text)
    found = commands(report)
    assert len(found) == 5
    assert all(data.startswith((f"{clean(text)}: ", f"{clean(text)}/")) for _, _, data in found)
    assert all(properties["file"] == normpath(f"{clean(text)}/main.tf") for _, properties, _ in found)
    assert len(reports.written("github", report).splitlines()) == 6


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_junit_counts_what_it_has(make: Callable[[], Report]) -> None:
    report = make()
    root = JUnitXml.fromstring(reports.written("junit", report).encode())
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in root:
        told = {name: getattr(suite, name) for name in counts}
        suite.update_statistics()
        assert told == {name: getattr(suite, name) for name in counts}
        counts = {name: counts[name] + told[name] for name in counts}
    summary = report.summary
    levels = Counter(row.readiness.level for row in report.file_systems)
    assert counts == {
        "tests": len(report.findings) + len(report.not_judged) + len(report.file_systems) + 1,
        "failures": summary.failed + levels[Level.NOT_READY],
        "errors": summary.broken,
        "skipped": summary.not_judged + summary.excepted + levels[Level.NOT_KNOWN],
    }
    assert (root.tests, root.failures, root.errors) == (counts["tests"], counts["failures"], counts["errors"])


def test_junit_has_a_suite_for_each_file_and_an_outcome_for_each_kind() -> None:
    root = JUnitXml.fromstring(reports.written("junit", reports.full()).encode())
    assert [suite.name for suite in root] == ["restore-ready", "main.tf", "stacks/prod/main.tf", "t.yaml"]
    cases = {case.name: (case.result, case.classname) for suite in root for case in suite}
    (failure,), file = cases["RR301 vault denies restore: aws_backup_vault.v"]
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message, file) == ("error", "denies it", "stacks/prod/main.tf")
    assert "stacks/prod/main.tf:3\ndenies it\nRemove it.\n" in failure.text
    (skipped,), _ = cases["RR105 retention refused: aws_backup_plan.p"]
    assert isinstance(skipped, Skipped)
    assert (skipped.type, skipped.message) == ("not_judged", "var.days has no value")
    (accepted,), _ = cases["RR101 automatic backups relied on: aws_efs_backup_policy.b"]
    assert isinstance(accepted, Skipped)
    assert accepted.message == "accepted: rebuilt nightly (team-web, until 2027-03-31)"
    (broken,), _ = cases["RR000 pack broken: aws_backup_plan.p"]
    assert isinstance(broken, CaseError)
    assert cases["checks that passed"] == ([], "restore-ready")


def test_junit_says_how_each_file_system_stands() -> None:
    report = reports.founding()
    cases = _file_system_cases(report)
    assert {case.name for case in cases} == {row.heading for row in report.file_systems}
    for case, row in zip(cases, report.file_systems, strict=True):
        (failure,) = case.result
        assert isinstance(failure, Failure)
        reason = row.readiness.reason
        assert (failure.type, failure.message) == ("not_ready", f"not ready: {reason.text} {reason.code}")
        assert "\nRehearsed: ○ " in failure.text


def test_junit_fails_no_file_system_for_what_the_baseline_knows() -> None:
    report = reports.founding()
    known = tuple(replace(finding, kind=EXCEPTED, baseline="b.json") for finding in report.findings)
    results = [result for case in _file_system_cases(replace(report, findings=known)) for result in case.result]
    assert results
    assert all(isinstance(result, Skipped) and result.type == "not_ready" for result in results)


def test_junit_passes_a_file_system_that_is_ready_and_skips_one_that_is_not_known() -> None:
    report = reports.founding()
    row = report.file_systems[0]
    levels = (Level.READY, Level.NOT_KNOWN)
    rows = tuple(replace(row, readiness=replace(row.readiness, level=level)) for level in levels)
    ready, unknown = _file_system_cases(replace(report, file_systems=rows))
    assert ready.result == []
    (skipped,) = unknown.result
    assert isinstance(skipped, Skipped)
    assert skipped.message.startswith("not known: ")


def _file_system_cases(report: Report) -> list[TestCase]:
    root = JUnitXml.fromstring(reports.written("junit", report).encode())
    return [case for suite in root if suite.name == "file systems" for case in suite]


def test_junit_does_not_show_nothing_as_success() -> None:
    (suite,) = JUnitXml.fromstring(reports.written("junit", make_report(Scan())).encode())
    assert (suite.tests, suite.skipped) == (1, 1)


def test_junit_uses_no_attribute_that_strict_readers_refuse() -> None:
    known = {
        "testsuites": {"name", "time", "tests", "failures", "errors"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
        "testcase": {"name", "time", "classname"},
        **{name: {"type", "message"} for name in ("failure", "error", "skipped")},
        "system-out": set(),
    }
    for element in ET.fromstring(reports.written("junit", reports.full())).iter():  # noqa: S314  # our own
        assert set(element.attrib) <= known[element.tag]


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_junit_is_xml_whatever_the_names(text: str) -> None:
    written = reports.written("junit", reports.hostile(text))
    assert written.isascii()
    root = ET.fromstring(written)  # noqa: S314  # our own
    names = [case.attrib["name"] for case in root.iter("testcase")]
    assert len(names) == len(set(names)) == 6
