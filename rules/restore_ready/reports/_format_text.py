"""Findings for people at a terminal: grouped by file, with the source, why it matters and what to change.

Styled by click, not rich: measured, rich costs 30 ms to import and 2 ms for each finding.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

import click

from restore_ready.model import Severity
from restore_ready.reports._excerpt import excerpt
from restore_ready.reports._page import why
from restore_ready.reports._plain import clean, fit, plural
from restore_ready.reports._report import Finding, Layout, NotJudged, Report, Summary
from restore_ready.requirements._file import AcceptedException

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_INDENT = " " * 4
_LABEL = 8
_NARROWEST = 40
_NAMED = 4
_ACCOUNT = "aws:"
"""What the place of a live account begins with, where others have a file."""


def write(report: Report, layout: Layout) -> Iterator[str]:
    """Write the report, or with ``layout.quiet`` one line for each finding, line by line."""
    lines = map(_one_line, report.defects) if layout.quiet else _Page(layout).lines(report)
    for number, line in enumerate(lines):
        yield f"\n{line.rstrip()}" if number else line.rstrip()


def summary_line(summary: Summary, findings: Iterable[Finding]) -> str:
    """Write the counts: "3 errors, 1 warning in 2 files; 14 checks passed, 2 could not be judged"."""
    kinds = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "note"))
    counts = ", ".join(plural(number, noun) for number, noun in kinds if number)
    files = {finding.place.file for finding in findings}
    noun = "place" if any(one.startswith(_ACCOUNT) for one in files) else "file"
    found = f"{counts} in {plural(len(files), noun)}" if counts else "no findings"
    accepted = f", {plural(summary.excepted, 'exception')} accepted" if summary.excepted else ""
    known = f", {summary.known} in the baseline" if summary.known else ""
    return (
        f"{found}{accepted}{known}; {plural(summary.passed, 'check')} passed, {summary.not_judged} could not be judged"
    )


def _one_line(finding: Finding) -> str:
    name = f" ({clean(finding.name)})" if finding.name else ""
    what = f"{finding.code} {finding.severity.value} {clean(finding.address)}{name}"
    return f"{clean(str(finding.place))}: {what}: {clean(finding.message)}"


class _Page:
    """Lays a report out in lines of one width, with or without colours."""

    def __init__(self, layout: Layout) -> None:
        self._width = max(layout.width, _NARROWEST)
        self._colour = layout.colour

    def lines(self, report: Report) -> Iterator[str]:
        """Give the findings by file, what could not be judged, and the summary."""
        for file, findings in groupby(report.findings, key=lambda one: one.place.file):
            yield self._heading(clean(file))
            for finding in findings:
                by = finding.exception
                yield from self._finding(finding) if by is None else self._accepted(finding, by)
        yield from self._known(report.known)
        yield from self._not_judged(report.not_judged)
        yield self._bold(summary_line(report.summary, report.defects))

    def _finding(self, finding: Finding) -> Iterator[str]:
        severity = self._bold(finding.severity.value, _COLOURS[finding.severity])
        line = self._dim(f", line {finding.place.line}") if finding.place.line else ""
        name = f" ({clean(finding.name)})" if finding.name else ""
        yield f"  {severity} {finding.code} {finding.slug}  {self._bold(clean(finding.address))}{name}{line}"
        yield from self._wrapped(clean(finding.message), _INDENT)
        yield from self._excerpt(finding)
        yield from self._labelled("why", clean(why(finding.doc)))
        yield from self._labelled("change", clean(finding.fix))
        yield f"{_INDENT}{self._dim('page'.ljust(_LABEL))}{finding.help_uri}"
        yield ""

    def _accepted(self, finding: Finding, by: AcceptedException) -> Iterator[str]:
        said = f"{clean(by.reason)} ({clean(by.owner)}, until {by.expires})"
        yield f"  {self._dim('excepted')} {finding.code} {finding.slug}  {clean(finding.address)}: {said}"
        yield ""

    def _known(self, known: Iterable[Finding]) -> Iterator[str]:
        """Name what stands in the baseline, a line for each rule."""
        addresses: dict[str, list[str]] = {}
        for one in known:
            addresses.setdefault(f"{one.code} {one.slug}", []).append(clean(one.address))
        if not addresses:
            return
        yield self._heading("In the baseline")
        for rule, ones in sorted(addresses.items()):
            more = f" and {len(ones) - _NAMED} more" if len(ones) > _NAMED else ""
            yield self._dim(f"  {rule}: {', '.join(ones[:_NAMED])}{more}")
        yield ""

    def _excerpt(self, finding: Finding) -> Iterator[str]:
        for number, source in excerpt(finding.place):
            mark = self._bold(">", "red") if number == finding.place.line else " "
            gutter = f" {number:>5} | "
            text = fit(clean(source), self._width - len(_INDENT) - 1 - len(gutter))
            yield f"{_INDENT}{mark}{self._dim(gutter)}{text}"

    def _labelled(self, label: str, text: str) -> Iterator[str]:
        lines = self._wrapped(text, _INDENT + " " * _LABEL)
        for number, line in enumerate(lines):
            yield _INDENT + self._dim(label.ljust(_LABEL)) + line.lstrip() if number == 0 else line

    def _not_judged(self, not_judged: Iterable[NotJudged]) -> Iterator[str]:
        reasons: dict[str, list[NotJudged]] = {}
        for one in not_judged:
            reasons.setdefault(clean(one.reason), []).append(one)
        if not reasons:
            return
        yield self._heading("Could not be judged")
        for reason, ones in reasons.items():
            yield from self._wrapped(reason, "  ")
            yield from (self._dim(f"{_INDENT}{line}") for line in _concerned(ones))
        yield ""

    def _wrapped(self, text: str, indent: str) -> list[str]:
        """Wrap at spaces only, so that ARNs and addresses can be copied."""
        return textwrap.wrap(
            text,
            self._width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _heading(self, text: str) -> str:
        return click.style(text, bold=True, underline=True) if self._colour else text

    def _bold(self, text: str, colour: str | None = None) -> str:
        return click.style(text, colour, bold=True) if self._colour else text

    def _dim(self, text: str) -> str:
        return click.style(text, dim=True) if self._colour else text


def _concerned(ones: list[NotJudged]) -> Iterator[str]:
    """Give a line for each of the first resources, with all its codes, and one for how many more there are."""
    codes: dict[tuple[str, str], list[str]] = {}
    for one in ones:
        codes.setdefault((one.address, _where(one)), []).append(one.code)
    for (address, where), found in list(codes.items())[:_NAMED]:
        yield f"{clean(address)}{where}: {', '.join(found)}"
    if len(codes) > _NAMED:
        yield f"and {len(codes) - _NAMED} more"


def _where(one: NotJudged) -> str:
    place = str(one.place)
    is_said = one.address == place
    return "" if is_said or not place else f" ({clean(place)})"
