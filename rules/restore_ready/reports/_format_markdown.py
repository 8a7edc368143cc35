"""How are findings written as Markdown, for a comment on a pull request or the summary of a CI job?

GitHub refuses comments of more than 65,536 characters and summaries of more than 1 MiB. What does not fit is left out
from the end, where the mildest stands, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.readiness._answers import Level, Question
from restore_ready.readiness._restore_path import RestorePath
from restore_ready.readiness._state import State
from restore_ready.reports._file_systems import MARKS, TITLES, FileSystemRow, answer_text
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._markdown_sections import sections
from restore_ready.reports._markdown_text import Page, prose, table_line
from restore_ready.reports._mermaid import flowcharts, gantt
from restore_ready.reports._overview import Overview, tells_of_accounts
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean, cut, plural
from restore_ready.reports._ways import said

_LEVEL_SIGNS: Final = {Level.NOT_READY: "❌", Level.NOT_KNOWN: "❔", Level.READY: "✅"}
_MOST_FILE_SYSTEMS: Final = 20
_MOST_CLOCKS: Final = 2
_MOST_WAYS: Final = 3
_LONGEST_REASON: Final = 200


def write(report: Report, layout: Layout) -> str:
    """Return how file systems stand, when backups run, how files get back, and what was found, folded by rule."""
    page = Page(summary=layout.job_summary)
    overview = Overview.of(report.file_systems)
    title = overview.headline if overview.total else "restore-ready"
    page.write([f"## {prose(clean(title))}", ""])
    if report.scope is not None and report.scope.about:
        page.write([prose(clean(report.scope.about)), ""])
    page.write([f"{summary_line(report)}.", ""])
    page.write(_file_systems(report))
    if len(report.time_lines) > _MOST_CLOCKS:
        page.left_out.append(f"clocks by which backups run: {len(report.time_lines) - _MOST_CLOCKS}")
    for line in report.time_lines[:_MOST_CLOCKS]:
        page.write_if_it_fits(_times(gantt(line)), f"when backups run, {prose(line.clock.time_zone)}")
    for row, path in _different_ways(report.file_systems):
        page.write_if_it_fits(_way(row, path), f"the way of {prose(row.label)}")
    for section in sections(records(report), job_summary=layout.job_summary):
        page.add(section)
    return page.text()


def _file_systems(report: Report) -> Iterator[str]:
    if not report.file_systems:
        return
    live = tells_of_accounts(report)
    questions = [question for question in Question if live or question is not Question.NEWEST]
    columns = ["", "File system", *(TITLES[question] for question in questions), "Why"]
    yield table_line(columns)
    yield table_line(["---"] * len(columns))
    for row in report.file_systems[:_MOST_FILE_SYSTEMS]:
        found = row.readiness
        reason = f"{prose(cut(clean(found.reason.text), _LONGEST_REASON))} {found.reason.code}".strip()
        name = f"**{prose(row.label)}** {found.level.words}"
        answers = (prose(answer_text(found.answers[question])) for question in questions)
        yield table_line([_LEVEL_SIGNS[found.level], name, *answers, reason])
    yield ""
    more = len(report.file_systems) - _MOST_FILE_SYSTEMS
    if more > 0:
        yield f"{plural(more, 'further file system')} stand in the other formats."
        yield ""


def _times(chart: Sequence[str]) -> list[str]:
    if not chart:
        return []
    return ["<details open>", "<summary>When backups run</summary>", "", *_drawn(chart), "", "</details>", ""]


def _drawn(chart: Iterable[str]) -> list[str]:
    return ["```mermaid", *chart, "```"]


def _different_ways(rows: Iterable[FileSystemRow]) -> list[tuple[FileSystemRow, RestorePath]]:
    """Return the first file systems that are not ready and whose ways differ."""
    found: dict[object, tuple[FileSystemRow, RestorePath]] = {}
    for row in rows:
        path = row.readiness.path
        if path is not None and row.readiness.level is not Level.READY:
            found.setdefault(tuple((link.state, link.why) for link in path.links), (row, path))
        if len(found) == _MOST_WAYS:
            break
    return list(found.values())


def _way(row: FileSystemRow, path: RestorePath) -> list[str]:
    lines = ["<details>", f"<summary>From {prose(row.label)} to its restored files</summary>", ""]
    for chart in flowcharts(path):
        lines += [*_drawn(chart), ""]
    for link in path.links:
        if link.why and link.state in (State.NO, State.UNKNOWN):
            lines.append(f"- {MARKS[link.state]} {prose(said(link))}")
    return [*lines, "", "</details>", ""]
