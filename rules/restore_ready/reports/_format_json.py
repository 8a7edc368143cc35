"""Findings as JSON, for machines: the keys are a contract."""

from __future__ import annotations

import json
from dataclasses import asdict

from restore_ready import __version__
from restore_ready._values import Ref, Text, Unresolved, show
from restore_ready.reports._report import Finding, Layout, Report


def write(report: Report, _layout: Layout) -> str:
    """Write one object: ``version`` of the pack, ``findings``, ``not_judged``, ``summary``."""
    findings = sorted(
        (*report.findings, *report.known), key=lambda one: (one.place.file, one.place.line, one.address, one.code)
    )
    document = {
        "version": __version__,
        "findings": [{**_finding(finding), **_diff(finding, report)} for finding in findings],
        "not_judged": [{"code": one.code, "address": one.address, "reason": one.reason} for one in report.not_judged],
        "summary": asdict(report.summary),
    }
    return json.dumps(document, indent=2, default=_plain)


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
    """Give who accepts the finding and why, if somebody does, or the baseline that knows it."""
    by = finding.exception
    if by is None:
        return {"baseline": finding.baseline} if finding.baseline else {}
    return {"exception": {"reason": by.reason, "owner": by.owner, "expires": by.expires.isoformat()}}


def _plain(value: object) -> object:
    """Turn a piece of evidence that is not JSON into a string."""
    return show(value) if isinstance(value, (Unresolved, Ref, Text)) else str(value)
