"""What no exact edit can be made of, or none that is certainly right, is left alone and told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.fix_cases import PLAN, ROLE, START, VAULT, fixed, offer
from tests.support.fixed_stories import fixes
from tests.support.paths import FIXTURES

from restore_ready import scan


def by_hand(folder: Path, files: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return what is not offered and why, given that nothing is."""
    found = offer(folder, files)
    assert found.new == {}
    return {(one.judgement.rule.code, one.why) for one in found.by_hand}


def test_a_document_of_several_policies_is_left_alone(tmp_path: Path) -> None:
    document = 'data "aws_iam_policy_document" "v" {\n  statement {\n    effect = "Deny"\n    actions = ["backup:*"]\n'
    document += '    resources = ["*"]\n    principals {\n      type = "*"\n      identifiers = ["*"]\n    }\n  }\n}\n'
    one = VAULT % "data.aws_iam_policy_document.v.json"
    files = {"main.tf": document + one, "other.tf": one.replace('"v" {', '"w" {')}
    why = "data.aws_iam_policy_document.v serves several policies"
    assert by_hand(tmp_path, files) == {("RR301", why), ("RR302", why)}


def test_values_from_elsewhere_are_left_alone(tmp_path: Path) -> None:
    given = {"main.tf": 'variable "w" {\n  default = 480\n}\n' + PLAN % "var.w"}
    assert by_hand(tmp_path, given) == {("RR201", "its value comes from var.w")}


def test_a_policy_from_a_file_is_left_alone(tmp_path: Path) -> None:
    policy = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}]}
    files = {"main.tf": VAULT % 'file("policy.json")', "policy.json": json.dumps(policy)}
    assert by_hand(tmp_path, files) == {("RR301", 'its value comes from file("policy.json")')}


def test_a_module_called_twice_is_changed_once(tmp_path: Path) -> None:
    calls = 'module "a" {\n  source = "./plan"\n}\nmodule "b" {\n  source = "./plan"\n}\n'
    found = offer(tmp_path, {"main.tf": calls, "plan/main.tf": PLAN % 480})
    assert found.new == {tmp_path / "plan" / "main.tf": PLAN % 60}
    assert {one.judgement.address for one in found.patches} == {
        "module.a.aws_backup_plan.night",
        "module.b.aws_backup_plan.night",
    }


def test_what_is_right_for_some_instances_only_is_left_alone(tmp_path: Path) -> None:
    requirements = 'version: 1\noverrides:\n  - match: {address: "*gold*"}\n    backup: {start_within: 8h}\n'
    plan = PLAN.replace('"night" {\n', '"night" {\n  for_each = toset(["gold", "silver"])\n', 1) % 480
    found = by_hand(tmp_path, {"restore-ready.yaml": requirements, "main.tf": plan})
    assert found == {("RR201", "it is not right for every instance of the resource")}


def test_a_change_that_would_bring_another_finding_is_left_alone(tmp_path: Path) -> None:
    text = """\
resource "aws_backup_vault" "v" {
  name = "v"
}
resource "aws_backup_vault_lock_configuration" "v" {
  backup_vault_name  = aws_backup_vault.v.name
  max_retention_days = 30
}
resource "aws_backup_vault_notifications" "v" {
  backup_vault_name   = aws_backup_vault.v.name
  sns_topic_arn       = "arn:aws:sns:us-east-1:111122223333:t"
  backup_vault_events = ["BACKUP_JOB_COMPLETED"]
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = aws_backup_vault.v.name
    lifecycle {
      delete_after = 14
    }
  }
}
"""
    requirements = "version: 1\nbackup: {keep_at_least: 35d}\n"
    found = by_hand(tmp_path, {"restore-ready.yaml": requirements, "main.tf": text})
    assert found == {("RR103", "its change would bring RR105 on aws_backup_plan.p")}


@pytest.mark.parametrize("more", ["\n  count = 1", '\n  for_each = toset(["a"])'])
def test_a_role_that_is_repeated_is_not_referred_to(more: str, tmp_path: Path) -> None:
    address = 'aws_iam_role.restore["a"]' if "for_each" in more else "aws_iam_role.restore[0]"
    found = by_hand(tmp_path, {"main.tf": ROLE % more + START})
    assert found == {("RR401", f"{address} is not there always, or several times")}


def test_a_role_in_another_module_is_not_referred_to(tmp_path: Path) -> None:
    files = {"main.tf": START + 'module "r" {\n  source = "./role"\n}\n', "role/main.tf": ROLE % ""}
    assert by_hand(tmp_path, files) == {("RR401", "module.r.aws_iam_role.restore is in another module")}


def test_a_plan_is_no_source(tmp_path: Path) -> None:
    story = FIXTURES / "RR201" / "fail_wide_window" / "plan.json"
    found = by_hand(tmp_path, {"plan.json": story.read_text()})
    assert found == {("RR201", "a plan is no source: scan the configuration that it was made from")}


def test_what_an_alias_shares_is_left_alone(tmp_path: Path) -> None:
    text = """\
Resources:
  A:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: a
        BackupPlanRule: &rules
          - {RuleName: r, TargetBackupVault: Default, StartWindowMinutes: 480, CompletionWindowMinutes: 600}
  B:
    Type: AWS::Backup::BackupPlan
    Properties: {BackupPlan: {BackupPlanName: b, BackupPlanRule: *rules}}
"""
    assert by_hand(tmp_path, {"t.yaml": text}) == {("RR201", "it is shared by a YAML alias")}


def test_a_reference_that_would_make_a_circle_is_left_alone(tmp_path: Path) -> None:
    text = """\
Resources:
  Restore:
    Type: AWS::IAM::Role
    Properties:
      RoleName: AWSBackup-efs-restore
      Description: !Sub "used by ${OnCall}"
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: backup.amazonaws.com}}]
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores
  OnCall:
    Type: AWS::IAM::Role
    Properties:
      RoleName: on-call
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {AWS: !Ref "AWS::AccountId"}}]
      Policies:
        - PolicyName: restore
          PolicyDocument:
            Statement:
              Effect: Allow
              Action: [backup:StartRestoreJob, 'backup:Describe*', 'backup:Get*', 'backup:List*']
              Resource: "*"
"""
    why = "Restore refers to it, so that a reference back would make a circle"
    assert by_hand(tmp_path, {"t.yaml": text}) == {("RR401", why)}
    new = fixed(tmp_path / "without", text.replace('      Description: !Sub "used by ${OnCall}"\n', ""), "t.yaml")
    assert new.endswith("""\
            Statement:
              - Effect: Allow
                Action: [backup:StartRestoreJob, 'backup:Describe*', 'backup:Get*', 'backup:List*']
                Resource: "*"
              - Effect: Allow
                Action: iam:PassRole
                Resource: !GetAtt Restore.Arn
                Condition:
                  StringEquals:
                    iam:PassedToService: backup.amazonaws.com
""")


def test_a_module_outside_of_what_was_scanned_is_left_alone(tmp_path: Path) -> None:
    files = {"modules/plan/main.tf": PLAN % 480, "prod/main.tf": 'module "a" {\n  source = "../modules/plan"\n}\n'}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    found = fixes(tmp_path / "prod", scan([tmp_path / "prod"]))
    assert [one.why for one in found.by_hand] == ["its file is not in what was scanned"]
    assert found.new == {}
