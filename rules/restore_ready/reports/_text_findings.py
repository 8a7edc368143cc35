"""How are the findings of a rule shown at a terminal: where, what is wrong there, then why and what to change, once?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from msgspec import Struct, field

from restore_ready.model import Severity
from restore_ready.reports._excerpt import excerpts, holds
from restore_ready.reports._finding import Finding
from restore_ready.reports._report import Report
from restore_ready.reports._rule_page import why
from restore_ready.reports._safe_text import clean, fit, plural
from restore_ready.reports._text_style import INDENT, Style

_Key: TypeAlias = tuple[Severity | None, str]
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
"""One word for each severity, as the counts have it."""


class _Group(Struct):
    """The findings of a rule and severity: how many, and what they say to change."""

    number: int = 0
    fixes: set[str] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        self.number += 1
        if len(self.fixes) <= 1:
            self.fixes.add(finding.fix)


def by_rule(report: Report, style: Style) -> Iterator[str]:
    """Yield the findings that nothing accepts, errors first, a group for each rule and severity.

    A report of many accounts is on disk: each group is a pass over it, so that one finding at a time is in memory.
    """
    groups: dict[_Key, _Group] = {}
    for finding in report.defects:
        groups.setdefault((finding.severity, finding.code), _Group()).add(finding)
    for key in sorted(groups, key=_order):
        its = (finding for finding in report.defects if (finding.severity, finding.code) == key)
        yield from _group(its, groups[key], style)


def _order(group: _Key) -> tuple[int, str]:
    severity, code = group
    return -1 if severity is None else -severity.rank, code


def _group(findings: Iterable[Finding], group: _Group, style: Style) -> Iterator[str]:
    first: Finding | None = None
    same = len(group.fixes) == 1
    for finding in findings:
        if first is None:
            first = finding
            yield _heading(finding, group.number, style)
        yield from _place(finding, style)
        if not same:
            yield from style.labelled("change", clean(finding.fix))
    if first is None:
        return
    yield from style.labelled("why", clean(why(first.doc)))
    if same:
        yield from style.labelled("change", clean(first.fix))
    yield f"  {style.dim('page'.ljust(8))}{first.help_uri}"
    yield ""


def _heading(finding: Finding, number: int, style: Style) -> str:
    level = "" if finding.severity is None else _LEVELS[finding.severity]
    colour = None if finding.severity is None else _COLOURS[finding.severity]
    count = "" if number == 1 else style.dim(f"  {plural(number, 'place')}")
    return f"{style.bold(f'{level} {finding.code}', colour)} {finding.subject}{count}"


def _place(finding: Finding, style: Style) -> Iterator[str]:
    fault = finding.fault
    place = f"{clean(fault.file)}:{fault.line}" if fault.line else clean(fault.file)
    yield f"  {style.dim(place)}  {style.bold(called(finding))}"
    for found in excerpts(finding):
        if found.place == finding.place and not _shows(finding):
            continue  # what is wrong stands outside of the resource, whose first line is not
        marked = [(number, line) for number, line in found.lines if number == found.marked]
        if marked and found.place not in {finding.place, fault}:
            yield INDENT + style.dim(f"{clean(found.place.file)}:{found.place.line}")
        yield from (_source(number, line, style) for number, line in marked)
    yield from style.wrapped(clean(finding.message), INDENT)


def _shows(finding: Finding) -> bool:
    """Return whether the resource holds what is wrong, or gives its value."""
    parts = (part for part in (finding.fault, finding.given) if part is not None)
    return any(holds(finding.place, part) for part in parts)


def _source(number: int, line: str, style: Style) -> str:
    gutter = f" {number:>5} | "
    text = fit(clean(line).strip(), style.width - len(INDENT) - 1 - len(gutter))
    return f"{INDENT}{style.bold('>', 'red')}{style.dim(gutter)}{text}"


def called(finding: Finding) -> str:
    """Return what a finding's resource is called: its name with its address, else its address alone."""
    address = clean(finding.address)
    return f"{clean(finding.name)} ({address})" if finding.name else address


def accepted(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield a line for each finding that an exception accepts."""
    there = False
    for finding in findings:
        there = True
        what = f"{finding.code} {finding.slug}  {clean(finding.address)}: {finding.accepted_because}"
        yield f"{style.dim('excepted')} {what}"
    if there:
        yield ""
