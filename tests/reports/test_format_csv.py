"""The format for spreadsheets: CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from tests.support import reports

from restore_ready.reports._report import Report
from restore_ready.reports._safe_text import clean

REPORTS = [reports.full, reports.live, reports.founding, reports.audited]


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
