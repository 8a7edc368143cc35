"""What the CDK made goes by the path of its construct, too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.command import run_json

RULE = {"RuleName": "n", "TargetBackupVault": "Default", "StartWindowMinutes": 480, "CompletionWindowMinutes": 600}
PLAN = {"BackupPlan": {"BackupPlanName": "night", "BackupPlanRule": [RULE]}}


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"aws:cdk:path": "App/Night/Plan/Resource"}, "night, App/Night/Plan/Resource"),
        ({"aws:cdk:path": ["App"]}, "night"),
        ("none", "night"),
    ],
)
def test_a_finding_names_the_construct(tmp_path: Path, metadata: object, name: str) -> None:
    plan = {"Type": "AWS::Backup::BackupPlan", "Properties": PLAN, "Metadata": metadata}
    (tmp_path / "App.template.json").write_text(json.dumps({"Resources": {"NightPlan0A1B": plan}}))

    (found,) = run_json(tmp_path, "--select", "RR201").document["findings"]

    assert (found["address"], found["name"]) == ("NightPlan0A1B", name)
