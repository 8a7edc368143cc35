"""Which vault a name, an ARN or a reference means, and what a vault's own policy takes away from everyone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.iam import matches
from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    Estate,
    Known,
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Source,
    Str,
    Truth,
    Unresolved,
    VaultPolicy,
    any_true,
    unresolved_reason,
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
_HERE: Final = f":{THIS_REGION}:{THIS_ACCOUNT}:"
_MARK: Final = ":backup-vault:"


class Vaults:
    """The vaults of an estate, to be found by whatever names them."""

    def __init__(self, estate: Estate) -> None:
        """Take the vaults of *estate*."""
        self._addresses = {one.address for one in estate.vaults}
        self._exact = estate.source is Source.ACCOUNT
        self._by_name: dict[str, list[str]] = {}
        for one in estate.vaults:
            if isinstance(one.name, str):
                self._by_name.setdefault(one.name, []).append(one.address)

    def key(self, value: Str, *, here: bool = False) -> Known[str]:
        """Return what identifies the vault that *value* means: its address, or its name where it is not in the estate.

        Args:
            value: a name, an ARN or a reference.
            here: whether it certainly lies in this account and Region, whatever its ARN says.
        """
        if isinstance(value, Ref) and value.target in self._addresses:
            return value.target
        if not isinstance(value, str):
            return Unresolved(f"the vault is not known: {unresolved_reason(value)}")
        before, mark, name = value.partition(_MARK)
        if not mark:
            return self._named(value)
        if here or f"{before}:".endswith(_HERE):
            return self._named(name)
        if name in self._by_name and not self._exact:
            return Unresolved(f"{value} may be the vault of that name in this configuration or one elsewhere")
        return value

    def _named(self, name: str) -> Known[str]:
        addresses = self._by_name.get(name, [name])
        if len(addresses) > 1:
            return Unresolved(f"several vaults are called {name}: {', '.join(addresses)}")
        return addresses[0]


def plan_rules(estate: Estate) -> Iterator[tuple[Plan, PlanRule]]:
    """Give the rules of every plan of *estate* whose rules are known."""
    for plan in estate.plans:
        for rule in () if isinstance(plan.rules, Unresolved) else plan.rules:
            yield plan, rule


def vault_policies(estate: Estate, _requirements: Requirements) -> Iterable[VaultPolicy]:
    """Give the access policies of *estate*'s vaults."""
    return estate.vault_policies


def is_copy_only(vault: Str, estate: Estate, requirements: Requirements) -> Truth:
    """Tell whether the requirements declare a vault, by its name, as one that only receives copies."""
    if not requirements.copy_only:
        return False
    names = [one.name for one in estate.vaults if isinstance(vault, Ref) and one.address == vault.target] or [vault]
    return any_true(matches(pattern, name, fold_case=True) for pattern in requirements.copy_only for name in names)
