"""Findings as workflow commands of GitHub Actions, which annotate the lines of a pull request.

GitHub keeps the first ten annotations of each kind and step, so the gravest come first. The last line has the counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from restore_ready.model import Severity
from restore_ready.reports._entries import EXCEPTED, NOT_JUDGED, Entry, entries, gravest_first
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._plain import clean
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._where import account_of, repository_file

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice", None: "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(report: Report, _layout: Layout) -> str:
    """Write one command for each record, and the summary."""
    lines = [_line(one) for one in gravest_first(entries(report))]
    return "\n".join([*lines, summary_line(report.summary, report.defects)])


def _line(one: Entry) -> str:
    command = "notice" if one.kind == EXCEPTED else _COMMANDS[one.severity]
    properties = ",".join(f"{name}={value.translate(_IN_PROPERTY)}" for name, value in _properties(one).items())
    return f"::{command} {properties}::{_message(one).translate(_IN_DATA)}"


def _properties(one: Entry) -> Mapping[str, str]:
    title = {"title": f"{one.code} {one.subject}{_ENDINGS.get(one.kind, '')}"}
    place = one.place
    if account_of(place) is not None:
        return title
    file = {"file": clean(repository_file(place.file))}
    if not place.line:
        return {**file, **title}
    return {**file, "line": str(place.line), "endLine": str(max(place.line, place.end_line)), **title}


_ENDINGS = {NOT_JUDGED: " (could not be judged)", EXCEPTED: " (accepted)"}


def _message(one: Entry) -> str:
    accepted = f"accepted: {one.accepted_because}" if one.accepted_because else ""
    parts = (f"{one.address}: {one.text}", accepted, one.fix, one.help_uri)
    return "\n".join(part for part in parts if part)
