"""Findings as CSV (RFC 4180), for spreadsheets: a row for each finding, accepted or not, and each gap.

A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import json

from restore_ready.reports._entries import BROKEN, FAIL, NOT_JUDGED, Entry, entries, facts
from restore_ready.reports._plain import clean
from restore_ready.reports._report import Layout, Report

_COLUMNS = (
    *("code", "slug", "severity", "verdict", "address", "file", "line", "end_line", "message", "reason"),
    *("owner", "expires", "cure", "evidence", "help_uri"),
)
_FORMULAS = ("=", "+", "-", "@")


def write(report: Report, _layout: Layout) -> str:
    """Write the header and the rows; whoever prints it ends the last line."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for one in entries(report):
        cells = _row(one)
        rows.writerow([_safe(cells.get(name, "")) for name in _COLUMNS])
    return text.getvalue().removesuffix("\n")


def _row(one: Entry) -> dict[str, str]:
    """Give the cells of the columns that are not empty."""
    cells = {
        "code": one.code,
        "slug": one.slug,
        "severity": one.severity.value if one.severity else "",
        "verdict": FAIL if one.kind == BROKEN else one.kind,
        "address": one.address,
        "file": clean(one.place.file),
        "line": str(one.place.line or ""),
        "end_line": str(one.place.end_line or ""),
        "help_uri": one.help_uri,
    }
    if one.kind == NOT_JUDGED:
        return {**cells, "reason": one.text}
    evidence = json.dumps(facts(one.evidence), ensure_ascii=False)
    found = {**cells, "message": one.text, "cure": one.fix, "evidence": evidence}
    by = one.exception
    if by is None:
        return {**found, "reason": one.accepted_because}
    return {**found, "reason": clean(by.reason), "owner": clean(by.owner), "expires": by.expires.isoformat()}


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULAS) else cell
