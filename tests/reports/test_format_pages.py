"""Formats for spreadsheets and for keeping: CSV and HTML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from msgspec.structs import replace
from tests.support import reports

from restore_ready import Fail, Judgement, Place, Scan
from restore_ready.reports._report import Report, make_report
from restore_ready.reports._safe_text import clean

REPORTS = [reports.full, reports.live, reports.founding, reports.audited]
HTML = "{http://www.w3.org/1999/xhtml}"


def rows(report: Report) -> list[dict[str, str]]:
    text = reports.written("csv", report) + "\n"
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_csv_has_what_json_has(make: Callable[[], Report]) -> None:
    report = make()
    document = json.loads(reports.written("json", report))
    found = [row for row in rows(report) if row["verdict"] != "not_judged"]
    gaps = [row for row in rows(report) if row["verdict"] == "not_judged"]

    same = ("code", "slug", "severity", "verdict", "address", "file", "message", "help_uri")
    assert [[row[key] for key in same] for row in found] == [[one[key] for key in same] for one in document["findings"]]
    assert [int(row["line"] or 0) for row in found] == [one["line"] for one in document["findings"]]
    for row, one in zip(found, document["findings"], strict=True):
        evidence = {key: value for key, value in one["evidence"].items() if key not in ("cure", "exception")}
        assert json.loads(row["evidence"]) == evidence
        assert row["cure"] == one["evidence"]["cure"]
    told = ("code", "address", "reason", "file")
    assert [[row[key] for key in told] for row in gaps] == [
        [one[key] for key in told] for one in document["not_judged"]
    ]


def test_csv_says_who_accepts_what_until_when() -> None:
    (row,) = (row for row in rows(reports.full()) if row["verdict"] == "excepted")
    assert (row["reason"], row["owner"], row["expires"]) == ("rebuilt nightly", "team-web", "2027-03-31")


@pytest.mark.parametrize("text", [*reports.HOSTILE, " =1", "-1", "+1", "\t@x"])
def test_no_cell_of_csv_is_a_formula(text: str) -> None:
    found = rows(reports.hostile(text))
    assert len(found) == 5
    assert [cell for row in found for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert {row["address"].removeprefix("'") for row in found} == {clean(text)}


def page(report: Report) -> Element:
    """Parse a page as browsers do, but refusing what they forgive."""
    text = reports.written("html", report)
    root: Element = html5lib.HTMLParser(strict=True).parse(text)
    return root


def texts(root: Element, name: str) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{HTML}{name}")]


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_html_has_an_article_for_each_finding_and_a_row_for_each_gap(make: Callable[[], Report]) -> None:
    report = make()
    root = page(report)
    summary = report.summary
    assert len(texts(root, "article")) == summary.failed + summary.broken
    cells = [row for body in root.iter(f"{HTML}tbody") for row in body if row[0].tag == f"{HTML}td"]
    assert len(cells) == summary.excepted + summary.not_judged
    counts = {row[0].text: row[1].text for row in root.iter(f"{HTML}tr") if row[0].get("scope") == "row"}
    assert counts["could not be judged"] == str(summary.not_judged)
    assert counts["checks passed"] == str(summary.passed)


def test_html_says_what_why_and_what_to_change() -> None:
    (article,) = (one for one in texts(page(reports.full()), "article") if "RR301" in one)
    for said in ("aws_backup_vault.v", "stacks/prod/main.tf:3", "denies it", "Why it matters:", "Remove it."):
        assert said in article


def test_html_shows_source_and_the_change_that_cures(tmp_path: Path) -> None:
    source = tmp_path / "main.tf"
    source.write_text('\n\nresource "v" {\n  a = "<b>"\n}\n')
    fail = Judgement(reports.rule("RR301"), "v", Place(str(source), 3, 5), Fail("denies it"))
    report = make_report(Scan((fail,)))
    changed = (replace(report.findings[0], diff="-a < b\n+a > b\n"),)
    shown = texts(page(replace(report, findings=changed, shows_diffs=True)), "pre")
    assert shown == ['>    3  resource "v" {\n     4    a = "<b>"\n     5  }', "-a < b\n+a > b\n"]


def test_html_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    root = page(reports.audited())
    names = {one.tag.removeprefix(HTML) for one in root.iter() if isinstance(one.tag, str)}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert "url(" not in texts(root, "style")[0]
    assert {key for one in root.iter() for key in one.attrib if key.startswith("on") or key == "src"} == set()
    assert root.get("lang") == "en"
    assert all(one.get("scope") in ("col", "row") for one in root.iter(f"{HTML}th"))
    assert len(texts(root, "h1")) == len(texts(root, "main")) == 1


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_html_shows_hostile_names_as_they_are(text: str) -> None:
    root = page(reports.hostile(text))
    assert clean(text) in texts(root, "code")
    assert {one.tag for one in root.iter(f"{HTML}script")} == set()
