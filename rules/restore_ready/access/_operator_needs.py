"""What an operator needs beside the start of a restore and the role: to find, to fill in, to follow, to clear the way.

``ListRecoveryPointsByBackupVault`` and the changes of an access policy are authorized on the vault,
``GetRecoveryPointRestoreMetadata`` on the recovery point, the rest on no resource (Service Authorization Reference,
"AWS Backup"). A Deny in a vault's policy is lifted by overwriting or deleting the policy (AWS Backup Developer Guide,
"Restore an Amazon EFS file system").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct

from restore_ready.access._decisions import may_do, may_on_points, truth_of, vault_lets
from restore_ready.iam import EVERY_VAULT, Denied, Undecided
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Policy,
    Principal,
    Requirements,
    Truth,
    Unresolved,
    VaultPolicy,
    all_true,
    any_true,
    negate,
)
from restore_ready.vaults._recovery_points import RecoveryPointVault, recovery_point_vaults, vaults_in_use

_BY_VAULT: Final = "backup:ListRecoveryPointsByBackupVault"
_BY_RESOURCE: Final = "backup:ListRecoveryPointsByResource"
_METADATA: Final = "backup:GetRecoveryPointRestoreMetadata"
_FOLLOW: Final = ("backup:DescribeRestoreJob", "backup:ListRestoreJobs")
LIFT: Final = ("backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy")
"""Either of these takes a Deny away from a vault."""

_MOST: Final = 20
"""Vaults, and groups of vaults, that one principal is asked about."""

VaultChoice: TypeAlias = tuple[RecoveryPointVault, ...]
"""All the vaults that something can be restored from; one of them is enough."""


class Need(Struct, frozen=True):
    """Something that an operator must be able to do.

    Attributes:
        actions: one of them is enough.
        met: whether the operator may.
    """

    what: str
    actions: tuple[str, ...]
    met: Truth


def needs(principal: Principal, estate: EstateIndex, choices: Sequence[VaultChoice]) -> Iterator[Need]:
    """Yield what a restore operator needs beside the start of a restore, in the order of use."""
    vaults = dict.fromkeys(vault for choice in choices for vault in choice)
    listing = (_on_vault(principal, _BY_VAULT, vault, estate) for vault in islice(vaults, _MOST))
    found = any_true([_on_any(principal, _BY_RESOURCE, "*", estate), *listing, _by_any_vault(principal, estate)])
    yield Need("find the recovery point", (_BY_VAULT, _BY_RESOURCE), found)
    yield Need(
        "read the recovery point's metadata",
        (_METADATA,),
        truth_of(may_on_points(principal, _METADATA, estate).outcome),
    )
    followed = any_true(_on_any(principal, action, "*", estate) for action in _FOLLOW)
    yield Need("follow the job", _FOLLOW, followed)
    for choice in choices[:_MOST]:
        names = ", ".join(vault.name for vault in choice)
        yield Need(f"lift the Deny of vault {names}", LIFT, _way_is_clear(principal, choice, estate))


def vault_choices(estate: EstateIndex, requirements: Requirements) -> tuple[VaultChoice, ...]:
    """Return the vaults that each file system can be restored from, those alike once; those of plans where none is.

    What can be restored from vaults out of sight as well is left out.
    """
    found = [recovery_point_vaults(file_system, estate, requirements) for file_system in estate.file_systems]
    every = found or [vaults_in_use(estate, requirements)]
    choices = {tuple(vault.key for vault in seen.certain): seen.certain for seen in every if seen.hidden is None}
    return tuple(choice for choice in choices.values() if choice)


def _by_any_vault(principal: Principal, estate: EstateIndex) -> Truth:
    return truth_of(may_do(principal, _BY_VAULT, EVERY_VAULT, estate).outcome)


def _on_any(principal: Principal, action: str, resource: str, estate: EstateIndex) -> Truth:
    return truth_of(may_do(principal, action, resource, estate).outcome)


def _on_vault(
    principal: Principal, action: str, vault: RecoveryPointVault, estate: EstateIndex, policy: Policy | None = None
) -> Truth:
    address, place = (vault.vault.address, vault.vault.aws_place) if vault.vault else ("", estate.home)
    arn = vault.name if vault.name.startswith("arn:") else place.arn("backup", f"backup-vault:{vault.name}")
    return truth_of(may_do(principal, action, arn, estate, address, policy).outcome)


def _way_is_clear(principal: Principal, choice: VaultChoice, estate: EstateIndex) -> Truth:
    """Return whether one of the vaults lets the principal restore, or may be made to by it."""
    ways = (any_true([negate(_refuses(principal, vault)), _can_lift(principal, vault, estate)]) for vault in choice)
    return any_true(ways)


def _refuses(principal: Principal, vault: RecoveryPointVault) -> Truth:
    answers: list[Truth] = [_is_denied(principal, policy) for policy in vault.policies]
    return any_true(answers)


def _is_denied(principal: Principal, policy: VaultPolicy) -> Truth:
    outcome = vault_lets(principal, policy).outcome
    return Unresolved(outcome.why) if isinstance(outcome, Undecided) else isinstance(outcome, Denied)


def _can_lift(principal: Principal, vault: RecoveryPointVault, estate: EstateIndex) -> Truth:
    """Return whether the principal may overwrite or delete the policies of a vault, as far as these let it."""
    return any_true(may_on_vault(principal, action, vault, estate) for action in LIFT)


def may_on_vault(principal: Principal, action: str, vault: RecoveryPointVault, estate: EstateIndex) -> Truth:
    """Return whether *principal* may do *action* on a vault, as far as each of the vault's own policies lets it."""
    policies: Iterable[Policy | None] = [_as_policy(policy) for policy in vault.policies] or [None]
    return all_true(_on_vault(principal, action, vault, estate, policy) for policy in policies)


def _as_policy(policy: VaultPolicy) -> Policy:
    return Policy(policy.address, policy.place, policy.address, policy.document, places=policy.places)
