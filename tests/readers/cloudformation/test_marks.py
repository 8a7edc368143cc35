"""Findings of templates and of policies written out in Terraform point at the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import Fail
from restore_ready.scanning._scan import scan

POLICY = """
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: backup:CopyIntoBackupVault
            Resource: "*"
          - {Sid: Closed, Effect: Deny, Principal: "*", Action: "backup:StartRestoreJob", Resource: "*"}
"""
YAML = f"""Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: efs{POLICY}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: nightly
        BackupPlanRule:
          - RuleName: one
            TargetBackupVault: !Ref Vault
            ScheduleExpression: cron(0 1 * * ? *)
            StartWindowMinutes: 60
          - RuleName: two
            TargetBackupVault: !Ref Vault
            ScheduleExpression: cron(0 2 * * ? *)
            StartWindowMinutes: 480
"""
JSON = """{
  "Resources": {
    "Plan": {
      "Type": "AWS::Backup::BackupPlan",
      "Properties": {
        "BackupPlan": {
          "BackupPlanName": "nightly",
          "BackupPlanRule": [
            {"RuleName": "one", "TargetBackupVault": "efs", "StartWindowMinutes": 480}
          ]
        }
      }
    },
    "Other": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "efs"}}
  }
}
"""
HCL = """resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = "efs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "backup:CopyIntoBackupVault", Resource = "*" },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = ["backup:StartRestoreJob"]
        Resource  = "*"
      },
    ]
  })
}
"""


def lines(file: Path, text: str) -> dict[str, str]:
    """Return the code of each finding that points at a part, with the line it points at from its column on."""
    file.write_text(text)
    found = {}
    for judgement in scan([file]).judgements:
        if isinstance(judgement.verdict, Fail) and judgement.verdict.focus is not None:
            place = judgement.verdict.focus.place
            found[judgement.rule.code] = text.splitlines()[place.line - 1][max(place.column - 1, 0) :]
    return found


def test_yaml_points_at_the_property_of_the_rule_and_the_action_of_the_statement(tmp_path: Path) -> None:
    found = lines(tmp_path / "t.yaml", YAML)
    assert found["RR201"] == "StartWindowMinutes: 480"
    assert found["RR301"].startswith('Action: "backup:StartRestoreJob"')


def test_json_points_at_the_property_too(tmp_path: Path) -> None:
    assert lines(tmp_path / "t.json", JSON)["RR201"].startswith('"StartWindowMinutes": 480')


def test_terraform_points_at_the_action_in_an_encoded_policy(tmp_path: Path) -> None:
    assert lines(tmp_path / "main.tf", HCL)["RR301"] == 'Action    = ["backup:StartRestoreJob"]'


@pytest.mark.parametrize(
    "written",
    [
        "StartWindowMinutes: !If [Wide, 480, 480]",
        "StartWindowMinutes:\n              480",
        "? StartWindowMinutes\n            : 480",
    ],
)
def test_odd_ways_to_write_it_point_at_it_or_at_nothing(tmp_path: Path, written: str) -> None:
    text = YAML.replace("StartWindowMinutes: 480", written)
    text = f"Conditions:\n  Wide: !Equals [a, a]\n{text}"
    assert lines(tmp_path / "t.yaml", text).get("RR201", "StartWindowMinutes").startswith("StartWindowMinutes")


def test_anchors_and_flow_resources_do_not_break_it(tmp_path: Path) -> None:
    text = YAML.replace("StartWindowMinutes: 480", "StartWindowMinutes: *wide").replace(
        "StartWindowMinutes: 60", "StartWindowMinutes: &wide 480"
    )
    assert lines(tmp_path / "t.yaml", text)["RR201"] == "StartWindowMinutes: &wide 480"
    flow = "Resources: {Plan: {Type: AWS::Backup::BackupPlan, Properties: {BackupPlan: {BackupPlanName: n, "
    flow += "BackupPlanRule: [{RuleName: r, TargetBackupVault: efs, StartWindowMinutes: 480}]}}}}\n"
    assert set(lines(tmp_path / "t.yaml", flow)) <= {"RR201", "RR305"}
