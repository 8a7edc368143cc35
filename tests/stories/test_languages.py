"""A story told in a sister language gets the same verdicts: OpenTofu, CloudFormation in JSON, the output of CDK."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.stories import Source, Told, sources, tell
from tests.support.yaml_loading import FastLoader

from restore_ready import Scan, scan

TERRAFORM = [source for source in sources() if source.language == "terraform"]
TEMPLATES = [source for source in sources() if source.language == "cloudformation"]


class _LongForm(FastLoader):
    """Reads a template with its short tags written out, as CloudFormation's JSON has them."""


def _write_out(loader: _LongForm, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_LongForm.add_multi_constructor("!", _write_out)


def verdicts(path: Path) -> set[Told]:
    return told(scan([path]), path)


def told(done: Scan, path: Path) -> set[Told]:
    assert [gap for gap in done.gaps if not gap.handed] == []
    return {tell(one, path.parent.resolve(), by_address=True) for one in done.judgements}


def renamed(source: Source, folder: Path) -> Path:
    """Copy a Terraform story with every file named as OpenTofu's."""
    shutil.copytree(source.story, folder, ignore=shutil.ignore_patterns("template.yaml", "plan.json"))
    for file in folder.rglob("*.tf"):
        file.rename(file.with_suffix(".tofu"))
    return folder / "main.tofu"


@pytest.mark.parametrize("source", TERRAFORM, ids=str)
def test_opentofu_files_are_judged_like_terraform_files(source: Source, tmp_path: Path) -> None:
    assert verdicts(renamed(source, tmp_path / "story")) == told(source.scan(), source.path)


@pytest.mark.parametrize("source", TEMPLATES, ids=str)
def test_json_templates_are_judged_like_yaml_ones(source: Source, tmp_path: Path) -> None:
    for requirements in source.story.glob("restore-ready.yaml"):
        shutil.copy(requirements, tmp_path)
    tree = yaml.load(source.path.read_text(), _LongForm)  # noqa: S506  # a SafeLoader
    pretty, minified = tmp_path / "template.json", tmp_path / "minified.json"
    pretty.write_text(json.dumps(tree, indent=2, default=str))
    minified.write_text(json.dumps(tree, default=str))

    expected = told(source.scan(), source.path)
    assert verdicts(pretty) == expected
    assert verdicts(minified) == expected


def test_terraform_in_json_is_judged_like_hcl(tmp_path: Path) -> None:
    rule = {"rule_name": "nightly", "target_vault_name": "Default", "start_window": 480}
    selection = {"name": "s", "plan_id": "${aws_backup_plan.nightly.id}", "iam_role_arn": "${aws_iam_role.backup.arn}"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "backup.amazonaws.com"}}
    resources = {
        "aws_efs_file_system": {"home": {}, "left_out": {}},
        "aws_backup_plan": {"nightly": {"name": "nightly", "rule": [rule]}},
        "aws_backup_selection": {"home": {**selection, "resources": ["${aws_efs_file_system.home.arn}"]}},
        "aws_iam_role": {"backup": {"name": "backup", "assume_role_policy": json.dumps({"Statement": [trust]})}},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps({"resource": resources}, indent=2))

    found = {(one.verdict, one.code, one.where) for one in verdicts(tmp_path / "main.tf.json") if one.verdict != "pass"}

    assert found == {
        ("fail", "RR201", "aws_backup_plan.nightly"),
        ("fail", "RR204", "aws_backup_plan.nightly"),
        ("fail", "RR102", "aws_efs_file_system.left_out"),
        ("fail", "RR501", "aws_efs_file_system.home"),
        ("fail", "RR107", "aws_iam_role.backup"),
    }


def test_the_output_of_cdk_synth_is_judged_with_the_logical_ids_cdk_gives(tmp_path: Path) -> None:
    service = {"Fn::Join": ["", ["backup.", {"Ref": "AWS::URLSuffix"}]]}
    managed = "service-role/AWSBackupServiceRolePolicyForBackup"
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{managed}"]]}
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": service}}
    rule = {"RuleName": "Daily", "TargetBackupVault": {"Fn::GetAtt": ["Vault23237E5B", "BackupVaultName"]}}
    selection = {
        "SelectionName": "Selection",
        "IamRoleArn": {"Fn::GetAtt": ["RestoreRoleD0D81F4C", "Arn"]},
        "Resources": [{"Fn::GetAtt": ["FsC3CB3B1E", "Arn"]}],
    }
    resources = {
        "FsC3CB3B1E": {
            "Type": "AWS::EFS::FileSystem",
            "Properties": {"BackupPolicy": {"Status": "ENABLED"}},
            "Metadata": {"aws:cdk:path": "Stack/Fs/Resource"},
        },
        "Vault23237E5B": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "StackVault"}},
        "Plan9B4F9F5F": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {"BackupPlan": {"BackupPlanName": "Plan", "BackupPlanRule": [rule]}},
        },
        "Selection1D3A4B5C": {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {"BackupPlanId": {"Ref": "Plan9B4F9F5F"}, "BackupSelection": selection},
        },
        "RestoreRoleD0D81F4C": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Statement": [trust], "Version": "2012-10-17"},
                "ManagedPolicyArns": [arn],
            },
        },
        "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {}, "Condition": "CDKMetadataAvailable"},
    }
    conditions = {"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}
    (tmp_path / "cdk.out").mkdir()
    template = tmp_path / "cdk.out" / "Stack.template.json"
    template.write_text(json.dumps({"Conditions": conditions, "Resources": resources}, indent=1))

    found = {
        (one.address, one.rule.code) for one in scan([tmp_path]).judgements if type(one.verdict).__name__ == "Fail"
    }

    assert found == {
        ("FsC3CB3B1E", "RR101"),
        ("FsC3CB3B1E", "RR501"),
        ("Plan9B4F9F5F", "RR201"),
        ("Plan9B4F9F5F", "RR202"),
        ("RestoreRoleD0D81F4C", "RR404"),
        ("Vault23237E5B", "RR305"),
    }
