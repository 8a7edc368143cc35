"""Findings as OCSF events of class Compliance Finding (2003), one JSON object a line, for security lakes and SIEMs.

An event is about one resource: a live one by its ARN, with account and Region, or one of a source by its address there.
"""

from __future__ import annotations

import json
import time
from typing import Any, Final

from restore_ready._version import __version__
from restore_ready.model import Severity
from restore_ready.reports._entries import BROKEN, EXCEPTED, FAIL, Entry, entries, facts
from restore_ready.reports._plain import clean
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._where import Account, account_of

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
    """Write one event for each record."""
    now = time.time_ns() // 1_000_000
    return "\n".join(json.dumps(_event(one, now)) for one in entries(report))


def _event(one: Entry, now: int) -> dict[str, Any]:
    account = account_of(one.place, one.address)
    status_id, status = _SUPPRESSED if one.kind == EXCEPTED else _NEW
    severity_id, severity = _SEVERITIES[one.severity]
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
        **({"comment": one.accepted_because} if one.accepted_because else {}),
        "message": one.text,
        "metadata": _metadata(one, live=bool(live)),
        "finding_info": {
            "uid": one.fingerprint,
            "title": f"{one.code} {one.subject}",
            "desc": one.text,
            "created_time": now,
            "src_url": one.help_uri,
            "types": [one.slug],
        },
        "compliance": _compliance(one),
        **({"remediation": {"desc": one.fix, "references": [one.help_uri]}} if one.fix else {}),
        "resources": [_resource(one, account)],
        **live,
        "unmapped": {"verdict": one.kind, "evidence": facts(one.evidence)},
    }


def _metadata(one: Entry, *, live: bool) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "product": {"name": "restore-ready", "vendor_name": "restore-ready", "version": __version__},
        "event_code": one.code,
        **({"profiles": ["cloud"]} if live else {}),
    }


def _compliance(one: Entry) -> dict[str, Any]:
    """Give the status: advice is a warning, and what could not be judged, or broke, is unknown."""
    failed = (2, "Warning") if one.severity is Severity.INFO else (3, "Fail")
    status_id, status = failed if one.kind in (FAIL, EXCEPTED) else (0, "Unknown")
    reason = {"status_detail": one.text} if status_id == 0 else {}
    return {
        "control": one.code,
        "standards": ["restore-ready"],
        "status": status,
        "status_id": status_id,
        "status_code": "BROKEN" if one.kind == BROKEN else one.kind.upper(),
        **reason,
    }


def _resource(one: Entry, account: Account | None) -> dict[str, Any]:
    if account is None:
        place = {"file": clean(one.place.file), "line": one.place.line, "end_line": one.place.end_line}
        return {"uid": f"{clean(one.place.file)}:{one.address}", "name": one.address, "data": place}
    region = {"region": account.region} if account.region else {}
    return {"uid": one.address, "cloud_partition": account.partition, **region}


def _cloud(account: Account) -> dict[str, Any]:
    region = {"region": account.region} if account.region else {}
    owner = {"uid": account.number, "type": "AWS Account", "type_id": 10}
    return {"provider": "AWS", "account": owner, "cloud_partition": account.partition, **region}
