"""A project with a resource for everything that can go wrong between Checkov's entities and our addresses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import files

RULE = """
  rule {
    rule_name         = "nightly"
    target_vault_name = "data"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = %s
    completion_window = 600
  }
"""
MODULE = f"""
variable "start_window" {{
  default = 480
}}
resource "aws_backup_plan" "this" {{
  name = "this"
{RULE % "var.start_window"}
}}
module "inner" {{
  source   = "./inner"
  for_each = toset(["a.b", "c"])
}}
"""
INNER = f"""
resource "aws_backup_plan" "deep" {{
  count = 2
  name  = "deep"
{RULE % "480"}
}}
"""
DEV = f"""
module "wide" {{
  source = "../../modules/backup"
}}
module "narrow" {{
  source       = "../../modules/backup"
  start_window = 60
}}
resource "aws_backup_plan" "own" {{
  for_each = {{ wide = 480, narrow = 60 }}
  name     = each.key
{RULE % "each.value"}
}}
"""
PROD = """
module "wide" {
  source       = "../../modules/backup"
  start_window = 60
}
"""
SKIP = f"""
resource "aws_backup_plan" "skipped" {{
  #checkov:skip=RR201:agreed with the data team
  name = "skipped"
{RULE % "480"}
}}
resource "aws_backup_plan" "open" {{
  name = "open"
{RULE % "var.start_window"}
}}
variable "start_window" {{}}
resource "aws_efs_file_system" "lonely" {{}}
"""
TF_JSON = {
    "resource": {
        "aws_backup_plan": {
            "one": {"name": "one", "rule": [{"rule_name": "r", "target_vault_name": "v", "start_window": 480}]},
            "many": {
                "for_each": {"narrow": 60, "wide": 480},
                "name": "many",
                "rule": [{"rule_name": "r", "target_vault_name": "v", "start_window": "${each.value}"}],
            },
        }
    }
}
TEMPLATE = """Resources:
  Wide:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: wide
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: data
            CompletionWindowMinutes: 600
  Narrow:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: narrow
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: data
            StartWindowMinutes: 60
            CompletionWindowMinutes: 600
  Skipped:
    Type: AWS::Backup::BackupPlan
    Metadata:
      checkov:
        skip:
          - id: RR201
            comment: agreed with the data team
    Properties:
      BackupPlan:
        BackupPlanName: skipped
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: data
            CompletionWindowMinutes: 600
"""
SERVERLESS = """service: data
provider:
  name: aws
resources:
  Resources:
    Served:
      Type: AWS::Backup::BackupPlan
      Properties:
        BackupPlan:
          BackupPlanName: served
          BackupPlanRule:
            - RuleName: nightly
              TargetBackupVault: data
"""
LONELY = """Resources:
  Lonely:
    Type: AWS::EFS::FileSystem
"""


def write_project(folder: Path) -> Path:
    """Write it and give the folder."""
    texts = {
        "modules/backup/main.tf": MODULE,
        "modules/backup/inner/main.tf": INNER,
        "envs/dev/main.tf": DEV,
        "envs/prod/main.tf": PROD,
        "skip/main.tf": SKIP,
        "json/main.tf.json": json.dumps(TF_JSON, indent=2),
        "cfn/template.yaml": TEMPLATE,
        "cfn/lonely.yaml": LONELY,
        "sls/serverless.yml": SERVERLESS,
        "plans/tfplan.json": json.dumps(plan(), indent=1),
    }
    return files.write(folder, texts)


def plan() -> dict[str, object]:
    """Give a plan with a resource in the root module and one in a module, as Terraform 1.11 writes it."""
    inside = [_planned("module.m[0].aws_backup_plan.inside", "inside", None, 480)]
    outside = [
        _planned('aws_backup_plan.own["wide"]', "own", "wide", 480),
        _planned('aws_backup_plan.own["narrow"]', "own", "narrow", 60),
    ]
    changes = [
        {
            **{key: value for key, value in one.items() if key not in ("values", "schema_version")},
            "change": {"actions": ["create"], "before": None, "after": one["values"], "after_unknown": {"id": True}},
        }
        for one in outside + inside
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {
            "root_module": {"resources": outside, "child_modules": [{"address": "module.m[0]", "resources": inside}]}
        },
        "resource_changes": changes,
        "configuration": {"root_module": {}},
    }


def _planned(address: str, name: str, index: str | None, start_window: int) -> dict[str, object]:
    rule = {"rule_name": "r", "target_vault_name": "v", "start_window": start_window, "completion_window": 600}
    return {
        "address": address,
        "mode": "managed",
        "type": "aws_backup_plan",
        "name": name,
        **({} if index is None else {"index": index}),
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": 0,
        "values": {"name": name, "rule": [rule]},
    }
