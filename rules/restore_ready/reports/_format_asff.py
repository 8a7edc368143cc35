"""Findings in the AWS Security Finding Format, for Security Hub: a line for each call of BatchImportFindings.

A line is the JSON of one call: at most 100 findings of one account and one Region, which must be sent there. It takes
what is about live accounts only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, Final

import click

from restore_ready.model import Severity
from restore_ready.reports._entries import BROKEN, EXCEPTED, FAIL, Entry, entries, facts
from restore_ready.reports._plain import cut, plural
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._where import Account, account_of

_BATCH: Final = 100
_TITLE, _DESCRIPTION, _ID, _RECOMMENDATION, _FIELD = 256, 1024, 512, 512, 2048
"""Most characters of these, by Security Hub's AwsSecurityFinding."""

_TYPE: Final = "Software and Configuration Checks/AWS Security Best Practices"
_LABELS: Final = {Severity.ERROR: "HIGH", Severity.WARNING: "MEDIUM", Severity.INFO: "LOW", None: "INFORMATIONAL"}
_OTHER: Final = "Other"
_SERVICE, _RESOURCE = 2, 5
"""Where an ARN, split at its colons, has these."""

_RESOURCES: Final = {
    ("backup", "backup-plan"): "AwsBackupBackupPlan",
    ("backup", "backup-vault"): "AwsBackupBackupVault",
    ("elasticfilesystem", "access-point"): "AwsEfsAccessPoint",
    ("iam", "group"): "AwsIamGroup",
    ("iam", "policy"): "AwsIamPolicy",
    ("iam", "role"): "AwsIamRole",
    ("iam", "user"): "AwsIamUser",
    ("kms", "key"): "AwsKmsKey",
    ("lambda", "function"): "AwsLambdaFunction",
}
"""Security Hub's names for resources by service and kind in their ARNs; it has none for EFS file systems."""


def write(report: Report, _layout: Layout) -> str:
    """Write the calls; says on standard error what belongs to no account and is therefore in none of them."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    calls: dict[tuple[str, str], list[dict[str, Any]]] = {}
    homeless = 0
    for one in entries(report):
        account = account_of(one.place, one.address)
        if account is None:
            homeless += 1
        else:
            calls.setdefault((account.number, account.home), []).append(_finding(one, account, now))
    if homeless:
        said = f"-o asff leaves out {plural(homeless, 'record')} about no account; -o json has them"
        click.echo(f"restore-ready: {said}", err=True)
    return "\n".join(json.dumps({"Findings": batch}) for found in calls.values() for batch in _batches(found))


def _batches(found: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (found[start : start + _BATCH] for start in range(0, len(found), _BATCH))


def _finding(one: Entry, account: Account, now: str) -> dict[str, Any]:
    severity = {"Label": _LABELS[one.severity], "Original": one.severity.value if one.severity else "not judged"}
    owner = f"{account.home}:{account.number}"
    remedy = {"Remediation": {"Recommendation": _recommendation(one)}} if one.fix.strip() else {}
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"restore-ready/{account.number}/{account.home}/{one.code}/{one.fingerprint}",
        "ProductArn": f"arn:{account.partition}:securityhub:{owner}:product/{account.number}/default",
        "GeneratorId": f"restore-ready/{one.code}",
        "AwsAccountId": account.number,
        "Types": [_TYPE],
        "CreatedAt": now,
        "UpdatedAt": now,
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": [_TYPE]},
        "Title": cut(f"{one.code} {one.subject}", _TITLE),
        "Description": _said(one),
        **remedy,
        "ProductFields": dict(_fields(one)),
        "Resources": [_resource(one, account)],
        "Compliance": _compliance(one),
        "Workflow": {"Status": "SUPPRESSED" if one.kind == EXCEPTED else "NEW"},
        "RecordState": "ACTIVE",
    }


def _said(one: Entry) -> str:
    return cut(one.text, _DESCRIPTION) if one.text.strip() else one.subject


def _recommendation(one: Entry) -> dict[str, str]:
    return {"Text": cut(one.fix, _RECOMMENDATION), "Url": one.help_uri}


def _compliance(one: Entry) -> dict[str, Any]:
    """Give the status: advice is a warning; what could not be judged, or broke, is not available, with the reason."""
    if one.kind in (FAIL, EXCEPTED):
        return {"Status": "WARNING" if one.severity is Severity.INFO else "FAILED"}
    code = "RULE_BROKEN" if one.kind == BROKEN else "NOT_JUDGED"
    reason = {"ReasonCode": code, "Description": _said(one)}
    return {"Status": "NOT_AVAILABLE", "StatusReasons": [reason]}


def _fields(one: Entry) -> Iterable[tuple[str, str]]:
    """Give what the format has no place for; values may be cut."""
    evidence = facts(one.evidence)
    told = {
        "verdict": one.kind,
        "address": one.address,
        "help": one.help_uri,
        "accepted": one.accepted_because,
        "evidence": json.dumps(evidence) if evidence else "",
    }
    return ((f"restore-ready/{name}", cut(value, _FIELD)) for name, value in told.items() if value.strip())


def _resource(one: Entry, account: Account) -> dict[str, str]:
    if not one.address.startswith("arn:"):
        return {"Type": "AwsAccount", "Id": f"AWS::::Account:{account.number}", "Region": account.home}
    return {"Type": _type(one.address), "Id": cut(one.address, _ID), "Region": account.home}


def _type(arn: str) -> str:
    """Tell the resource's type by its ARN: ``arn:aws:iam::111122223333:role/x``."""
    parts = arn.split(":", 5)
    if len(parts) <= _RESOURCE or "/selection/" in parts[_RESOURCE]:
        return _OTHER
    kind = parts[_RESOURCE].partition("/")[0].partition(":")[0]
    return _RESOURCES.get((parts[_SERVICE], kind), _OTHER)
