"""Formats of security tools: OCSF events and the AWS Security Finding Format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from tests.support import reports

from restore_ready import Fail, Gap, Judgement, Place, Scan
from restore_ready.reports._report import Report, make_report

REPORTS = [reports.full, reports.live, reports.founding, reports.audited]


@cache
def ocsf_schema(version: str, *, cloud: bool) -> Draft202012Validator:
    schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=version))
    profiles = ["cloud"] if cloud else []
    return Draft202012Validator(schemas.get_class_schema(class_name="compliance_finding", profiles=profiles))


def events(report: Report) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in reports.written("ocsf", report).split("\n")]
    for one in found:
        check = ocsf_schema(one["metadata"]["version"], cloud="profiles" in one["metadata"])
        assert [error.message for error in check.iter_errors(one)] == []
    return found


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_ocsf_events_are_valid_and_complete(make: Callable[[], Report]) -> None:
    report = make()
    found = events(report)
    assert len(found) == len(report.findings) + len(report.not_judged)
    assert len({one["finding_info"]["uid"] for one in found}) == len(found)
    assert {one["class_uid"] for one in found} == {2003}


def event(report: Report, code: str) -> dict[str, Any]:
    return next(one for one in events(report) if one["metadata"]["event_code"] == code)


@pytest.mark.parametrize(
    ("code", "status", "compliance", "severity"),
    [
        ("RR301", "New", "Fail", "High"),
        ("RR201", "New", "Fail", "Medium"),
        ("RR102", "New", "Warning", "Informational"),
        ("RR101", "Suppressed", "Fail", "Medium"),
        ("RR105", "New", "Unknown", "Unknown"),
        ("RR001", "New", "Unknown", "Unknown"),
        ("RR000", "New", "Unknown", "High"),
    ],
)
def test_ocsf_tells_the_kinds_apart(code: str, status: str, compliance: str, severity: str) -> None:
    one = event(reports.full(), code)
    assert (one["status"], one["compliance"]["status"], one["severity"]) == (status, compliance, severity)
    assert ("status_detail" in one["compliance"]) == (compliance == "Unknown")
    assert (one.get("comment") == "rebuilt nightly (team-web, until 2027-03-31)") == (status == "Suppressed")


def test_ocsf_names_live_resources_by_arn_with_account_and_region() -> None:
    one = event(reports.live(), "RR301")
    assert one["resources"] == [{"uid": reports.VAULT, "cloud_partition": "aws", "region": "eu-west-1"}]
    assert (one["cloud"]["account"]["uid"], one["cloud"]["region"]) == (reports.ACCOUNT, "eu-west-1")
    assert "region" not in event(reports.live(), "RR404")["cloud"]


def test_ocsf_names_what_a_source_has_by_its_address() -> None:
    one = event(reports.full(), "RR301")
    place = {"file": "stacks/prod/main.tf", "line": 3, "end_line": 9}
    name = "aws_backup_vault.v"
    assert one["resources"] == [{"uid": f"stacks/prod/main.tf:{name}", "name": name, "data": place}]
    assert "cloud" not in one


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_ocsf_is_valid_whatever_the_names(text: str) -> None:
    json.dumps(events(reports.hostile(text)), ensure_ascii=False).encode()


REQUEST = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings")
LIMITS = {"Id": 512, "GeneratorId": 512, "Title": 256, "Description": 1024}


def calls(report: Report) -> list[list[dict[str, Any]]]:
    """Read the calls, each judged by botocore's own model of the request and by the documented limits."""
    found = [json.loads(line) for line in reports.written("asff", report).split("\n") if line]
    for call in found:
        assert ParamValidator().validate(call, REQUEST.input_shape).generate_report() == ""
        assert len(call["Findings"]) <= 100
        for one in call["Findings"]:
            _check_limits(one)
    return [call["Findings"] for call in found]


def _check_limits(one: dict[str, Any]) -> None:
    assert [key for key, most in LIMITS.items() if not 0 < len(one[key]) <= most] == []
    assert len(one.get("Remediation", {"Recommendation": {"Text": ""}})["Recommendation"]["Text"]) <= 512
    assert all(value.strip() and len(value) <= 2048 for value in one["ProductFields"].values())
    assert one["Title"].strip()
    assert one["Description"].strip()
    assert one["CreatedAt"].endswith("Z")
    assert one["Compliance"]["Status"] in ("FAILED", "WARNING", "NOT_AVAILABLE")
    assert len(json.dumps(one)) < 240_000


@pytest.mark.parametrize("make", [reports.live, reports.audited], ids=lambda make: make.__name__)
def test_asff_is_what_security_hub_takes(make: Callable[[], Report]) -> None:
    report = make()
    found = [one for call in calls(report) for one in call]
    assert len(found) == len(report.findings) + len(report.not_judged)
    assert len({one["Id"] for one in found}) == len(found)


def asff(code: str) -> dict[str, Any]:
    (found,) = (one for call in calls(reports.live()) for one in call if one["GeneratorId"].endswith(code))
    return found


def test_asff_tells_the_kinds_apart() -> None:
    assert (asff("RR301")["Compliance"], asff("RR301")["Severity"]["Label"]) == ({"Status": "FAILED"}, "HIGH")
    assert (asff("RR501")["Compliance"], asff("RR501")["Severity"]["Label"]) == ({"Status": "WARNING"}, "LOW")
    assert asff("RR404")["Compliance"] == {
        "Status": "NOT_AVAILABLE",
        "StatusReasons": [{"ReasonCode": "NOT_JUDGED", "Description": "iam:GetRolePolicy was denied"}],
    }
    assert asff("RR403")["Workflow"] == {"Status": "SUPPRESSED"}
    assert asff("RR403")["ProductFields"]["restore-ready/accepted"] == "rebuilt nightly (team-web, until 2027-03-31)"


def test_asff_says_whose_and_what_resource_it_is() -> None:
    vault, role, region = asff("RR301"), asff("RR403"), asff("RR001")
    assert vault["ProductArn"] == "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default"
    assert vault["Resources"] == [{"Type": "AwsBackupBackupVault", "Id": reports.VAULT, "Region": "eu-west-1"}]
    assert role["Resources"] == [{"Type": "AwsIamRole", "Id": reports.ROLE, "Region": "us-east-1"}]
    assert region["Resources"][0] == {
        "Type": "AwsAccount",
        "Id": "AWS::::Account:111122223333",
        "Region": "us-east-1",
    }


def test_asff_keeps_each_call_to_one_account_region_and_a_hundred_findings() -> None:
    judgements = []
    for number in range(250):
        place = Place(f"aws:{111122223333 + number % 2}/eu-west-{1 + number % 4 // 2}")
        arn = f"arn:aws:backup:eu-west-1:111122223333:backup-vault:v{number}"
        judgements.append(Judgement(reports.rule("RR301"), arn, place, Fail("x" * 5_000, "y" * 5_000)))
    place = Place("aws:999999999999/cn-north-1")
    many = (Judgement(reports.rule("RR301"), f"arn:aws-cn:x:{n}", place, Fail("denies it")) for n in range(201))
    found = calls(make_report(Scan((*judgements, *many))))
    assert sorted(map(len, found)) == [1, 62, 62, 63, 63, 100, 100]
    assert all(len({(one["AwsAccountId"], one["ProductArn"]) for one in call}) == 1 for call in found)
    assert Counter(one["ProductArn"].split(":")[1] for call in found for one in call) == {"aws": 250, "aws-cn": 201}


def test_asff_says_what_belongs_to_no_account(capsys: pytest.CaptureFixture[str]) -> None:
    gap = Gap("restore-ready.yaml", Place("restore-ready.yaml", 3), "the exception has expired")
    assert calls(make_report(Scan((), (gap,), (Path("x"),)))) == []
    assert "leaves out 1 record about no account" in capsys.readouterr().err


@pytest.mark.parametrize("text", [*reports.HOSTILE, "", " "])
def test_asff_is_valid_whatever_the_names(text: str) -> None:
    place = Place(f"aws:{reports.ACCOUNT}/eu-west-1")
    judgement = Judgement(reports.rule("RR301"), f"arn:aws:{text}", place, Fail(text, text, evidence={text: text}))
    ((one,),) = calls(make_report(Scan((judgement,))))
    assert one["Resources"][0]["Type"] == "Other"
