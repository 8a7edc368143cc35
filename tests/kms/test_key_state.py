"""Which keys are known to be disabled, and what they encrypt."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.terraform_blocks import block, estate

from restore_ready import Fail, Known, Pass, Ref, Requirements, Unknown, Unresolved, Verdict, all_rules
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.readers.cloudformation import read_template_text
from restore_ready.readers.terraform._block import Block

OPEN = Unresolved("var.x has no value")
REQUIREMENTS = Requirements()


def judged(*blocks: Block) -> Verdict | None:
    rule = next(rule for rule in all_rules() if rule.code == "RR607")
    index = JudgedEstate.under(estate(*blocks), REQUIREMENTS)
    verdicts = [rule(subject, index, REQUIREMENTS) for subject in rule.subjects(index, REQUIREMENTS)]
    return verdicts[0] if verdicts else None


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("aws_kms_key", {}, Pass),
        ("aws_kms_key", {"is_enabled": False}, Fail),
        ("aws_kms_key", {"is_enabled": OPEN}, Unknown),
        ("aws_kms_replica_key", {}, Pass),
        ("aws_kms_replica_key", {"enabled": False}, Fail),
        ("aws_kms_external_key", {"enabled": False}, Fail),
        ("aws_kms_external_key", {}, None),
        ("aws_kms_replica_external_key", {"enabled": True}, Pass),
        ("awscc_kms_key", {"enabled": False}, Fail),
        ("awscc_kms_key", {}, Pass),
    ],
)
def test_a_disabled_key_of_a_vault_fails(kind: str, values: dict[str, object], expected: type | None) -> None:
    vault = block("aws_backup_vault.v", name="v", kms_key_arn=Ref(f"{kind}.k", "arn"))
    found = judged(block(f"{kind}.k", **values), vault)
    assert found is None if expected is None else isinstance(found, expected)


def test_what_encrypts_nothing_in_sight_is_not_judged() -> None:
    assert judged(block("aws_kms_key.k", is_enabled=False)) is None


@pytest.mark.parametrize(
    ("properties", "enabled"), [("{}", True), ("{Enabled: false}", False), ("{Enabled: 'true'}", True)]
)
def test_templates_without_roles_tell_the_state_of_keys(properties: str, enabled: Known[bool]) -> None:
    text = f"""
Resources:
  Key: {{Type: AWS::KMS::Key, Properties: {properties}}}
  Home: {{Type: AWS::EFS::FileSystem, Properties: {{KmsKeyId: !GetAtt Key.Arn}}}}
"""
    (found,) = read_template_text(text, Path("t.yaml")).estates
    assert found.keys[0].enabled is enabled
