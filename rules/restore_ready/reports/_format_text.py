"""How are findings shown to people at a terminal: by rule, errors first, with the faulty line and what to change?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from restore_ready.model import Verification
from restore_ready.readiness._answers import UNASKED, FileSystemReadiness, Level
from restore_ready.readiness._headline import sentence
from restore_ready.readiness._state import State
from restore_ready.reports._file_systems import LEVEL_MARKS, TITLES, FileSystemRow, answer_text, in_words
from restore_ready.reports._finding import Finding
from restore_ready.reports._locations import is_live
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean, first_few, first_lines, plural
from restore_ready.reports._text_findings import accepted, by_rule
from restore_ready.reports._text_hours import hour_strips
from restore_ready.reports._text_style import INDENT, Style
from restore_ready.reports._verification import verification_counts, verification_lines

_NAMED = 4
_MOST_FILE_SYSTEMS = 40
_LEVEL_COLOURS = {Level.READY: "green", Level.NOT_READY: "red", Level.NOT_KNOWN: "yellow"}


def write(report: Report, layout: Layout) -> Iterator[str]:
    """Return the report, or with ``layout.quiet`` one line for each finding, line by line."""
    lines = map(_one_line, report.defects) if layout.quiet else _Page(layout).lines(report)
    for number, line in enumerate(lines):
        yield f"\n{line.rstrip()}" if number else line.rstrip()


def summary_line(report: Report) -> str:
    """Return the counts: "3 errors, 1 warning in 2 files; 14 checks passed, 2 could not be judged"."""
    summary = report.summary
    kinds = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "note"))
    counts = ", ".join(plural(number, noun) for number, noun in kinds if number)
    places = {finding.place.file: finding.place for finding in report.defects}
    noun = "place" if any(map(is_live, places.values())) else "file"
    found = f"{counts} in {plural(len(places), noun)}" if counts else "no findings"
    accepted = f", {plural(summary.excepted, 'exception')} accepted" if summary.excepted else ""
    known = f", {summary.known} in the baseline" if summary.known else ""
    return (
        f"{found}{accepted}{known}; {plural(summary.passed, 'check')} passed, {summary.not_judged} could not be judged"
    )


def _one_line(finding: Finding) -> str:
    what = f"{finding.code} {finding.severity_name} {clean(finding.address)}{_name(finding)}"
    return f"{clean(str(finding.place))}: {what}: {clean(finding.message)}"


def _name(finding: Finding) -> str:
    return f" ({clean(finding.name)})" if finding.name else ""


class _Page:
    """Lays a report out: errors first, what is accepted, what could not be judged, the verdicts, then the counts."""

    def __init__(self, layout: Layout) -> None:
        self._style = Style(layout)

    def lines(self, report: Report) -> Iterator[str]:
        """Return the report, line by line."""
        yield from by_rule(report, self._style)
        yield from accepted((finding for finding in report.new if finding.exception is not None), self._style)
        yield from self._known(report.known)
        yield from self._not_judged(report.not_judged)
        yield from hour_strips(report.time_lines, self._style)
        yield from self._file_systems(report.file_systems)
        yield from self._verification(report.verification)
        yield self._style.bold(summary_line(report))
        if report.scope is not None and report.scope.requirements:
            yield self._style.dim(f"requirements: {report.scope.asked_by}")

    def _known(self, known: Iterable[Finding]) -> Iterator[str]:
        """Name what stands in the baseline, a line for each rule."""
        addresses: dict[str, list[str]] = {}
        for finding in known:
            addresses.setdefault(f"{finding.code} {finding.slug}", []).append(finding.address)
        if not addresses:
            return
        yield self._style.heading("In the baseline")
        for rule, its in sorted(addresses.items()):
            yield self._style.dim(f"  {rule}: {first_few(its, _NAMED)}")
        yield ""

    def _not_judged(self, not_judged: Iterable[Finding]) -> Iterator[str]:
        reasons: dict[str, list[Finding]] = {}
        for finding in not_judged:
            reasons.setdefault(clean(finding.message), []).append(finding)
        if not reasons:
            return
        yield self._style.heading("Could not be judged")
        for reason, findings in reasons.items():
            yield from self._style.wrapped(reason, "  ")
            yield from (self._style.dim(f"{INDENT}{line}") for line in _concerned(findings))
            yield from self._style.labelled("settle", clean(findings[0].fix))
        yield ""

    def _file_systems(self, file_systems: Sequence[FileSystemRow]) -> Iterator[str]:
        """Say how each of the first file systems stands, and why; the worst come first."""
        unasked = sentence(UNASKED)
        number = sum(row.readiness.reason.text != unasked for row in file_systems)
        if not number:
            return
        yield self._style.heading(f"{in_words(file_systems)}")
        told = (row for row in file_systems if row.readiness.reason.text != unasked)
        first = list(islice(told, _MOST_FILE_SYSTEMS))
        called = Counter(row.label for row in first)
        for row in first:
            found = row.readiness
            verdict = self._style.bold(found.level.words, _LEVEL_COLOURS[found.level])
            where = f"  {self._style.dim(clean(str(row.place)))}" if called[row.label] > 1 else ""
            yield f"  {LEVEL_MARKS[found.level]} {self._style.bold(row.label)}  {verdict}{where}"
            reason = f"{clean(found.reason.text)} {found.reason.code}".strip()
            yield from self._style.wrapped(reason, INDENT) if reason else ()
            yield from self._style.wrapped(_answers(found), INDENT)
        if number > _MOST_FILE_SYSTEMS:
            yield f"  {number - _MOST_FILE_SYSTEMS} more: JSON has all of them"
        yield ""

    def _verification(self, found: Verification | None) -> Iterator[str]:
        if found is None:
            return
        yield self._style.heading(verification_counts(found))
        for line in verification_lines(found):
            yield from self._style.wrapped(line, "  ")
        yield ""


def _answers(found: FileSystemReadiness) -> str:
    """Return what is not simply in order, in words: ``backed up ✓ · in the window ✗ starts too late``."""
    asked = [
        (TITLES[question].lower(), answer)
        for question, answer in found.answers.items()
        if answer.state is not State.NONE
    ]
    return " · ".join(f"{title} {answer_text(answer)}" for title, answer in asked)


def _concerned(not_judged: Iterable[Finding]) -> list[str]:
    """Return a line for each of the first resources, with all its codes, and one for how many more there are."""
    codes: dict[str, list[str]] = {}
    for finding in not_judged:
        place = str(finding.place)
        where = "" if finding.address == place or not place else f" ({clean(place)})"
        codes.setdefault(f"{clean(finding.address)}{where}", []).append(finding.code)
    return first_lines([f"{resource}: {', '.join(found)}" for resource, found in codes.items()], _NAMED)
