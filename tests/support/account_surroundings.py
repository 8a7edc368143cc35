"""What the story of a live account names and leaves to others, as `tests.aws_server.surroundings` has it for the rest.

These are the vaults that plans, copies and restore tests name in a Region whose ``vaults`` are not told, the vault
``Default`` also in others, and the default service role where ``iam`` is not told or speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.aws_server.surroundings import AUTOMATIC_VAULT, DEFAULT_ROLE, DEFAULT_VAULT, SERVICE_ROLE, TRUST

from restore_ready import Fact, Status

ACCOUNT = "111122223333"
REGION = "eu-west-1"

_VAULT = re.compile(rf"arn:aws:backup:([a-z0-9-]+):{ACCOUNT}:backup-vault:([\w/-]+)(?![\w*?/-])")
_HEARD = {
    "SNSTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call",
    "BackupVaultEvents": ["BACKUP_JOB_COMPLETED", "RESTORE_JOB_COMPLETED"],
}
_ROLE = {
    "Arn": f"arn:aws:iam::{ACCOUNT}:role/service-role/{DEFAULT_ROLE}",
    "RoleName": DEFAULT_ROLE,
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]},
    "AttachedManagedPolicies": [{"PolicyArn": f"{SERVICE_ROLE}{purpose}"} for purpose in ("Backup", "Restores")],
}


def surrounded(told: list[Fact]) -> list[Fact]:
    """Return the facts *told* and those around them."""
    iam = next((fact for fact in told if fact.id == "iam"), None)
    others = [fact for fact in told if fact.id not in {"iam", "vaults"}]
    return [_with_role(iam, str([fact.data for fact in told])), *others, *_with_vaults(told)]


def _with_role(iam: Fact | None, text: str) -> Fact:
    if iam is None:
        return Fact("iam", ACCOUNT, "", Status.OK, data={"RoleDetailList": [_ROLE]})
    roles = list(iam.data.get("RoleDetailList", ())) if iam.status is Status.OK else []
    if (
        iam.status is not Status.OK
        or f"'{_ROLE['Arn']}'" not in text
        or any(one["Arn"] == _ROLE["Arn"] for one in roles)
    ):
        return iam
    return Fact("iam", ACCOUNT, "", Status.OK, data={**iam.data, "RoleDetailList": [*roles, _ROLE]})


def _with_vaults(told: list[Fact]) -> Iterator[Fact]:
    listed = {fact.region: fact for fact in told if fact.id == "vaults"}
    named: dict[str, dict[str, None]] = {region: {} for region in listed}
    for region, name in (found for fact in told for found in _named(fact)):
        named.setdefault(region, {})[name] = None
    for region, names in named.items():
        fact = listed.get(region)
        if fact is not None and fact.status is not Status.OK:
            yield fact
            continue
        own = [] if fact is None else list(fact.data["BackupVaultList"])
        known = {entry["BackupVaultName"] for entry in own} | {AUTOMATIC_VAULT}
        added = [name for name in names if name not in known and (fact is None or name == DEFAULT_VAULT)]
        entries = [*own, *({"BackupVaultName": name} for name in added)]
        yield Fact("vaults", ACCOUNT, region, Status.OK, data={"BackupVaultList": entries})
        for name in added:
            yield Fact("vault_notifications", ACCOUNT, region, Status.OK, {"BackupVaultName": name}, _HEARD)


def _named(fact: Fact) -> Iterator[tuple[str, str]]:
    """Give the vaults that a plan or a restore testing plan names, by Region and name."""
    if fact.id in {"plan", "restore_test_plan"}:
        yield from _VAULT.findall(str(fact.data))
    plan: Mapping[str, Any] = fact.data.get("BackupPlan", {}) if fact.id == "plan" else {}
    for rule in plan.get("Rules", ()):
        if isinstance(rule.get("TargetBackupVaultName"), str):
            yield fact.region, rule["TargetBackupVaultName"]
