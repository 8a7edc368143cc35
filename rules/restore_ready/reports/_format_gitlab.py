"""How are findings written for GitLab's Code Quality, which shows them in merge requests?

See https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. It has no form for what is
accepted or was not judged: both are information that says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready._json_text import json_text
from restore_ready.model import Severity
from restore_ready.reports._finding import EXCEPTED, NOT_JUDGED, Finding
from restore_ready.reports._locations import account_of, repository_file
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info", None: "info"}


def write(report: Report, _layout: Layout) -> Iterator[str]:
    """Return an array with one object for each record."""
    opening = "["
    for finding in records(report):
        yield f"{opening}\n  {json_text(_issue(finding))}"
        opening = ","
    yield "[]" if opening == "[" else "\n]"


def _issue(finding: Finding) -> dict[str, object]:
    is_accepted = finding.kind == EXCEPTED
    return {
        "description": _description(finding),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": "info" if is_accepted else _SEVERITIES[finding.severity],
        "location": {"path": _path(finding), "lines": {"begin": max(finding.in_repository.line, 1)}},
    }


def _description(finding: Finding) -> str:
    endings = {EXCEPTED: f" (accepted: {finding.accepted_because})", NOT_JUDGED: " (could not be judged)"}
    return f"{finding.title}: {finding.address}: {finding.message}{endings.get(finding.kind, '')}"


def _path(finding: Finding) -> str:
    file = finding.in_repository.file
    return clean(file if account_of(finding.place) is not None else repository_file(file))
