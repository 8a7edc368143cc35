"""Edits of sources as people write them: what is changed, what stays, and what is left to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.fixed_stories import fixes
from tests.support.paths import FIXTURES

from restore_ready import scan
from restore_ready.fixes._offer import Offer

PLAN = """\
resource "aws_backup_plan" "night" {
  name = "night"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    start_window      = %s
    completion_window = 600
  }
}
"""
VAULT = """\
resource "aws_backup_vault_policy" "v" {
  backup_vault_name = "v"
  policy = %s
}
"""
ROLE = """\
resource "aws_iam_role" "restore" {%s
  name = "AWSBackup-efs-restore"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"]
}
"""
START = """\
resource "aws_iam_policy" "start" {
  name = "start"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" }
  })
}
"""


def offer(folder: Path, files: Mapping[str, str]) -> Offer:
    """Write *files*, which may have any line ends, and return what is offered for them."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return fixes(folder, scan([folder]))


def fixed(folder: Path, text: str, name: str = "main.tf") -> str:
    """Return *text* as it is after its only finding is fixed."""
    found = offer(folder, {name: text})
    assert [one.why for one in found.by_hand] == []
    assert set(found.new) == {folder / name}
    return found.new[folder / name]


def by_hand(folder: Path, files: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return what is not offered and why, given that nothing is."""
    found = offer(folder, files)
    assert found.new == {}
    return {(one.judgement.rule.code, one.why) for one in found.by_hand}


@pytest.mark.parametrize("value", ["480", "480 # too wide", '"480"', "480/* \U0001f4a4 */"])
def test_a_number_is_replaced_where_it_stands(value: str, tmp_path: Path) -> None:
    text = PLAN % value
    assert fixed(tmp_path, text) == text.replace("480", "60").replace('"60"', "60")


def test_line_ends_tabs_and_characters_of_any_width_stay(tmp_path: Path) -> None:
    text = ("# 夜間バックアップ 🌙\n" + PLAN % 480).replace("  ", "\t").replace("\n", "\r\n")
    assert fixed(tmp_path, text) == text.replace("480", "60")


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    text = "\ufeff" + PLAN % 480
    assert fixed(tmp_path, text) == text.replace("480", "60")


def test_a_block_on_one_line(tmp_path: Path) -> None:
    text = """\
resource "aws_efs_file_system" "a" {}
resource "aws_efs_backup_policy" "a" {
  file_system_id = aws_efs_file_system.a.id
  backup_policy { status = "ENABLED" }
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "Default"
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  resources    = [aws_efs_file_system.a.arn]
}
"""
    assert offer(tmp_path, {"main.tf": text}).new == {tmp_path / "main.tf": text.replace("ENABLED", "DISABLED")}


LISTS = {
    "with a trailing comma": (
        '["backup:DeleteRecoveryPoint", "backup:StartRestoreJob",]',
        '["backup:DeleteRecoveryPoint",]',
    ),
    "first": ('["backup:StartRestoreJob", "backup:DeleteRecoveryPoint"]', '["backup:DeleteRecoveryPoint"]'),
    "on lines": (
        '[\n        "backup:DeleteRecoveryPoint",\n        "backup:StartRestoreJob"\n      ]',
        '[\n        "backup:DeleteRecoveryPoint"\n      ]',
    ),
    "among comments": (
        """[
        # keep these
        "backup:DeleteRecoveryPoint", // why, and how
        "BACKUP:startRestoreJob", # gone
        "backup:DeleteBackupVault",
      ]""",
        """[
        # keep these
        "backup:DeleteRecoveryPoint", // why, and how
        "backup:DeleteBackupVault",
      ]""",
    ),
    "a wildcard": ('["backup:Start*", "backup:Delete*"]', '["backup:Delete*"]'),
    "a wildcard that protects": (
        '["backup:*RecoveryPoint", "backup:*StartRestoreJob", "backup:*"]',
        """[
        "backup:*RecoveryPoint",
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:UpdateRecoveryPointLifecycle",
      ]""",
    ),
}


@pytest.mark.parametrize("shape", LISTS)
def test_an_action_is_taken_out_of_a_list(shape: str, tmp_path: Path) -> None:
    before, after = LISTS[shape]
    text = VAULT % (
        'jsonencode({\n    Statement = [{\n      Effect    = "Deny"\n      Principal = "*"\n'
        '      Action = LIST\n      Resource  = "*"\n    }]\n  })'
    )
    assert fixed(tmp_path, text.replace("LIST", before)) == text.replace("LIST", after)


def test_a_policy_in_a_heredoc_that_refers_to_other_things(tmp_path: Path) -> None:
    text = 'data "aws_caller_identity" "me" {}\n' + VAULT % (
        '<<-POLICY\n    {\n\t"Statement": [{\n\t  "Effect": "Deny", "Principal": {"AWS": "*"},\n'
        '\t  "Action": ["backup:StartRestoreJob", "backup:DeleteRecoveryPoint"],\n'
        '\t  "Resource": ["*", "arn:aws:backup:*:${data.aws_caller_identity.me.account_id}:recovery-point:*"]\n'
        "\t}]\n    }\n  POLICY"
    )
    assert fixed(tmp_path, text) == text.replace('"backup:StartRestoreJob", ', "")


def test_a_statement_of_which_nothing_is_left_goes(tmp_path: Path) -> None:
    text = """\
data "aws_iam_policy_document" "v" {
  statement {
    effect    = "Deny"
    actions   = ["backup:StartRestoreJob"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  # this one protects
  statement {
    effect    = "Deny"
    actions   = ["backup:DeleteRecoveryPoint"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_backup_vault_policy" "v" {
  backup_vault_name = "v"
  policy            = data.aws_iam_policy_document.v.json
}
"""
    start = text.index("  statement")
    end = text.index("\n  # this one")
    assert fixed(tmp_path, text) == text[:start] + text[end:]


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


def test_one_statement_becomes_a_list(tmp_path: Path) -> None:
    new = fixed(tmp_path, ROLE % "" + START)
    assert new.startswith(ROLE % "")
    assert "Resource = aws_iam_role.restore.arn" in new
    assert "[{ Effect" in new


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


def test_terraform_in_json(tmp_path: Path) -> None:
    rule = {"rule_name": "r", "target_vault_name": "Default", "start_window": 480, "completion_window": 600}
    tree = {"resource": {"aws_backup_plan": {"p": {"name": "p", "rule": [rule]}}}}
    text = json.dumps(tree, indent="\t")
    assert fixed(tmp_path, text, "main.tf.json") == text.replace("480", "60")


TEMPLATE = {
    "Resources": {
        "Plan": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {
                "BackupPlan": {
                    "BackupPlanName": "p",
                    "BackupPlanRule": [{"RuleName": "r", "TargetBackupVault": "Default", "StartWindowMinutes": 480}],
                }
            },
        }
    }
}


@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_a_template_in_json(indent: int | str | None, tmp_path: Path) -> None:
    new = fixed(tmp_path, json.dumps(TEMPLATE, indent=indent), "t.json")
    rule = json.loads(new)["Resources"]["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"][0]
    assert rule["StartWindowMinutes"] == 60
    assert rule["CompletionWindowMinutes"] == 1440
    assert new.startswith(json.dumps(TEMPLATE, indent=indent).partition("480")[0])


def test_a_template_with_line_ends_of_windows(tmp_path: Path) -> None:
    text = (
        "# ünïcode\r\nResources:\r\n  Plan:\r\n    Type: AWS::Backup::BackupPlan\r\n    Properties:\r\n"
        "      BackupPlan:\r\n        BackupPlanName: p\r\n        BackupPlanRule:\r\n        - RuleName: r # one\r\n"
        "          TargetBackupVault: Default # two\r\n"
    )
    windows = "          StartWindowMinutes: 60\r\n          CompletionWindowMinutes: 1440\r\n"
    assert fixed(tmp_path, text, "t.yaml") == text + windows


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
              Action: backup:StartRestoreJob
              Resource: "*"
"""
    why = "Restore refers to it, so that a reference back would make a circle"
    assert by_hand(tmp_path, {"t.yaml": text}) == {("RR401", why)}
    new = fixed(tmp_path / "without", text.replace('      Description: !Sub "used by ${OnCall}"\n', ""), "t.yaml")
    assert new.endswith("""\
            Statement:
              - Effect: Allow
                Action: backup:StartRestoreJob
                Resource: "*"
              - Effect: Allow
                Action: iam:PassRole
                Resource: !GetAtt Restore.Arn
                Condition:
                  StringEquals:
                    iam:PassedToService: backup.amazonaws.com
""")


def test_all_that_meets_in_one_statement_is_let_out_together(tmp_path: Path) -> None:
    text = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: efs
      Notifications: {SNSTopicArn: "arn:aws:sns:us-east-1:111122223333:t", BackupVaultEvents: [BACKUP_JOB_COMPLETED]}
      AccessPolicy:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: "*" # all of it
            Resource: "*"
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: p
        BackupPlanRule:
          - RuleName: r
            TargetBackupVault: !Ref Vault
            StartWindowMinutes: 60
            CompletionWindowMinutes: 600
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:111122223333:backup-vault:far
"""
    found = offer(tmp_path, {"t.yaml": text})
    assert {one.judgement.rule.code for one in found.patches} == {"RR301", "RR302", "RR304"}
    wanted = [
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
    ]
    lines = "".join(f'\n              - "{one}"' for one in wanted)
    assert found.new[tmp_path / "t.yaml"] == text.replace(' "*" # all of it', f"{lines} # all of it")


def test_a_module_outside_of_what_was_scanned_is_left_alone(tmp_path: Path) -> None:
    files = {"modules/plan/main.tf": PLAN % 480, "prod/main.tf": 'module "a" {\n  source = "../modules/plan"\n}\n'}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    found = fixes(tmp_path / "prod", scan([tmp_path / "prod"]))
    assert [one.why for one in found.by_hand] == ["its file is not in what was scanned"]
    assert found.new == {}
