"""Markdown for comments on pull requests and for the summaries of jobs."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.support import reports
from tests.support.command import run
from tests.support.paths import ROOT

from restore_ready.reports import writer
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean

REPORTS = [reports.full, reports.live, reports.founding, reports.audited, reports.drawn]
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
FOUNDING = str(ROOT / "fixtures/stories/founding/main.tf")


def rows(page: str) -> int:
    """Count the rows of all tables but that of file systems."""
    return page.count("<tr>") - page.count("<thead>")


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_it_has_a_row_for_each_finding_below_its_rule(make: Callable[[], Report]) -> None:
    report = make()
    page = MARKDOWN.render(reports.written("markdown", report))
    reasons = {(one.address, one.place, one.message) for one in report.not_judged}
    assert rows(page) == len(report.findings) + len(reasons) + len(report.file_systems)
    assert page.count("<table>") == page.count("<thead>") == page.count("</table>")
    assert page.count("<details") == page.count("</details>")
    codes = [finding.code for finding in report.defects]
    assert [code for code in codes if f"<b>{code}</b>" not in page] == []


def test_what_could_not_be_judged_and_what_is_accepted_is_folded() -> None:
    text = reports.written("markdown", reports.full())
    assert "<summary>Could not be judged (2)</summary>" in text
    assert "var.days has no value" in text
    assert "<summary>Accepted exceptions (1)</summary>" in text
    assert "rebuilt nightly (team-web, until 2027-03-31)" in text


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_hostile_names_are_shown_as_they_are(text: str) -> None:
    page = MARKDOWN.render(reports.written("markdown", reports.hostile(text)))
    shown_rows = [row.partition("</tr>")[0] for part in page.split("<tbody>")[1:] for row in part.split("<tr>")[1:]]
    assert {row.count("<td>") for row in shown_rows if "<td>" in row} <= {2, 3, 4}
    assert [tag for tag in ("<script", "<img", "<s>", "<em>", "@octocat") if tag in page] == []
    assert page.count("<a ") == page.count('<a href="https://github.com/restore-ready/')
    shown = unescape(page.replace("<span>", "").replace("</span>", "")).replace("\u200b", "")
    assert f"<code>{clean(text).strip()}" in shown.replace("<code> ", "<code>")


@pytest.mark.thorough
@pytest.mark.parametrize("number", [20, 300, 5_000])
def test_it_fits_a_comment_and_says_what_is_left_out(number: int) -> None:
    text = reports.written("markdown", reports.many(number))
    assert len(text) < 65_536
    told = text.rpartition("**Left out for want of room:")[2].partition(".**")[0] if "Left out" in text else ""
    left_out = [int(part.rpartition(": ")[2]) for part in told.split(";") if part]
    assert rows(MARKDOWN.render(text)) + sum(left_out) == 2 * number
    assert bool(left_out) == (number > 30)
    assert text.count("<details") == text.count("</details>")


@pytest.mark.thorough
def test_the_summary_of_a_job_has_more_room_in_bytes() -> None:
    report = reports.many(3_000)
    comment, summary = (
        str(*writer("markdown")(report, Layout(job_summary=is_summary))) for is_summary in (False, True)
    )
    assert len(comment) < 65_536 < len(summary.encode()) < 1 << 20
    assert rows(MARKDOWN.render(summary)) > 10 * rows(MARKDOWN.render(comment))


def test_the_file_that_github_names_is_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    source = "".join(
        f'resource "aws_backup_plan" "p{number}" {{\n  name = "p{number}"\n  rule {{\n    rule_name = "r"\n'
        '    target_vault_name = "v"\n    start_window = 480\n  }\n}\n'
        for number in range(40)
    )
    (tmp_path / "main.tf").write_text(source)
    done = run(tmp_path, "scan", ".", "-o", "markdown=summary.md", "-o", "markdown=comment.md", "--select", "RR201")
    assert done.code == 1
    places = {name: Path(f"{name}.md").read_text().count("aws\\_backup\\_plan") for name in ("summary", "comment")}
    assert places == {"summary": 40, "comment": 30}
    assert "RR201: 10" in Path("comment.md").read_text()


def test_a_cell_that_is_too_long_is_cut() -> None:
    text = reports.written("markdown", reports.hostile("x" * 200_000))
    assert len(text) < 65_536
    assert "…" in text


def blocks(text: str) -> list[list[str]]:
    """Give the lines of each Mermaid diagram."""
    return [part.partition("\n```")[0].strip().split("\n") for part in text.split("```mermaid\n")[1:]]


def test_it_draws_when_backups_run_and_how_files_get_back() -> None:
    times, there, back = blocks(reports.written("markdown", reports.drawn()))
    assert times[:2] == ["gantt", "  title 24 hours, UTC"]
    assert "  may start :crit, 2001-01-01 05:00, 2001-01-01 13:00" in times
    assert (there[0], back[0]) == ("flowchart LR", "flowchart LR")
    assert '  n4 -.-|"✗ PassRole: no policy grants iam:PassRole"| n5' in back


def test_names_in_diagrams_end_nothing(tmp_path: Path) -> None:
    source = re.sub(r'(name += )"nightly"', r'\1"a: b; #c <d> `e` ]|%%"', Path(FOUNDING).read_text())
    (tmp_path / "main.tf").write_text(source)
    text = reports.written("markdown", reports.drawn(tmp_path / "main.tf"))
    times, there, _ = blocks(text)
    (section,) = (line for line in times if line.startswith("  section a"))
    assert section == "  section a\N{RATIO} b,  c (d) 'e' ]|"
    (plan,) = (line for line in there if line.startswith("  n1["))
    assert plan.startswith('  n1["plan<br>a: b#59; #35;c #lt;d#gt; #96;e#96; ]|%% + AWS')
    assert plan.endswith('…"]')
