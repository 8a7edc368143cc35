"""Findings as JSON, for machines: the keys are a contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from heapq import merge

from msgspec.structs import asdict

from restore_ready._version import __version__
from restore_ready.model import Place
from restore_ready.reports._plain import jsonable
from restore_ready.reports._report import Finding, Layout, NotJudged, Report


def write(report: Report, _layout: Layout) -> Iterator[str]:
    """Write one object: ``version`` of the pack, ``findings``, ``not_judged``, ``summary``; never holding all of it."""
    findings = merge(report.findings, report.known, key=lambda one: (*_at(one.place), one.address, one.code))
    yield f'{{\n  "version": {json.dumps(__version__)},\n'
    yield from _listed("findings", ({**_finding(one), **_diff(one, report)} for one in findings))
    yield from _listed("not_judged", map(_gap, report.not_judged))
    yield f'  "summary": {_indented(asdict(report.summary), 2)}\n}}'


def _at(place: Place) -> tuple[str, int]:
    return place.file, place.line


def _listed(name: str, entries: Iterable[dict[str, object]]) -> Iterator[str]:
    opening = f'  "{name}": ['
    for entry in entries:
        yield f"{opening}\n    {_indented(entry, 4)}"
        opening = ","
    yield f"{opening}],\n" if opening != "," else "\n  ],\n"


def _indented(value: object, columns: int) -> str:
    return json.dumps(value, indent=2, default=jsonable).replace("\n", f"\n{' ' * columns}")


def _gap(one: NotJudged) -> dict[str, object]:
    return {"code": one.code, "address": one.address, "reason": one.reason}


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
        "evidence": {**finding.evidence, "cure": finding.fix, **_exception(finding)},
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
