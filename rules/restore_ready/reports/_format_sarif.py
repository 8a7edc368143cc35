"""How are findings written as SARIF 2.1.0, for code scanning and viewers of static analysis?

What could not be judged is a result of kind ``open``, an accepted exception a suppressed one. What could not be read at
all (RR001), and what broke (RR000), are notifications of the tool; if something broke, the run counts as unsuccessful,
so that code scanning does not take what is missing for fixed.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from restore_ready._json_text import json_text
from restore_ready._version import __version__
from restore_ready.catalog._codes import NOT_JUDGED as UNREAD
from restore_ready.catalog._codes import PACK_BROKEN, OwnCode, all_codes
from restore_ready.model import Place, Rule, Severity
from restore_ready.reports._file_systems import as_json
from restore_ready.reports._finding import BROKEN, NOT_JUDGED, Finding, in_words
from restore_ready.reports._locations import account_of, repository_file, uri
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._rule_page import why
from restore_ready.reports._safe_text import clean, clean_json, cut
from restore_ready.reports._sarif_fixes import fix
from restore_ready.reports._scope import as_json as scope_json

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME: Final = "https://github.com/restore-ready/restore-ready"
_ROOT: Final = "%SRCROOT%"
_FINGERPRINT: Final = "restoreReady/v1"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCORES: Final = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
"""What GitHub ranks alerts of security tools by: high from 7.0, medium from 4.0, low below."""

_CATEGORY: Final = "restore-ready/"
"""What tells these alerts from those of other tools and jobs; the slash ends the category."""

_LONGEST: Final = 1024
"""Most characters of a description that GitHub takes."""


def write(report: Report, _layout: Layout) -> str:
    """Return one log with one run; its rules are the whole catalogue, whatever was found."""
    rules = [rule for rule in all_codes() if rule.code != UNREAD.code]
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    found = list(records(report))
    run = {
        "tool": {"driver": _driver(rules)},
        "invocations": [
            {
                "executionSuccessful": not any(finding.kind == BROKEN for finding in found),
                "toolExecutionNotifications": [
                    _notification(finding) for finding in found if _is_notification(finding)
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": _CATEGORY},
        **_provenance(report),
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository, or the current folder."}}},
        "results": [_result(finding, numbers[finding.code]) for finding in found if finding.code != UNREAD.code],
        "properties": {
            "summary": msgspec.to_builtins(report.summary),
            **({} if report.scope is None else {"scope": scope_json(report.scope)}),
            "file_systems": [as_json(row) for row in report.file_systems],
        },
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _driver(rules: list[Rule | OwnCode]) -> dict[str, Any]:
    return {
        "name": "restore-ready",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": [_rule(rule) for rule in rules],
        "notifications": [_rule(PACK_BROKEN), _rule(UNREAD)],
    }


def _rule(rule: Rule | OwnCode) -> dict[str, Any]:
    """Return what SARIF says of a rule; the short description names the defect, because it is the title of alerts."""
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": in_words(rule.slug).capitalize()},
        "fullDescription": {"text": cut(f"{rule.title} {why(rule.doc)}".strip(), _LONGEST)},
        "help": {"text": f"{rule.title} {rule.help_uri}", "markdown": rule.doc},
        "helpUri": rule.help_uri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["security"], "security-severity": _SCORES[rule.severity]},
    }


def _result(finding: Finding, number: int) -> dict[str, Any]:
    level = "none" if finding.severity is None else _LEVELS[finding.severity]
    about = {"file_systems": list(map(clean, finding.file_systems))} if finding.file_systems else {}
    told = {"evidence": clean_json(finding.evidence), "cure": finding.fix} if finding.kind != NOT_JUDGED else {}
    return {
        "ruleId": finding.code,
        "ruleIndex": number,
        "kind": "open" if finding.kind == NOT_JUDGED else "fail",
        "level": level,
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        **_related(finding),
        **({"fixes": [fix(finding.diff, finding.fix, _ROOT)]} if finding.diff else {}),
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "suppressions": _suppressions(finding),
        "properties": {**told, **about},
    }


def _message(finding: Finding) -> str:
    said = f"could not be judged: {finding.message}" if finding.kind == NOT_JUDGED else finding.message
    return f"{finding.address}: {said}{'' if said.endswith('.') else '.'} {finding.fix}".rstrip()


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    """Return the exception; where there is none, an empty list says that this was looked at."""
    accepted = finding.accepted_because
    return [{"kind": "external", "justification": accepted}] if accepted else []


def _is_notification(finding: Finding) -> bool:
    return finding.code in (UNREAD.code, PACK_BROKEN.code)


def _notification(finding: Finding) -> dict[str, Any]:
    broken = finding.kind == BROKEN
    return {
        "descriptor": {"id": finding.code, "index": 0 if broken else 1},
        "level": "error" if broken else "warning",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
    }


def _location(finding: Finding) -> dict[str, Any]:
    """Return file and lines of what is wrong, or for what is live only its ARN."""
    logical = {"logicalLocations": [{"fullyQualifiedName": finding.address, "kind": "resource"}]}
    return logical if account_of(finding.place) is not None else {**_physical(finding.in_repository), **logical}


def _related(finding: Finding) -> dict[str, list[dict[str, Any]]]:
    """Return what else shows the finding: its resource, where it is wrong, and where the value is given."""
    told = (
        (f"The resource {finding.address}", finding.place),
        ("It is wrong here", finding.fault),
        ("The value is given here", finding.given),
        *((clean(cited.said), cited.place) for cited in finding.related),
    )
    shown_by = {finding.in_repository}
    found: list[dict[str, Any]] = []
    for said, place in told:
        if place is not None and place not in shown_by:
            shown_by.add(place)
            found.append({"id": len(found) + 1, "message": {"text": said}, **_physical(place)})
    return {"relatedLocations": found} if found else {}


def _provenance(report: Report) -> dict[str, Any]:
    """Return which commit of which repository was scanned, where that has an address on the web."""
    found = None if report.scope is None else report.scope.repository
    if found is None or not found.web or not found.commit:
        return {}
    branch = {"branch": clean(found.branch)} if found.branch else {}
    told = {"repositoryUri": clean(found.web), "revisionId": found.commit, **branch}
    return {"versionControlProvenance": [{**told, "mappedTo": {"uriBaseId": _ROOT}}]}


def _physical(place: Place) -> dict[str, Any]:
    artifact = {"uri": uri(repository_file(place.file)), "uriBaseId": _ROOT}
    region = {"region": _region(place)} if place.line else {}
    return {"physicalLocation": {"artifactLocation": artifact, **region}}


def _region(place: Place) -> dict[str, int]:
    """Return lines and, where they are told, columns, of which the last is the one after the part."""
    columns = {"startColumn": place.column, "endColumn": place.end_column} if place.column else {}
    return {"startLine": place.line, "endLine": max(place.line, place.end_line), **columns}
