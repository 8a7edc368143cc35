"""Pages as a browser shows and prints them: accessible, never wider than the window, on few sheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support import reports
from tests.support.browser import CHROMIUM, WHY_NOT, checked, opened, seen, sheets

from restore_ready.readiness._pictures import Pictures
from restore_ready.reports._report import Report

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(not CHROMIUM, reason=WHY_NOT)]

VIEWS = [(1180, "light"), (1180, "dark"), (768, "light"), (375, "light"), (320, "dark")]
FILTER = """
  const rows = () => page.querySelectorAll("tr[data-c]:not([hidden])").length;
  const all = rows();
  const box = page.querySelector("[name=severity][value=error]");
  box.checked = false;
  page.getElementById("filter").dispatchEvent(new window.Event("input", { bubbles: true }));
  const heading = page.querySelector("thead button");
  heading.click();
  return { all, left: rows(), told: page.querySelector("output").textContent,
    sorted: heading.closest("th").getAttribute("aria-sort") };
"""


def full_account() -> Report:
    """Give the founding account with pictures."""
    return reports.audited(pictures=Pictures.ALL)


def look(report: Report, folder: Path, width: int, scheme: str) -> None:
    """See that nothing is wrong with a page in one view."""
    found = checked(reports.written("html", report), folder, width=width, dark=scheme == "dark")
    assert found["faults"] == []
    assert found["wide"] <= found["there"]
    assert found["dark"] is (scheme == "dark")


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_it_is_accessible_and_never_wider_than_the_window(width: int, scheme: str, tmp_path: Path) -> None:
    look(reports.drawn(), tmp_path, width, scheme)


@pytest.mark.parametrize(("width", "scheme"), [(1180, "dark"), (320, "light")])
def test_so_is_one_with_japanese_names(width: int, scheme: str, tmp_path: Path) -> None:
    look(reports.japanese(), tmp_path, width, scheme)


@pytest.mark.parametrize("width", [1180, 320])
def test_so_is_that_of_a_whole_account(width: int, tmp_path: Path) -> None:
    look(full_account(), tmp_path, width, "light")


def test_what_can_hardly_be_read_would_be_found(tmp_path: Path) -> None:
    page = reports.written("html", reports.drawn()).replace("--muted:#57606a", "--muted:#cccccc")
    assert [fault[0] for fault in checked(page, tmp_path, width=1180)["faults"]] == ["color-contrast"]


def test_its_own_script_runs_under_its_policy_and_nothing_is_refused(tmp_path: Path) -> None:
    document, console = opened(reports.written("html", reports.drawn()), tmp_path)
    assert console == []
    assert '<form id="filter" hidden' not in document
    assert '<form id="filter"' in document


def test_findings_are_filtered_and_tables_sorted(tmp_path: Path) -> None:
    report = reports.drawn()
    found = seen(reports.written("html", report), tmp_path, FILTER)
    left = report.summary.defects - report.summary.errors
    assert (found["all"], found["left"]) == (report.summary.defects, left)
    assert found["told"] == f"{left} of {report.summary.defects} findings"
    assert found["sorted"] == "ascending"


SHEETS = [(reports.drawn, 2), (reports.in_tokyo, 2), (reports.japanese, 3), (full_account, 12)]


@pytest.mark.parametrize(("make", "most"), SHEETS, ids=["source", "tokyo", "japanese", "account"])
def test_it_is_printed_on_few_sheets(make: Callable[[], Report], most: int, tmp_path: Path) -> None:
    assert 1 <= sheets(reports.written("html", make()), tmp_path) <= most
