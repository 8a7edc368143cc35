"""Findings as SARIF 2.1.0, for code scanning and viewers of static analysis.

What could not be judged is a result of kind ``open``, an accepted exception a suppressed one. What could not be read at
all (RR001), and what broke (RR000), are notifications of the tool; if something broke, the run counts as unsuccessful,
so that code scanning does not take what is missing for fixed.
"""

from __future__ import annotations

import json
from typing import Any, Final

from msgspec.structs import asdict

from restore_ready._version import __version__
from restore_ready.catalog._codes import NOT_JUDGED as UNREAD
from restore_ready.catalog._codes import PACK_BROKEN, OwnCode, all_codes
from restore_ready.model import Rule, Severity
from restore_ready.reports._entries import BROKEN, NOT_JUDGED, Entry, entries, facts, in_words
from restore_ready.reports._page import why
from restore_ready.reports._plain import cut
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._where import account_of, repository_file, uri

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME: Final = "https://github.com/restore-ready/restore-ready"
_ROOT: Final = "%SRCROOT%"
_FINGERPRINT: Final = "restoreReady/v1"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_LONGEST: Final = 1024
"""Most characters of a description that GitHub takes."""


def write(report: Report, _layout: Layout) -> str:
    """Write one log with one run; its rules are the whole catalogue, whatever was found."""
    rules = [one for one in all_codes() if one.code != UNREAD.code]
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    found = list(entries(report))
    run = {
        "tool": {"driver": _driver(rules)},
        "invocations": [
            {
                "executionSuccessful": not any(one.kind == BROKEN for one in found),
                "toolExecutionNotifications": [_notification(one) for one in found if _is_notification(one)],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository, or the current folder."}}},
        "results": [_result(one, numbers[one.code]) for one in found if one.code != UNREAD.code],
        "properties": {"summary": asdict(report.summary)},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


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
    """Describe a rule; the short description names the defect, because it is the title of alerts."""
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": in_words(rule.slug).capitalize()},
        "fullDescription": {"text": cut(f"{rule.title} {why(rule.doc)}".strip(), _LONGEST)},
        "help": {"text": f"{rule.title} {rule.help_uri}", "markdown": rule.doc},
        "helpUri": rule.help_uri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(one: Entry, number: int) -> dict[str, Any]:
    level = "none" if one.severity is None else _LEVELS[one.severity]
    properties = {"evidence": facts(one.evidence), "cure": one.fix} if one.kind != NOT_JUDGED else {}
    return {
        "ruleId": one.code,
        "ruleIndex": number,
        "kind": "open" if one.kind == NOT_JUDGED else "fail",
        "level": level,
        "message": {"text": _message(one)},
        "locations": [_location(one)],
        "partialFingerprints": {_FINGERPRINT: one.fingerprint},
        "suppressions": _suppressions(one),
        "properties": properties,
    }


def _message(one: Entry) -> str:
    said = f"could not be judged: {one.text}" if one.kind == NOT_JUDGED else one.text
    return f"{one.address}: {said}{'' if said.endswith('.') else '.'} {one.fix}".rstrip()


def _suppressions(one: Entry) -> list[dict[str, str]]:
    """Give the exception; where there is none, an empty list says that this was looked at."""
    accepted = one.accepted_because
    return [{"kind": "external", "justification": accepted}] if accepted else []


def _is_notification(one: Entry) -> bool:
    return one.code in (UNREAD.code, PACK_BROKEN.code)


def _notification(one: Entry) -> dict[str, Any]:
    broken = one.kind == BROKEN
    return {
        "descriptor": {"id": one.code, "index": 0 if broken else 1},
        "level": "error" if broken else "warning",
        "message": {"text": _message(one)},
        "locations": [_location(one)],
    }


def _location(one: Entry) -> dict[str, Any]:
    """Give file and lines, or for what is live only its ARN."""
    logical = {"logicalLocations": [{"fullyQualifiedName": one.address, "kind": "resource"}]}
    place = one.place
    if account_of(place) is not None:
        return logical
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(repository_file(place.file)), "uriBaseId": _ROOT}}
    if place.line:
        physical["region"] = {"startLine": place.line, "endLine": max(place.line, place.end_line)}
    return {"physicalLocation": physical, **logical}
