"""Edits of sources as people write them: what is changed, what stays, and what is left to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.fix_cases import PLAN, ROLE, START, VAULT, fixed, offer


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


def test_one_statement_becomes_a_list(tmp_path: Path) -> None:
    new = fixed(tmp_path, ROLE % "" + START)
    assert new.startswith(ROLE % "")
    assert "Resource = aws_iam_role.restore.arn" in new
    assert "[{ Effect" in new


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


POLICY_OF_RESTORE = 'resource "aws_iam_policy" "restore" {\n  name   = "restore"\n  policy = %s\n}\n'
IN_JSON = """\
jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = ["arn:aws:iam::*:role/old", "arn:aws:iam::*:role/older"]
        Condition = { StringEquals = { "iam:PassedToService" = "backup.amazonaws.com" } }
      },
    ]
  })"""
IN_BLOCKS = """\
data "aws_iam_policy_document" "restore" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = ["*"]
  }
  statement {
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::*:role/old"]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["backup.amazonaws.com"]
    }
  }
}
"""


@pytest.mark.parametrize(
    ("policy", "old", "new"),
    [
        (
            POLICY_OF_RESTORE % IN_JSON,
            '["arn:aws:iam::*:role/old", "arn:aws:iam::*:role/older"]',
            "aws_iam_role.restore.arn",
        ),
        (
            IN_BLOCKS + POLICY_OF_RESTORE % "data.aws_iam_policy_document.restore.json",
            '["arn:aws:iam::*:role/old"]',
            "[aws_iam_role.restore.arn]",
        ),
    ],
)
def test_a_statement_for_backup_alone_is_pointed_at_the_restore_role(
    policy: str, old: str, new: str, tmp_path: Path
) -> None:
    text = ROLE % "" + policy

    assert fixed(tmp_path, text) == text.replace(old, new)


def test_a_statement_for_others_too_is_left_and_one_is_added(tmp_path: Path) -> None:
    others = IN_JSON.replace('"backup.amazonaws.com"', '["backup.amazonaws.com", "ec2.amazonaws.com"]')
    text = ROLE % "" + POLICY_OF_RESTORE % others

    new = fixed(tmp_path, text)

    assert "role/older" in new
    assert new.count("iam:PassRole") == 2
    assert new.count("aws_iam_role.restore.arn") == 1
