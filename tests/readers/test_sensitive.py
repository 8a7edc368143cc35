"""What sources mark as sensitive is open, and no report shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import run
from tests.support.files import write

from restore_ready.reports import source_formats

SECRETS = ("48743", "49151", "hush")
CONFIGURATION = """\
variable "window" {
  type      = number
  sensitive = true
}
variable "name" {
  sensitive = true
  default   = "hush-name"
}
variable "shown" {
  sensitive = false
  default   = 480
}
locals {
  tuned = sensitive(tonumber("49151"))
}
resource "aws_backup_plan" "night" {
  name = var.name
  rule {
    rule_name         = var.name
    target_vault_name = "Default"
    start_window      = var.window
  }
}
resource "aws_backup_plan" "other" {
  name = "other"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    start_window      = local.tuned
  }
}
resource "aws_backup_plan" "known" {
  name = "known"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    start_window      = var.shown
  }
}
resource "aws_backup_vault_policy" "deny" {
  backup_vault_name = "Default"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = var.name, Effect = "Deny", Principal = "*", Action = "backup:*", Resource = "*" }]
  })
}
"""


def planned(
    kind: str, values: dict[str, Any], sensitive: dict[str, Any], expressions: dict[str, Any]
) -> dict[str, Any]:
    """Return what a plan says of one resource in each of its parts."""
    address = f"{kind}.night"
    head = {"address": address, "mode": "managed", "type": kind, "name": "night", "provider_name": "aws"}
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}, "after_sensitive": sensitive}
    return {
        "planned": {**head, "schema_version": 0, "values": values, "sensitive_values": sensitive},
        "change": {**head, "change": change},
        "configuration": {**head, "provider_config_key": "aws", "expressions": expressions, "schema_version": 0},
    }


RESOURCES = [
    planned(
        "aws_backup_plan",
        {"name": "hush-name", "rule": [{"rule_name": "a", "target_vault_name": "Default", "start_window": 48743}]},
        {"name": True, "rule": [{"start_window": True}]},
        {
            "name": {"references": ["var.name"]},
            "rule": [{"rule_name": {"constant_value": "a"}, "start_window": {"references": ["var.window"]}}],
        },
    ),
    planned(
        "aws_backup_vault_policy",
        {"backup_vault_name": "Default", "policy": '{"Statement": [{"Sid": "hush", "Effect": "Deny"}]}'},
        {"policy": True},
        {"policy": {"references": ["var.name"]}},
    ),
]
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "variables": {"name": {"value": "hush-name"}, "window": {"value": 48743}},
    "planned_values": {"root_module": {"resources": [resource["planned"] for resource in RESOURCES]}},
    "resource_changes": [resource["change"] for resource in RESOURCES],
    "configuration": {
        "root_module": {
            "resources": [resource["configuration"] for resource in RESOURCES],
            "variables": {"name": {"sensitive": True, "default": "hush-name"}, "window": {"sensitive": True}},
        }
    },
}


@pytest.mark.parametrize("form", source_formats())
def test_no_report_shows_what_a_configuration_hides(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": CONFIGURATION, "terraform.tfvars": "window = 48743\n"})

    done = run(tmp_path, "scan", "-o", form)

    assert [secret for secret in SECRETS if secret in done.out + done.err] == []


def test_what_a_configuration_hides_is_open_and_all_else_is_judged(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": CONFIGURATION, "terraform.tfvars": "window = 48743\n"})

    done = run(tmp_path, "scan", "-o", "json", "--select", "RR201,RR301")

    assert done.findings() == [
        ("RR201", "aws_backup_plan.known"),
        ("RR301", "aws_backup_vault_policy.deny"),
    ]
    assert [reason.partition(" (")[0] for reason in done.unjudged("RR201")] == [
        "rule 1: var.window is sensitive",
        'rule "night": it is sensitive',
    ]


@pytest.mark.parametrize("form", source_formats())
def test_no_report_shows_what_a_plan_hides(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"plan.json": json.dumps(PLAN)})

    done = run(tmp_path, "scan", "-o", form, "plan.json")

    assert "is sensitive" in done.out
    assert [secret for secret in SECRETS if secret in done.out + done.err] == []


TEMPLATE = """\
Parameters:
  Window: {Type: Number, NoEcho: true, Default: 48743}
  Name: {Type: String, NoEcho: "true", Default: hush}
Resources:
  Night:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: !Ref Name
        BackupPlanRule:
          - {RuleName: !Sub "${Name}-a", TargetBackupVault: Default, StartWindowMinutes: !Ref Window}
"""


@pytest.mark.parametrize("form", source_formats())
def test_no_report_shows_what_a_template_hides(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": TEMPLATE})

    done = run(tmp_path, "scan", "-o", form, "--parameters", "Name=hush-too")

    assert "is not to be shown" in done.out
    assert [secret for secret in SECRETS if secret in done.out + done.err] == []
