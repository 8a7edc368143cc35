"""Findings as JSON, for machines: the keys are a contract."""

from __future__ import annotations

import json
from dataclasses import asdict

from restore_ready import __version__
from restore_ready.reports._plain import jsonable
from restore_ready.reports._report import Finding, Layout, Report


def write(report: Report, _layout: Layout) -> str:
    """Write one object: ``version`` of the pack, ``findings``, ``not_judged``, ``summary``."""
    document = {
        "version": __version__,
        "findings": [{**_finding(finding), **_diff(finding, report)} for finding in report.findings],
        "not_judged": [{"code": one.code, "address": one.address, "reason": one.reason} for one in report.not_judged],
        "summary": asdict(report.summary),
    }
    return json.dumps(document, indent=2, default=jsonable)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity.value,
        "verdict": finding.verdict,
        "address": finding.address,
        "file": finding.place.file,
        "line": finding.place.line,
        "end_line": finding.place.end_line,
        "message": finding.message,
        "evidence": {**finding.evidence, "cure": finding.cure, **_exception(finding)},
        "help_uri": finding.help_uri,
    }


def _diff(finding: Finding, report: Report) -> dict[str, object]:
    """Give the finding's cure as a diff, null where it is to be made by hand, if diffs were asked for."""
    return {"diff": finding.diff} if report.shows_diffs else {}


def _exception(finding: Finding) -> dict[str, object]:
    """Give who accepts the finding and why, if somebody does."""
    by = finding.exception
    if by is None:
        return {}
    return {"exception": {"reason": by.reason, "owner": by.owner, "expires": by.expires.isoformat()}}
