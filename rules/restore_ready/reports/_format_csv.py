"""How are findings written as CSV (RFC 4180), for spreadsheets?

There is a row for each finding, accepted or not, and for what could not be judged. A cell that a spreadsheet would take
for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from restore_ready._json_text import json_text
from restore_ready.catalog._controls import controls_of
from restore_ready.reports._finding import BROKEN, FAIL, NOT_JUDGED, Finding
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean, clean_json

_COLUMNS = (
    *("code", "slug", "severity", "verdict", "address", "file", "line", "end_line", "message", "reason"),
    *("owner", "expires", "cure", "evidence", "help_uri", "name", "file_systems", "controls"),
)
_MARK = "\ufeff"
"""What tells spreadsheets that it is UTF-8: without, they show Japanese as something else."""

_NEXT = "\n"
_FORMULAS = ("=", "+", "-", "@")


def write(report: Report, _layout: Layout) -> Iterator[str]:
    """Return the header and the rows, one by one; whoever prints them ends the last line."""
    rows = ([cells.get(name, "") for name in _COLUMNS] for cells in map(_row, records(report)))
    for number, cells in enumerate(chain([_COLUMNS], rows)):
        yield f"{_NEXT if number else _MARK}{_line(map(safe_cell, cells))}"


def _line(cells: Iterable[str]) -> str:
    """Return a row that wants but the second half of its line end."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\n")


def _row(finding: Finding) -> dict[str, str]:
    """Return the cells of the columns that are not empty."""
    cells = {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity_name,
        "verdict": FAIL if finding.kind == BROKEN else finding.kind,
        "address": finding.address,
        "file": clean(finding.place.file),
        "line": str(finding.place.line or ""),
        "end_line": str(finding.place.end_line or ""),
        "help_uri": finding.help_uri,
        "name": clean(finding.name),
        "file_systems": " ".join(map(clean, finding.file_systems)),
        "controls": "; ".join(control.name for control in controls_of(finding.code)),
    }
    if finding.kind == NOT_JUDGED:
        return {**cells, "reason": finding.message, "cure": finding.fix}
    evidence = json_text(clean_json(finding.evidence), ascii_only=False)
    found = {**cells, "message": finding.message, "cure": finding.fix, "evidence": evidence}
    by = finding.exception
    if by is None:
        return {**found, "reason": finding.accepted_because}
    expires = "" if by.expires is None else by.expires.isoformat()
    return {**found, "reason": clean(by.reason), "owner": clean(by.owner), "expires": expires}


def safe_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULAS) else cell
