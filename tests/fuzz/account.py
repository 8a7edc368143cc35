"""A stack as the account that it was deployed to: what an audit would have recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from msgspec.structs import replace
from tests.fuzz.documents import document, trust
from tests.fuzz.stacks import FileSystem, Identity, Link, PlanRule, RestoreTest, Selection, Stack, Vault
from tests.fuzz.terraform import outside
from tests.support.accounts import facts_of

from restore_ready import Fact, Status

_IAM: Final = {"roles": "Role", "groups": "Group", "users": "User"}


def facts(stack: Stack) -> list[Fact]:
    """Return the facts of an account in which there is *stack* and nothing else."""
    told = [{"fact": name, "params": params, "data": _plain(data)} for name, params, data in _facts(stack)]
    return facts_of({"facts": told})


def refused(facts_: list[Fact], number: int) -> list[Fact]:
    """Return the facts of an account that denied the call with this number."""
    fact = facts_[number]
    denied = replace(fact, status=Status.UNKNOWN, data={}, code="AccessDeniedException", action=f"grant:{fact.id}")
    return [*facts_[:number], denied, *facts_[number + 1 :]]


def _plain(tree: Any) -> Any:  # noqa: ANN401  # any part of an answer
    if isinstance(tree, Link):
        return outside(tree.kind, tree.name)
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    return [_plain(value) for value in tree] if isinstance(tree, (list, tuple)) else tree


_Told: TypeAlias = Iterator[tuple[str, dict[str, str], Any]]
"""Facts: their ids, what they are about, and what AWS answered."""


def _facts(stack: Stack) -> _Told:
    yield from _of_file_systems(stack)
    for key in stack.keys:
        policy = _policy(key.policy) if key.policy else _KEY_POLICY
        yield "key_policy", {"KeyId": outside("keys", key.name)}, {"Policy": policy}
    yield from _of_vaults(stack)
    yield from _of_plans(stack)
    for restore_test in stack.restore_tests:
        yield from _restore_test(restore_test)
    functions = [{"FunctionName": mover.name, "Timeout": mover.timeout, **_FUNCTION} for mover in stack.movers]
    yield "functions", {}, {"Functions": functions}
    details = {
        f"{named}DetailList": [_identity(named, identity) for identity in getattr(stack, kind)]
        for kind, named in _IAM.items()
    }
    yield "iam", {}, details


def _of_file_systems(stack: Stack) -> _Told:
    yield "file_systems", {}, {"FileSystems": [_file_system(file_system) for file_system in stack.file_systems]}
    for file_system in stack.file_systems:
        about = {"FileSystemId": f"fs-{file_system.name}"}
        if file_system.automatic:
            yield "backup_policy", about, {"BackupPolicy": {"Status": file_system.automatic}}
        if file_system.policy:
            yield "file_system_policy", about, {"Policy": _policy(file_system.policy)}


def _of_vaults(stack: Stack) -> _Told:
    yield "vaults", {}, {"BackupVaultList": [_vault(vault) for vault in stack.vaults]}
    for vault in stack.vaults:
        about = {"BackupVaultName": vault.name}
        if vault.policy:
            yield "vault_policy", about, {"Policy": _policy(vault.policy)}
        if vault.events:
            topic = "arn:aws:sns:eu-west-1:111122223333:on-call"
            yield "vault_notifications", about, {"SNSTopicArn": topic, "BackupVaultEvents": vault.events}


def _of_plans(stack: Stack) -> _Told:
    for plan in stack.plans:
        rules = [_rule(rule) for rule in plan.rules]
        arn = f"arn:aws:backup:eu-west-1:111122223333:backup-plan:{plan.name}"
        body = {"BackupPlanName": plan.name, "Rules": rules}
        yield "plan", {}, {"BackupPlanArn": arn, "BackupPlanId": plan.name, "BackupPlan": body}
    planned = {plan.name for plan in stack.plans}
    for selection in stack.selections:
        if selection.plan in planned:
            yield "selection", {}, _selection(selection)


_FUNCTION: Final = {
    "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:efs-restore-mover",
    "Role": "arn:aws:iam::111122223333:role/mover",
}
_KEY_POLICY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "kms:*",
                "Resource": "*",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            }
        ],
    }
)


def _policy(policy: Any) -> Any:  # noqa: ANN401  # a policy's document, decoded
    return _plain(document(policy).tree)  # type: ignore[union-attr]  # an account has no holes


def _file_system(file_system: FileSystem) -> dict[str, Any]:
    tags = (("Name", file_system.name), *file_system.tags)
    return {
        "FileSystemArn": outside("file_systems", file_system.name),
        "FileSystemId": f"fs-{file_system.name}",
        "CreationTime": "2026-11-20T05:30:00Z",
        "Tags": [{"Key": key, "Value": value} for key, value in tags],
    }


def _vault(vault: Vault) -> dict[str, Any]:
    body = {"BackupVaultArn": outside("vaults", vault.name), "BackupVaultName": vault.name}
    key = {"EncryptionKeyArn": outside("keys", vault.key)} if vault.key else {}
    if vault.lock is None:
        return {**body, **key}
    return {**body, **key, "Locked": True, "MinRetentionDays": vault.lock.least, "MaxRetentionDays": vault.lock.most}


def _rule(rule: PlanRule) -> dict[str, Any]:
    lifecycle = {"DeleteAfterDays": rule.delete_after}
    copy = {"DestinationBackupVaultArn": outside("vaults", rule.copy_to), "Lifecycle": lifecycle}
    return {
        "RuleName": rule.name,
        "TargetBackupVaultName": rule.vault,
        "ScheduleExpression": rule.schedule,
        "ScheduleExpressionTimezone": rule.zone,
        "StartWindowMinutes": rule.start_window,
        "CompletionWindowMinutes": rule.completion_window,
        "Lifecycle": lifecycle,
        **({"CopyActions": [copy]} if rule.copy_to else {}),
    }


def _selection(selection: Selection) -> dict[str, Any]:
    tags = [
        {"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value} for key, value in selection.tags
    ]
    chosen = {"SelectionName": selection.name, "IamRoleArn": selection.role, "Resources": selection.resources}
    return {
        "BackupPlanId": selection.plan,
        "SelectionId": selection.name,
        "BackupSelection": {**chosen, "ListOfTags": tags},
    }


def _restore_test(restore_test: RestoreTest) -> Iterator[tuple[str, dict[str, str], Any]]:
    name = restore_test.name
    points = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": restore_test.vaults}
    plan = {
        "RestoreTestingPlanName": name,
        "RestoreTestingPlanArn": f"arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:{name}",
        "ScheduleExpression": restore_test.schedule,
        "RecoveryPointSelection": {**points, "RecoveryPointTypes": ["SNAPSHOT"]},
    }
    about = {"RestoreTestingPlanName": name}
    yield "restore_test_plan", about, {"RestoreTestingPlan": plan}
    selection = {
        **about,
        "RestoreTestingSelectionName": name,
        "ProtectedResourceType": "EFS",
        "ProtectedResourceArns": restore_test.resources,
        "IamRoleArn": restore_test.role,
    }
    about = {**about, "RestoreTestingSelectionName": name}
    yield "restore_test_selection", about, {"RestoreTestingSelection": selection}


def _identity(kind: str, identity: Identity) -> dict[str, Any]:
    managed = [{"PolicyArn": arn, "PolicyName": str(arn).rpartition("/")[2]} for arn in identity.managed]  # type: ignore[union-attr]
    own = [{"PolicyName": "own", "PolicyDocument": _policy(identity.policy)}] if identity.policy else []
    body = {
        "Arn": f"arn:aws:iam::111122223333:{kind.lower()}/{identity.name}",
        f"{kind}Name": identity.name,
        f"{kind}PolicyList": own,
        "AttachedManagedPolicies": managed,
    }
    return {**body, "AssumeRolePolicyDocument": trust(identity).tree} if kind == "Role" else body
