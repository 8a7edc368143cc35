"""Which vault a name, an ARN or a reference means, and what a vault's own policy takes away from everyone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.iam import denies_everyone, matches
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Str,
    Truth,
    Unresolved,
    VaultPolicy,
    any_true,
    doubt,
)

VAULT_TERRAFORM: Final = (
    "aws_backup_vault",
    "aws_backup_logically_air_gapped_vault",
    "awscc_backup_backup_vault",
    "awscc_backup_logically_air_gapped_backup_vault",
)
VAULT_CLOUDFORMATION: Final = ("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault")
POLICY_TERRAFORM: Final = (
    "aws_backup_vault_policy",
    "awscc_backup_backup_vault",
    "awscc_backup_logically_air_gapped_backup_vault",
)


def plan_rules(estate: EstateIndex) -> Iterator[tuple[Plan, PlanRule]]:
    """Yield the rules of every plan of *estate* whose rules are known."""
    for plan in estate.plans:
        for rule in () if isinstance(plan.rules, Unresolved) else plan.rules:
            yield plan, rule


def vault_policies(estate: EstateIndex, _requirements: Requirements) -> Iterable[VaultPolicy]:
    """Return the access policies of *estate*'s vaults."""
    return estate.vault_policies


def is_copy_only(vault: Str, estate: EstateIndex, requirements: Requirements) -> Truth:
    """Return whether the requirements declare a vault, by its name, as one that only receives copies."""
    if not requirements.copy_only:
        return False
    declared = estate.vaults_by_address.get(vault.target) if isinstance(vault, Ref) else None
    name = vault if declared is None else declared.name
    return any_true(matches(pattern, name, fold_case=True) for pattern in requirements.copy_only)


def is_bypassed(policy: VaultPolicy, estate: EstateIndex) -> bool:
    """Return whether *policy* is that of a vault which EFS goes past, into a logically air-gapped one."""
    bypassed = estate.bypassed_vaults
    return bool(bypassed) and estate.vault_keys.key(policy.vault, policy.aws_place, here=True) in bypassed


def denied_to_everyone(policies: Iterable[VaultPolicy], action: str) -> Truth:
    """Return whether one of a vault's access policies denies *action* to everyone.

    Open where one can't be read, and where one that does may not exist.
    """
    return any_true(_denies_everyone(policy, action) for policy in policies)


def _denies_everyone(policy: VaultPolicy, action: str) -> Truth:
    if isinstance(policy.document, Unresolved):
        return Unresolved(f"the access policy of {policy.address} is not known: {policy.document.why}")
    answer = denies_everyone(policy.document, action).answer
    why = doubt(policy) if answer is True else ""
    return Unresolved(why) if why else answer
