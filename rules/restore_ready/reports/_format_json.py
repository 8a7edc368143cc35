"""How are findings written as JSON, for machines? The keys are a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready._json_text import json_text
from restore_ready._version import __version__
from restore_ready.reports._file_systems import as_json
from restore_ready.reports._finding import EXCEPTED, FAIL, Finding
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._scope import as_json as scope_json
from restore_ready.reports._verification import verification_json

_SCHEMA: Final = 2


def write(report: Report, _layout: Layout) -> Iterator[str]:
    """Return one object, which is never held whole.

    It has the ``version`` of the pack, the ``schema`` of the object, its ``scope``, ``file_systems``, ``findings``,
    ``not_judged`` and ``summary``, and before that ``verification`` where AWS's policy simulator was asked. Schema 2
    has all that schema 1, without a number, had.
    """
    yield f'{{\n  "version": {json_text(__version__)},\n  "schema": {_SCHEMA},\n'
    if report.scope is not None:
        yield f'  "scope": {_indented(scope_json(report.scope), 2)},\n'
    yield from _listed("file_systems", map(as_json, report.file_systems))
    yield from _listed("findings", ({**_finding(finding), **_diff(finding, report)} for finding in report.findings))
    yield from _listed("not_judged", map(_not_judged, report.not_judged))
    if report.verification is not None:
        yield f'  "verification": {_indented(verification_json(report.verification), 2)},\n'
    yield f'  "summary": {_indented(report.summary, 2)}\n}}'


def _listed(name: str, objects: Iterable[dict[str, object]]) -> Iterator[str]:
    opening = f'  "{name}": ['
    for found in objects:
        yield f"{opening}\n    {_indented(found, 4)}"
        opening = ","
    yield f"{opening}],\n" if opening != "," else "\n  ],\n"


def _indented(value: object, columns: int) -> str:
    return json_text(value, indent=2).replace("\n", f"\n{' ' * columns}")


def _not_judged(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "address": finding.address,
        "reason": finding.message,
        "settle": [{"cause": settling.cause.value, "text": settling.text} for settling in finding.settle],
        "file": finding.place.file,
        "line": finding.place.line,
        "file_systems": list(finding.file_systems),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity_name,
        "verdict": EXCEPTED if finding.kind == EXCEPTED else FAIL,
        "address": finding.address,
        "file": finding.place.file,
        "line": finding.place.line,
        "end_line": finding.place.end_line,
        "message": finding.message,
        "evidence": {**finding.evidence, "cure": finding.fix, **_exception(finding)},
        "help_uri": finding.help_uri,
        "name": finding.name,
        "file_systems": list(finding.file_systems),
    }


def _diff(finding: Finding, report: Report) -> dict[str, object]:
    """Return the finding's fix as a diff, null where it is to be made by hand, if diffs were asked for."""
    return {"diff": finding.diff} if report.shows_diffs else {}


def _exception(finding: Finding) -> dict[str, object]:
    """Return who accepts the finding and why, if somebody does, or the baseline that knows it."""
    by = finding.exception
    if by is None:
        return {"baseline": finding.baseline} if finding.baseline else {}
    expires = None if by.expires is None else by.expires.isoformat()
    return {"exception": {"reason": by.reason, "owner": by.owner, "expires": expires}}
