"""How are findings written as workflow commands of GitHub Actions, which annotate the lines of a pull request?

GitHub keeps the first ten annotations of each kind and step, so the gravest come first. The last line has the counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from restore_ready.model import Severity
from restore_ready.reports._finding import EXCEPTED, NOT_JUDGED, Finding
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._locations import account_of, repository_file
from restore_ready.reports._records import gravest_first, records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice", None: "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(report: Report, _layout: Layout) -> str:
    """Return one command for each record, and the summary."""
    lines = [_line(finding) for finding in gravest_first(records(report))]
    return "\n".join([*lines, summary_line(report)])


def _line(finding: Finding) -> str:
    command = "notice" if finding.kind == EXCEPTED else _COMMANDS[finding.severity]
    properties = ",".join(f"{name}={value.translate(_IN_PROPERTY)}" for name, value in _properties(finding).items())
    return f"::{command} {properties}::{_message(finding).translate(_IN_DATA)}"


def _properties(finding: Finding) -> Mapping[str, str]:
    title = {"title": f"{finding.title}{_ENDINGS.get(finding.kind, '')}"}
    if account_of(finding.place) is not None:
        return title
    place = finding.in_repository
    file = {"file": clean(repository_file(place.file))}
    if not place.line:
        return {**file, **title}
    column = {"col": str(place.column)} if place.column else {}
    return {**file, "line": str(place.line), "endLine": str(max(place.line, place.end_line)), **column, **title}


_ENDINGS = {NOT_JUDGED: " (could not be judged)", EXCEPTED: " (accepted)"}


def _message(finding: Finding) -> str:
    accepted = f"accepted: {finding.accepted_because}" if finding.accepted_because else ""
    parts = (f"{finding.address}: {finding.message}", *_elsewhere(finding), accepted, finding.fix, finding.help_uri)
    return "\n".join(part for part in parts if part)


def _elsewhere(finding: Finding) -> Iterator[str]:
    """Say what is wrong and where its value is given, if that is not where the annotation stands."""
    told = (("It is wrong in", finding.fault), ("The value is given in", finding.given))
    for said, place in told:
        if place is not None and place != finding.in_repository:
            yield f"{said} {clean(repository_file(place.file))}, line {place.line}."
