"""Field tables: that they fit their records, and that all languages tell the same plan alike."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import block, estate

import restore_ready.readers
from restore_ready import Estate, Place, Plan, PlanRule, Unresolved
from restore_ready.model import Places
from restore_ready.readers._fields import Entry, Table
from restore_ready.readers.cloudformation import read_template_text
from restore_ready.readers.terraform._dialect import terraform
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._key_names import KeyNames
from restore_ready.readers.terraform.syntax._json import BLOCKS

ARN = "arn:aws:backup:eu-west-1:111122223333:backup-vault:apart"


def tables() -> Iterator[tuple[str, Table[Any]]]:
    """Give every table of the readers with its name."""
    for path in sorted(Path(restore_ready.readers.__file__).parent.glob("_*.py")):
        module = importlib.import_module(f"restore_ready.readers.{path.stem}")
        for name, found in vars(module).items():
            if isinstance(found, Table):
                yield f"{path.stem}.{name}", found


TABLES = dict(tables())


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_a_field_of_its_record_and_stands_there_once(name: str) -> None:
    table = TABLES[name]
    told = [row.name for row in table.fields] + [row.stated for row in table.fields if row.stated]

    assert set(told) <= set(table.record.__struct_fields__)
    assert len(told) == len(set(told))


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.terraform])
def test_json_knows_every_nested_block_that_is_read(name: str) -> None:
    asked: set[str] = set()

    def nested(entry: Entry, called: str) -> tuple[Entry, ...]:
        asked.add(called)
        return (entry.inner({}),)

    spying = replace(
        terraform(Documents(()), KeyNames(())), block=lambda entry, called: nested(entry, called)[0], blocks=nested
    )
    for row in TABLES[name].fields:
        row.given(Entry(spying, {}, type=TABLES[name].terraform[0]))
    assert asked - {"tags", "recovery_point_tags"} <= BLOCKS


def written_in_terraform() -> Estate:
    rule = {
        "rule_name": "nightly",
        "target_vault_name": "efs",
        "schedule": "cron(0 5 * * ? *)",
        "start_window": 60,
        "completion_window": 180,
        "lifecycle": [{"delete_after": 35, "cold_storage_after": 0}],
        "copy_action": [{"destination_vault_arn": ARN, "lifecycle": [{"delete_after": 90}]}],
        "target_logically_air_gapped_backup_vault_arn": ARN,
        "recovery_point_tags": {"kept": "yes"},
    }
    return estate(block("aws_backup_plan.p", name="Daily", rule=[rule]))


CLOUDFORMATION = f"""
Resources:
  P:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: Daily
        BackupPlanRule:
          RuleName: nightly
          TargetBackupVault: efs
          ScheduleExpression: cron(0 5 * * ? *)
          StartWindowMinutes: 60
          CompletionWindowMinutes: 180
          Lifecycle: {{DeleteAfterDays: 35}}
          CopyActions: [{{DestinationBackupVaultArn: "{ARN}", Lifecycle: {{DeleteAfterDays: 90}}}}]
          TargetLogicallyAirGappedBackupVaultArn: "{ARN}"
          RecoveryPointTags: {{kept: "yes"}}
"""
ORGANIZATIONS = {
    "plans": {
        "Daily": {
            "rules": {
                "nightly": {
                    "target_backup_vault_name": "efs",
                    "schedule_expression": "cron(0 5 * * ? *)",
                    "start_backup_window_minutes": "60",
                    "complete_backup_window_minutes": "180",
                    "lifecycle": {"delete_after_days": "35"},
                    "copy_actions": {ARN: {"lifecycle": {"delete_after_days": "90"}}},
                    "target_logically_air_gapped_backup_vault_arn": ARN,
                    "recovery_point_tags": {"Kept": {"tag_key": "kept", "tag_value": "yes"}},
                }
            }
        }
    }
}


def only_rule(plans: tuple[Plan, ...]) -> PlanRule:
    (plan,) = plans
    assert not isinstance(plan.rules, Unresolved)
    return replace(plan.rules[0], name="nightly", place=Place(""))


def test_all_languages_tell_the_same_rule_alike() -> None:
    template = read_template_text(CLOUDFORMATION, Path("t.yaml")).estates[0]
    policy = estate(block("aws_organizations_policy.p", name="p", type="BACKUP_POLICY", content=ORGANIZATIONS))

    told = only_rule(written_in_terraform().plans)
    expected = replace(told, defaults_sent=False)

    assert told.defaults_sent
    assert replace(only_rule(template.plans), places=Places()) == expected
    assert only_rule(policy.plans) == expected


def test_windows_left_out_are_those_of_each_language() -> None:
    rules = {"nightly": {"target_backup_vault_name": "efs"}}
    content = {"plans": {"Daily": {"rules": rules}}}
    template = read_template_text(
        "Resources: {P: {Type: AWS::Backup::BackupPlan, Properties: {BackupPlan: {BackupPlanRule: [{}]}}}}", Path("t")
    )
    found = [
        only_rule(estate(block("aws_backup_plan.p", rule=[{"target_vault_name": "efs"}])).plans),
        only_rule(estate(block("aws_organizations_policy.p", name="p", type="BACKUP_POLICY", content=content)).plans),
        only_rule(template.estates[0].plans),
    ]

    assert [(rule.start_window, rule.completion_window) for rule in found] == [(60, 180), (480, 10080), (480, 10080)]
    assert not any(rule.start_window_stated or rule.completion_window_stated for rule in found)
