"""How are findings written as OCSF events of class Compliance Finding (2003), for security lakes and SIEMs?

An event is a JSON object on a line of its own and about one resource: a live one by its ARN, with account and Region,
or one of a source by its address there.
"""

from __future__ import annotations

import time
from typing import Any, Final

from restore_ready._json_text import json_text
from restore_ready._version import __version__
from restore_ready.catalog._controls import controls_of
from restore_ready.model import Severity
from restore_ready.reports._finding import BROKEN, EXCEPTED, FAIL, Finding
from restore_ready.reports._locations import Account, account_of
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean, clean_json

_VERSION: Final = "1.5.0"
_CREATED: Final = 1
_CLASS: Final = 2003
_NEW: Final = (1, "New")
_SUPPRESSED: Final = (3, "Suppressed")
_SEVERITIES: Final = {
    Severity.ERROR: (4, "High"),
    Severity.WARNING: (3, "Medium"),
    Severity.INFO: (1, "Informational"),
    None: (0, "Unknown"),
}


def write(report: Report, _layout: Layout) -> str:
    """Return one event for each record."""
    now = time.time_ns() // 1_000_000
    return "\n".join(json_text(_event(finding, now)) for finding in records(report))


def _event(finding: Finding, now: int) -> dict[str, Any]:
    account = account_of(finding.place, finding.address)
    status_id, status = _SUPPRESSED if finding.kind == EXCEPTED else _NEW
    severity_id, severity = _SEVERITIES[finding.severity]
    live = {} if account is None else {"cloud": _cloud(account)}
    return {
        "activity_id": _CREATED,
        "activity_name": "Create",
        "category_name": "Findings",
        "category_uid": _CLASS // 1000,
        "class_name": "Compliance Finding",
        "class_uid": _CLASS,
        "type_name": "Compliance Finding: Create",
        "type_uid": _CLASS * 100 + _CREATED,
        "time": now,
        "severity": severity,
        "severity_id": severity_id,
        "status": status,
        "status_id": status_id,
        **({"comment": finding.accepted_because} if finding.accepted_because else {}),
        "message": finding.message,
        "metadata": _metadata(finding, live=bool(live)),
        "finding_info": {
            "uid": finding.fingerprint,
            "title": finding.title,
            "desc": finding.message,
            "created_time": now,
            "src_url": finding.help_uri,
            "types": [finding.slug],
        },
        "compliance": _compliance(finding),
        **({"remediation": {"desc": finding.fix, "references": [finding.help_uri]}} if finding.fix else {}),
        "resources": [_resource(finding, account)],
        **live,
        "unmapped": {
            "verdict": finding.kind,
            "evidence": clean_json(finding.evidence),
            "file_systems": list(map(clean, finding.file_systems)),
        },
    }


def _metadata(finding: Finding, *, live: bool) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "product": {"name": "restore-ready", "vendor_name": "restore-ready", "version": __version__},
        "event_code": finding.code,
        **({"profiles": ["cloud"]} if live else {}),
    }


def _compliance(finding: Finding) -> dict[str, Any]:
    """Return the status: advice is a warning, and what could not be judged, or broke, is unknown."""
    failed = (2, "Warning") if finding.severity is Severity.INFO else (3, "Fail")
    status_id, status = failed if finding.kind in (FAIL, EXCEPTED) else (0, "Unknown")
    reason = {"status_detail": finding.message} if status_id == 0 else {}
    controls = controls_of(finding.code)
    return {
        "control": finding.code,
        "standards": ["restore-ready", *dict.fromkeys(control.framework.name for control in controls)],
        "requirements": [control.name for control in controls],
        "status": status,
        "status_id": status_id,
        "status_code": "BROKEN" if finding.kind == BROKEN else finding.kind.upper(),
        **reason,
    }


def _resource(finding: Finding, account: Account | None) -> dict[str, Any]:
    if account is None:
        place = {"file": clean(finding.place.file), "line": finding.place.line, "end_line": finding.place.end_line}
        return {"uid": f"{clean(finding.place.file)}:{finding.address}", "name": finding.address, "data": place}
    region = {"region": account.region} if account.region else {}
    return {"uid": finding.address, "cloud_partition": account.partition, **region}


def _cloud(account: Account) -> dict[str, Any]:
    region = {"region": account.region} if account.region else {}
    owner = {"uid": account.number, "type": "AWS Account", "type_id": 10}
    return {"provider": "AWS", "account": owner, "cloud_partition": account.partition, **region}
