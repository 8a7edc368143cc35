"""How are findings written as Markdown, for a comment on a pull request or the summary of a CI job?

GitHub refuses comments of more than 65,536 characters and summaries of more than 1 MiB. What does not fit is left out
from the end, where the mildest stands, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.model import Severity
from restore_ready.readiness._answers import Level, Question
from restore_ready.readiness._restore_path import RestorePath
from restore_ready.readiness._state import State
from restore_ready.reports._fault_lines import FaultLine, fault_lines
from restore_ready.reports._file_systems import MARKS, TITLES, FileSystemRow, answer_text
from restore_ready.reports._finding import EXCEPTED, NOT_JUDGED, Finding
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._markdown_text import Page, Row, Section, literal, prose, table_line
from restore_ready.reports._mermaid import flowcharts, gantt
from restore_ready.reports._overview import Overview, tells_of_accounts
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._rule_page import why
from restore_ready.reports._safe_text import clean, cut, plural
from restore_ready.reports._ways import said

_LEVEL_SIGNS: Final = {Level.NOT_READY: "❌", Level.NOT_KNOWN: "❔", Level.READY: "✅"}
_SEVERITY_SIGNS: Final = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵"}
_MOST_FILE_SYSTEMS: Final = 20
_MOST_CLOCKS: Final = 2
_MOST_WAYS: Final = 3
_MOST_PLACES: Final = 30
"""Places of a rule in a comment; a summary has room for more."""

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
    for line in report.time_lines[:_MOST_CLOCKS]:
        page.write_if_it_fits(_times(gantt(line)), f"when backups run, {prose(line.clock.time_zone)}")
    for row, path in _different_ways(report.file_systems):
        page.write_if_it_fits(_way(row, path), f"the way of {prose(row.label)}")
    found = list(records(report))
    most = len(found) if layout.job_summary else _MOST_PLACES
    for section in _sections(found, most):
        if section.rows:
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
        if path is not None and row.readiness.level is not Level.READY and len(found) < _MOST_WAYS:
            found.setdefault(tuple((link.state, link.why) for link in path.links), (row, path))
    return list(found.values())


def _way(row: FileSystemRow, path: RestorePath) -> list[str]:
    lines = ["<details>", f"<summary>From {prose(row.label)} to its restored files</summary>", ""]
    for chart in flowcharts(path):
        lines += [*_drawn(chart), ""]
    for link in path.links:
        if link.why and link.state in (State.NO, State.UNKNOWN):
            lines.append(f"- {MARKS[link.state]} {prose(said(link))}")
    return [*lines, "", "</details>", ""]


def _sections(found: Sequence[Finding], most: int) -> Iterator[Section]:
    fails = [finding for finding in found if finding.severity is not None and finding.kind != EXCEPTED]
    yield from _by_rule(fails, most)
    accepted = [_accepted(finding) for finding in found if finding.kind == EXCEPTED]
    title = f"Accepted exceptions ({len(accepted)})"
    columns = ("Rule", "Where", "What is wrong", "Accepted because")
    yield Section("accepted exceptions", title, columns, accepted)
    open_ = [finding for finding in found if finding.kind == NOT_JUDGED]
    title = f"Could not be judged ({len(open_)})"
    yield Section("could not be judged", title, ("Rules", "Where", "Why"), list(_not_judged(open_)))


def _by_rule(fails: Iterable[Finding], most: int) -> Iterator[Section]:
    groups: dict[str, list[Finding]] = {}
    for finding in fails:
        groups.setdefault(finding.code, []).append(finding)
    yield from (
        _of_rule(groups[code], most) for code in sorted(groups, key=lambda code: (-_gravest(groups[code]).rank, code))
    )


def _gravest(findings: Iterable[Finding]) -> Severity:
    return max((finding.severity or Severity.ERROR for finding in findings), key=lambda severity: severity.rank)


def _of_rule(findings: Sequence[Finding], most: int) -> Section:
    first = findings[0]
    sign = _SEVERITY_SIGNS[_gravest(findings)]
    title = f"{sign} <b>{first.code}</b> {first.subject}: {plural(len(findings), 'place')}"
    fixes = Counter(finding.fix for finding in findings if finding.fix)
    fix = fixes.most_common(1)[0][0] if fixes else ""
    before = [f"{_code(first)} {prose(why(first.doc).replace('`', ''))}".strip(), ""]
    before += [f"**Change:** {prose(fix)}", ""] if fix else []
    rows = [_row(finding, "" if finding.fix == fix else finding.fix) for finding in findings]
    with_fixes = any(row.cells[-1] for row in rows)
    columns = ("Where", "What is wrong", *(["What to change"] if with_fixes else []))
    shown_rows = rows if with_fixes else [Row(row.cells[:-1]) for row in rows]
    return Section(first.code, title, columns, shown_rows, before, most)


def _row(finding: Finding, last: str) -> Row:
    return Row((_where(finding), prose(finding.message), prose(last)))


def _accepted(finding: Finding) -> Row:
    return Row((_code(finding), *_row(finding, finding.accepted_because).cells))


def _not_judged(found: Iterable[Finding]) -> Iterator[Row]:
    """Return a row for each resource and reason, with all rules that could not judge it for that reason."""
    codes: dict[tuple[str, str], list[str]] = {}
    for finding in found:
        codes.setdefault((_where(finding), prose(finding.message)), []).append(_code(finding))
    return (Row((", ".join(rules), *rest), len(rules)) for rest, rules in codes.items())


def _code(finding: Finding) -> str:
    return f"[{finding.code}]({finding.help_uri})"


def _where(finding: Finding) -> str:
    place = clean(str(finding.place))
    names = [place] if place == finding.address else [finding.address, place]
    called = [f"**{prose(finding.name)}**"] if finding.name and finding.name != finding.address else []
    return "<br>".join([*called, *map(literal, names), *(_source(line, finding) for line in fault_lines(finding))])


def _source(line: FaultLine, finding: Finding) -> str:
    """Return a line of a source behind where it is."""
    if line.given:
        name = f"given in {line.place}"
    else:
        inside = line.place.file == finding.place.file
        name = f"line {line.place.line}" if inside else str(line.place)
    return f"{prose(clean(name))}: {literal(line.text)}" if line.text else prose(clean(name))
