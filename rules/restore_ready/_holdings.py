"""In which vaults recovery points lie, and under which access policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from restore_ready import _automatic
from restore_ready._automatic import has_automatic_backups
from restore_ready._model import Estate, FileSystem, Place, Plan, PlanRule, Selection, Vault, VaultPolicy
from restore_ready._reach import selecting
from restore_ready._requirements import Requirements
from restore_ready._values import Ref, Str, Truth, Unresolved, all_true, show
from restore_ready._vaults import Vaults, is_copy_only, plan_rules
from restore_ready.iam import parse_document

_AUTOMATIC_POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": [
                "backup:DeleteBackupVault",
                "backup:DeleteBackupVaultAccessPolicy",
                "backup:DeleteRecoveryPoint",
                "backup:StartCopyJob",
                "backup:StartRestoreJob",
                "backup:UpdateRecoveryPointLifecycle",
            ],
            "Resource": "*",
        }
    ],
}
"""The access policy that AWS gives the vault of automatic EFS backups."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A vault that holds recovery points, or may.

    Attributes:
        key: tells it from other vaults.
        name: the vault as people know it: its name, else its address or ARN.
        holds: whether recovery points certainly go there, or why that is open.
        vault: the vault, where the estate declares it.
        policies: its access policies in sight.
        in_sight: whether these are all it has; else why that is open.
    """

    key: str
    name: str
    holds: Truth
    vault: Vault | None = None
    policies: tuple[VaultPolicy, ...] = ()
    in_sight: Truth = True


def holdings_of(file_system: FileSystem, estate: Estate, requirements: Requirements) -> tuple[Holding, ...]:
    """Return the vaults that hold, or may hold, recovery points of a file system; copy-only vaults are left out."""
    found: dict[str, Holding] = {}
    for selection, covered in selecting(file_system, estate):
        for target, holds in _targets(selection, covered, estate):
            if is_copy_only(target, estate, requirements) is not True:
                _keep(found, _holding(target, holds, estate))
    automatic = has_automatic_backups(file_system, estate)
    if automatic is not False:
        _keep(found, _automatic_holding(automatic, file_system.place, estate))
    return tuple(found.values())


def holdings_in_use(estate: Estate, requirements: Requirements) -> tuple[Holding, ...]:
    """Return the vaults that the backup plans of *estate* write to, copy-only vaults left out."""
    targets = dict.fromkeys(target for _, rule in plan_rules(estate) for target in _vaults(rule))
    kept = (one for one in targets if is_copy_only(one, estate, requirements) is not True)
    found: dict[str, Holding] = {}
    for target in kept:
        _keep(found, _holding(target, True, estate))  # noqa: FBT003  # it holds: that is what True says
    return tuple(found.values())


def _keep(found: dict[str, Holding], holding: Holding) -> None:
    """Keep one holding for each vault, the more certain one."""
    before = found.get(holding.key)
    if before is None or (before.holds is not True and holding.holds is True):
        found[holding.key] = holding


def _targets(selection: Selection, covered: Truth, estate: Estate) -> Iterator[tuple[Str, Truth]]:
    """Give the vaults that the plan of *selection* writes to, each with whether recovery points certainly go there."""
    if selection.organization and covered is True:
        covered = Unresolved(f"whether {selection.address} is attached to the account deployed to is not known")
    plans = _plans_of(selection, estate)
    if not plans:
        why = Unresolved(f"the plan of {selection.address} is not in this configuration")
        yield why, why
    for plan in plans:
        if isinstance(plan.rules, Unresolved):
            yield plan.rules, plan.rules
            continue
        for rule in plan.rules:
            yield from ((target, _certain(covered, target)) for target in _vaults(rule))


def _certain(covered: Truth, target: Str) -> Truth:
    return all_true([covered, target if isinstance(target, Unresolved) else True])


def _plans_of(selection: Selection, estate: Estate) -> Iterable[Plan]:
    target = selection.plan.target if isinstance(selection.plan, Ref) else ""
    return estate.derived(_plans_by_address).get(target, ())


def _plans_by_address(estate: Estate) -> Mapping[str, list[Plan]]:
    found: dict[str, list[Plan]] = {}
    for plan in estate.plans:
        found.setdefault(plan.address, []).append(plan)
    return found


def _vaults(rule: PlanRule) -> Iterator[Str]:
    yield rule.vault
    if rule.air_gapped_vault is not None:
        yield rule.air_gapped_vault
    if isinstance(rule.copies, Unresolved):
        yield rule.copies
    else:
        yield from (copy.destination for copy in rule.copies)


def _holding(target: Str, holds: Truth, estate: Estate) -> Holding:
    key = estate.derived(Vaults).key(target)
    if isinstance(key, Unresolved):
        return Holding(f"? {show(target)}", show(target), holds, in_sight=key)
    if key == _automatic.VAULT:
        return _automatic_holding(holds, Place(estate.root), estate)
    vault = estate.derived(_vaults_by_address).get(key)
    policies = _policies(key, estate)
    if vault is None and not policies:
        return Holding(key, key, holds, in_sight=Unresolved(f"vault {key} is not in this configuration"))
    name = vault.name if vault is not None and isinstance(vault.name, str) else key
    return Holding(key, name, holds, vault, policies, _in_sight(estate))


def _vaults_by_address(estate: Estate) -> Mapping[str, Vault]:
    return {one.address: one for one in estate.vaults}


def _in_sight(estate: Estate) -> Truth:
    """Tell whether every vault policy can be told to be one vault's."""
    homeless = _policies("", estate)
    return Unresolved(f"which vault {homeless[0].address} is for is not known") if homeless else True


def _policies(key: str, estate: Estate) -> tuple[VaultPolicy, ...]:
    return estate.derived(_policies_by_vault).get(key, ())


def _policies_by_vault(estate: Estate) -> Mapping[str, tuple[VaultPolicy, ...]]:
    """Return vault policies by the key of their vault, ``""`` where that is not known; for `Estate.derived`."""
    found: dict[str, list[VaultPolicy]] = {}
    vaults = estate.derived(Vaults)
    for policy in estate.vault_policies:
        key = vaults.key(policy.vault)
        found.setdefault("" if isinstance(key, Unresolved) else key, []).append(policy)
    return {key: tuple(policies) for key, policies in found.items()}


def _automatic_holding(holds: Truth, place: Place, estate: Estate) -> Holding:
    """Return AWS's vault of automatic backups, with the policy that AWS gives it unless the estate replaces that."""
    policies = _policies(_automatic.VAULT, estate)
    if not policies:
        document = parse_document(_AUTOMATIC_POLICY)
        policies = (VaultPolicy(_automatic.VAULT, place, _automatic.VAULT, document),)
    return Holding(_automatic.VAULT, _automatic.VAULT, holds, None, policies)
