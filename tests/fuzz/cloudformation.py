"""A stack as a CloudFormation template, in YAML and in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import yaml
from tests.fuzz.documents import Encoded, document, trust
from tests.fuzz.stacks import FileSystem, Hole, Identity, Link, PlanRule, RestoreTest, Selection, Stack, Vault
from tests.fuzz.terraform import outside

Body: TypeAlias = dict[str, Any]

ARNS: Final = {"file_systems": "Arn", "keys": "Arn", "vaults": "BackupVaultArn", "roles": "Arn"}
HOLES: Final = (
    {"Ref": "Hole"},
    {"Fn::ImportValue": "hole"},
    "{{resolve:ssm:hole}}",
)


def template_json(stack: Stack) -> str:
    """Return a stack as a template in JSON."""
    return json.dumps(template(stack), indent=1)


def template_yaml(stack: Stack) -> str:
    """Return a stack as a template in YAML."""
    return yaml.safe_dump(template(stack), sort_keys=False)


def template(stack: Stack) -> Body:
    """Return a stack as a template."""
    declared = frozenset((kind, thing.name) for kind in ARNS for thing in getattr(stack, kind))
    written = {name: {"Type": kind, "Properties": _written(body, declared)} for name, kind, body in _resources(stack)}
    return {"Parameters": {"Hole": {"Type": "String"}}, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}, **written}}


def logical(kind: str, name: str) -> str:
    """Return the logical id of a resource."""
    return (kind + name.title()).replace("_", "").replace("-", "")


def _written(tree: Any, declared: frozenset[tuple[str, str]]) -> Any:  # noqa: ANN401  # any part of a body
    if isinstance(tree, Encoded):
        return _written(tree.tree, declared)
    if isinstance(tree, Hole):
        return HOLES[tree.form % len(HOLES)]
    if isinstance(tree, Link):
        if (tree.kind, tree.name) not in declared:
            return outside(tree.kind, tree.name)
        return {"Fn::GetAtt": [logical(tree.kind, tree.name), ARNS[tree.kind]]}
    if isinstance(tree, dict):
        return {key: _written(value, declared) for key, value in tree.items()}
    return [_written(value, declared) for value in tree] if isinstance(tree, (list, tuple)) else tree


def _resources(stack: Stack) -> Iterator[tuple[str, str, Body]]:
    for file_system in stack.file_systems:
        yield logical("file_systems", file_system.name), "AWS::EFS::FileSystem", _file_system(file_system)
    for key in stack.keys:
        yield logical("keys", key.name), "AWS::KMS::Key", {"KeyPolicy": document(key.policy)} if key.policy else {}
    for vault in stack.vaults:
        yield logical("vaults", vault.name), "AWS::Backup::BackupVault", _vault(vault)
    yield from _plans(stack)
    for kind in ("roles", "groups", "users"):
        for identity in getattr(stack, kind):
            yield _identity(kind, identity)
    for mover in stack.movers:
        body: Body = {
            "FunctionName": mover.name,
            "Role": "arn:aws:iam::111122223333:role/mover",
            "Timeout": mover.timeout,
        }
        yield logical("movers", mover.name), "AWS::Lambda::Function", body
    for restore_test in stack.restore_tests:
        yield from _restore_test(restore_test)


def _plans(stack: Stack) -> Iterator[tuple[str, str, Body]]:
    for plan in stack.plans:
        rules = [_rule(rule) for rule in plan.rules]
        body = {"BackupPlan": {"BackupPlanName": plan.name, "BackupPlanRule": rules}}
        yield logical("plans", plan.name), "AWS::Backup::BackupPlan", body
    plans = {plan.name for plan in stack.plans}
    for selection in stack.selections:
        yield logical("selections", selection.name), "AWS::Backup::BackupSelection", _selection(selection, plans)


def _tags(tags: tuple[tuple[str, Any], ...], name: str) -> list[Body]:
    return [{"Key": "Name", "Value": name}, *({"Key": key, "Value": value} for key, value in tags)]


def _file_system(file_system: FileSystem) -> Body:
    return {
        "FileSystemTags": _tags(file_system.tags, file_system.name),
        **({"BackupPolicy": {"Status": file_system.automatic}} if file_system.automatic else {}),
        **({"FileSystemPolicy": document(file_system.policy)} if file_system.policy else {}),
    }


def _vault(vault: Vault) -> Body:
    body: Body = {"BackupVaultName": vault.name}
    if vault.key:
        body["EncryptionKeyArn"] = Link("keys", vault.key)
    if vault.policy:
        body["AccessPolicy"] = document(vault.policy)
    if vault.lock is not None:
        body["LockConfiguration"] = {"MinRetentionDays": vault.lock.least, "MaxRetentionDays": vault.lock.most}
    if vault.events:
        topic = "arn:aws:sns:eu-west-1:111122223333:on-call"
        body["Notifications"] = {"SNSTopicArn": topic, "BackupVaultEvents": vault.events}
    return body


def _rule(rule: PlanRule) -> Body:
    lifecycle = {"DeleteAfterDays": rule.delete_after}
    copy = {"DestinationBackupVaultArn": Link("vaults", rule.copy_to), "Lifecycle": lifecycle}
    return {
        "RuleName": rule.name,
        "TargetBackupVault": rule.vault,
        "ScheduleExpression": rule.schedule,
        "ScheduleExpressionTimezone": rule.zone,
        "StartWindowMinutes": rule.start_window,
        "CompletionWindowMinutes": rule.completion_window,
        "Lifecycle": lifecycle,
        **({"CopyActions": [copy]} if rule.copy_to else {}),
    }


def _selection(selection: Selection, plans: set[str]) -> Body:
    tags = [
        {"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value} for key, value in selection.tags
    ]
    chosen = {
        "SelectionName": selection.name,
        "IamRoleArn": selection.role,
        "Resources": selection.resources,
        **({"ListOfTags": tags} if tags else {}),
    }
    plan = {"Ref": logical("plans", selection.plan)} if selection.plan in plans else "elsewhere"
    return {"BackupPlanId": plan, "BackupSelection": chosen}


def _identity(kind: str, identity: Identity) -> tuple[str, str, Body]:
    named = kind.removesuffix("s").title()
    body: Body = {f"{named}Name": identity.name, "ManagedPolicyArns": identity.managed}
    if kind == "roles":
        body["AssumeRolePolicyDocument"] = trust(identity)
    if identity.policy:
        body["Policies"] = [{"PolicyName": "own", "PolicyDocument": document(identity.policy)}]
    return logical(kind, identity.name), f"AWS::IAM::{named}", body


def _restore_test(restore_test: RestoreTest) -> Iterator[tuple[str, str, Body]]:
    plan = logical("restore_tests", restore_test.name)
    points = {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": restore_test.vaults,
        "RecoveryPointTypes": ["SNAPSHOT"],
    }
    named = {"RestoreTestingPlanName": restore_test.name, "ScheduleExpression": restore_test.schedule}
    yield plan, "AWS::Backup::RestoreTestingPlan", {**named, "RecoveryPointSelection": points}
    body = {
        "RestoreTestingSelectionName": restore_test.name,
        "RestoreTestingPlanName": {"Ref": plan},
        "ProtectedResourceType": "EFS",
        "ProtectedResourceArns": restore_test.resources,
        "IamRoleArn": restore_test.role,
    }
    yield f"{plan}Selection", "AWS::Backup::RestoreTestingSelection", body
