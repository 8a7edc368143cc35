"""What becomes of copies is judged by the vault that a plan copies to, and by that plan's own rhythm (RR608)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.account_surroundings import ACCOUNT, REGION
from tests.support.accounts import NOW, facts_of

from restore_ready import Judgement, Requirements, RequirementsFile, all_rules, judge
from restore_ready.readers.account import read_account

HOME = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-1"
DR = f"arn:aws:backup:eu-central-1:{ACCOUNT}:backup-vault:dr"
NIGHTLY = "cron(0 2 * * ? *)"
RULES = [rule for rule in all_rules() if rule.code == "RR608"]


def job(state: str, day: int, to: str = DR, **more: str) -> dict[str, Any]:
    """Return a copy job of a day of November; the account is read on the 20th, at six."""
    at = f"2026-11-{day:02d}T02:40:00Z"
    told = {"CopyJobId": f"{state}-{day}", "ResourceArn": HOME, "DestinationBackupVaultArn": to}
    return {**told, "State": state, "CreationDate": at, **more}


def told(
    *jobs: dict[str, Any], schedule: str = NIGHTLY, created: str = "2026-01-05", **rule: object
) -> Judgement | None:
    """Return what RR608 says of a file system whose plan copies its backups to another Region."""
    whole = {"RuleName": "r", "TargetBackupVaultName": "efs", "ScheduleExpression": schedule, "StartWindowMinutes": 60}
    whole |= {"CompletionWindowMinutes": 180, "CopyActions": [{"DestinationBackupVaultArn": DR}], **rule}
    chosen = {"SelectionName": "s", "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "Resources": [HOME]}
    system = {"FileSystemId": "fs-1", "CreationTime": f"{created}T00:00:00Z"}
    point = {"RecoveryPointArn": "1", "ResourceArn": HOME, "BackupVaultName": "efs", "Status": "COMPLETED"}
    point["CreationDate"] = "2026-11-20T02:10:00Z"
    plan = {"BackupPlanId": "p", "BackupPlan": {"BackupPlanName": "p", "Rules": [whole]}}
    facts = [
        {"fact": "file_systems", "data": {"FileSystems": [system]}},
        {"fact": "vaults", "data": {"BackupVaultList": [{"BackupVaultName": "efs"}]}},
        {"fact": "plan", "data": plan},
        {"fact": "selection", "data": {"BackupPlanId": "p", "SelectionId": "s", "BackupSelection": chosen}},
        {"fact": "vault_recovery_points", "params": {"BackupVaultName": "efs"}, "data": {"RecoveryPoints": [point]}},
        {"fact": "copy_jobs", "data": {"CopyJobs": [*jobs]}},
    ]
    reading = read_account(facts_of({"facts": facts}), NOW)
    return next(iter(judge(reading, RULES, RequirementsFile(Requirements()))), None)


def verdict(*jobs: dict[str, Any], **more: Any) -> str:  # noqa: ANN401  # parts of a rule
    found = told(*jobs, **more)
    return "none" if found is None else type(found.verdict).__name__


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ([job("COMPLETED", 20)], "Pass"),
        ([job("COMPLETED", 17)], "Fail"),
        ([job("COMPLETED", 17), job("RUNNING", 20)], "Pass"),
        ([job("COMPLETED", 17), job("RUNNING", 17)], "Fail"),
        ([job("RUNNING", 17)], "Fail"),
        ([job("RUNNING", 20)], "Pass"),
        ([job("FAILED", 20)], "Fail"),
        ([job("PARTIAL", 20)], "Fail"),
        ([job("FAILED", 19), job("COMPLETED", 20)], "Pass"),
        ([job("COMPLETED", 19), job("FAILED", 20)], "Fail"),
        ([], "Unknown"),
    ],
)
def test_the_last_copy_decides_and_how_old_the_newest_is(jobs: list[dict[str, Any]], expected: str) -> None:
    assert verdict(*jobs) == expected


def test_what_goes_where_no_plan_copies_to_any_more_does_not_count() -> None:
    elsewhere = f"arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:old"
    assert verdict(job("COMPLETED", 20), job("FAILED", 20, elsewhere)) == "Pass"


def test_a_copy_may_be_as_old_as_its_rule_lets_it() -> None:
    weekly = "cron(0 2 ? * SUN *)"
    assert verdict(job("COMPLETED", 15), schedule=weekly) == "Pass"
    assert verdict(job("COMPLETED", 8), schedule=weekly) == "Fail"
    assert verdict(job("COMPLETED", 15), CompletionWindowMinutes=10080) == "Pass"


def test_what_is_made_less_than_monthly_is_not_asked_for_its_age() -> None:
    assert verdict(job("COMPLETED", 1), schedule="cron(0 2 1 * ? *)") == "Pass"
    assert verdict(job("FAILED", 1), schedule="cron(0 2 1 * ? *)") == "Fail"


def test_a_new_file_system_has_no_copy_yet() -> None:
    assert verdict(created="2026-11-19") == "Pass"


def test_where_nothing_is_copied_there_is_nothing_to_say() -> None:
    assert verdict(job("FAILED", 20), CopyActions=[]) == "none"


def test_the_message_of_the_copy_is_told() -> None:
    found = told(job("FAILED", 20, StatusMessage="Access denied"), job("FAILED", 19))
    assert found is not None
    assert '(2 in 30 days): "Access denied"' in getattr(found.verdict, "message", "")
