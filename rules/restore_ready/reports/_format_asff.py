"""How are findings written in the AWS Security Finding Format, for Security Hub?

A line is the JSON of one call of BatchImportFindings: at most 100 findings of one account and one Region, which must be
sent there. It takes what is about live accounts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, Final

import click

from restore_ready._json_text import json_text
from restore_ready.model import Severity
from restore_ready.reports._finding import BROKEN, EXCEPTED, FAIL, Finding
from restore_ready.reports._locations import Account, account_of
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean_json, cut, plural

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
    """Return the calls; says on standard error what belongs to no account and is therefore in none of them."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    calls: dict[tuple[str, str], list[dict[str, Any]]] = {}
    homeless = 0
    for finding in records(report):
        account = account_of(finding.place, finding.address)
        if account is None:
            homeless += 1
        else:
            calls.setdefault((account.number, account.home), []).append(_finding(finding, account, now))
    if homeless:
        said = f"-o asff leaves out {plural(homeless, 'record')} about no account; -o json has them"
        click.echo(f"restore-ready: {said}", err=True)
    return "\n".join(json_text({"Findings": batch}) for found in calls.values() for batch in _batches(found))


def _batches(found: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (found[start : start + _BATCH] for start in range(0, len(found), _BATCH))


def _finding(finding: Finding, account: Account, now: str) -> dict[str, Any]:
    severity = {"Label": _LABELS[finding.severity], "Original": finding.severity_name or "not judged"}
    owner = f"{account.home}:{account.number}"
    remedy = {"Remediation": {"Recommendation": _recommendation(finding)}} if finding.fix.strip() else {}
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"restore-ready/{account.number}/{account.home}/{finding.code}/{finding.fingerprint}",
        "ProductArn": f"arn:{account.partition}:securityhub:{owner}:product/{account.number}/default",
        "GeneratorId": f"restore-ready/{finding.code}",
        "AwsAccountId": account.number,
        "Types": [_TYPE],
        "CreatedAt": now,
        "UpdatedAt": now,
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": [_TYPE]},
        "Title": cut(finding.title, _TITLE),
        "Description": _said(finding),
        **remedy,
        "ProductFields": dict(_fields(finding)),
        "Resources": [_resource(finding, account)],
        "Compliance": _compliance(finding),
        "Workflow": {"Status": "SUPPRESSED" if finding.kind == EXCEPTED else "NEW"},
        "RecordState": "ACTIVE",
    }


def _said(finding: Finding) -> str:
    return cut(finding.message, _DESCRIPTION) if finding.message.strip() else finding.subject


def _recommendation(finding: Finding) -> dict[str, str]:
    return {"Text": cut(finding.fix, _RECOMMENDATION), "Url": finding.help_uri}


def _compliance(finding: Finding) -> dict[str, Any]:
    """Return the status: advice is a warning; what could not be judged, or broke, is not available, with the reason."""
    if finding.kind in (FAIL, EXCEPTED):
        return {"Status": "WARNING" if finding.severity is Severity.INFO else "FAILED"}
    code = "RULE_BROKEN" if finding.kind == BROKEN else "NOT_JUDGED"
    reason = {"ReasonCode": code, "Description": _said(finding)}
    return {"Status": "NOT_AVAILABLE", "StatusReasons": [reason]}


def _fields(finding: Finding) -> Iterable[tuple[str, str]]:
    """Return what the format has no place for; values may be cut."""
    evidence = clean_json(finding.evidence)
    told = {
        "verdict": finding.kind,
        "address": finding.address,
        "help": finding.help_uri,
        "accepted": finding.accepted_because,
        "evidence": json_text(evidence) if evidence else "",
    }
    return ((f"restore-ready/{name}", cut(value, _FIELD)) for name, value in told.items() if value.strip())


def _resource(finding: Finding, account: Account) -> dict[str, str]:
    if not finding.address.startswith("arn:"):
        return {"Type": "AwsAccount", "Id": f"AWS::::Account:{account.number}", "Region": account.home}
    return {"Type": _type(finding.address), "Id": cut(finding.address, _ID), "Region": account.home}


def _type(arn: str) -> str:
    """Return the resource's type by its ARN: ``arn:aws:iam::111122223333:role/x``."""
    parts = arn.split(":", 5)
    if len(parts) <= _RESOURCE or "/selection/" in parts[_RESOURCE]:
        return _OTHER
    kind = parts[_RESOURCE].partition("/")[0].partition(":")[0]
    return _RESOURCES.get((parts[_SERVICE], kind), _OTHER)
