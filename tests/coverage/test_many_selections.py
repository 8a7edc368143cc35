"""Selections that name ARNs or tags are put to the file systems that have them: the work grows with their number."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.accounts import NOW, facts_of

from restore_ready import Fail, RequirementsFile, all_rules, judge
from restore_ready.coverage import _coverage
from restore_ready.readers.account import read_account

ROLE = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
PLAN = "arn:aws:backup:eu-west-1:111122223333:backup-plan:p"
ARN = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-"


def choice(how: str, number: int) -> dict[str, Any]:
    if how == "ARN":
        return {"Resources": [f"{ARN}{number}"]}
    return {"ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "team", "ConditionValue": f"t{number}"}]}


def account(how: str, size: int) -> dict[str, Any]:
    """Return an account with so many file systems, and a selection for each."""
    tagged = [{"FileSystemArn": f"{ARN}{n}", "FileSystemId": f"fs-{n}", "Tags": tag(n)} for n in range(size)]
    facts: list[dict[str, Any]] = [{"fact": "file_systems", "data": {"FileSystems": tagged}}]
    for number in range(size):
        about = {"BackupPlanId": "p", "SelectionId": f"s{number}"}
        selection = {"SelectionName": f"s{number}", "IamRoleArn": ROLE, **choice(how, number)}
        facts.append({"fact": "selection", "params": about, "data": {**about, "BackupSelection": selection}})
    plan = {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "v"}]}
    facts.append({"fact": "plan", "data": {"BackupPlanId": "p", "BackupPlanArn": PLAN, "BackupPlan": plan}})
    return {"facts": facts}


def tag(number: int) -> list[dict[str, str]]:
    return [{"Key": "team", "Value": f"t{number}"}]


def steps(how: str, size: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many times a selection was put to a file system."""
    counted = 0
    would_cover = _coverage._would_cover  # noqa: SLF001  # what is counted

    def counting(*arguments: Any) -> Any:  # noqa: ANN401  # as it is
        nonlocal counted
        counted += 1
        return would_cover(*arguments)

    with monkeypatch.context() as changed:
        changed.setattr(_coverage, "_would_cover", counting)
        found = judge(read_account(facts_of(account(how, size)), NOW), all_rules(), RequirementsFile())
    assert not [one for one in found if one.rule.code == "RR102" and isinstance(one.verdict, Fail)]
    return counted


@pytest.mark.parametrize("how", ["ARN", "tag"])
def test_twice_as_many_take_twice_the_work(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(how, 160, monkeypatch) <= 2.1 * steps(how, 80, monkeypatch)
