"""In which vaults recovery points lie that may be restored, and under which access policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.coverage._automatic import VAULT, VAULT_POLICY, is_automatic_vault
from restore_ready.history._records import usable_points
from restore_ready.iam import matches
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AwsPlace,
    CopyJob,
    FileSystem,
    Known,
    ListedKind,
    Place,
    PlanRule,
    RecoveryPoint,
    Requirements,
    Str,
    Truth,
    Unresolved,
    Vault,
    VaultPolicy,
    any_true,
)
from restore_ready.model._why_open import NOT_HERE
from restore_ready.vaults._copies import holds_no_copy
from restore_ready.vaults._destinations import destinations
from restore_ready.vaults._lookup import plan_rules

_ACCOUNT: Final = 4
"""Where the account stands in an ARN."""

_ARN_OF: Final = ":backup-vault:"


class RecoveryPointVault(Struct, frozen=True):
    """A vault that holds recovery points.

    Attributes:
        key: what identifies it, as `Vaults.key` has it.
        name: its name, else its address or ARN.
        vault: the vault, where the estate declares it.
        policies: its access policies in sight.
        in_sight: whether these are all it has; else why that is open.
    """

    key: str
    name: str
    vault: Vault | None = None
    policies: tuple[VaultPolicy, ...] = ()
    in_sight: Truth = True


class RecoveryPointVaults(Struct, frozen=True):
    """The vaults that hold recovery points, copy-only vaults left out.

    Attributes:
        hidden: why there may be others; ``None`` where there certainly are none in the estate.
        refused: why a live account does not show all of them; ``None`` where it does, and for other sources.
    """

    certain: tuple[RecoveryPointVault, ...]
    hidden: Unresolved | None = None
    refused: Unresolved | None = None


def recovery_point_vaults(
    file_system: FileSystem, estate: EstateIndex, requirements: Requirements
) -> RecoveryPointVaults:
    """Return the vaults that hold recovery points of *file_system*.

    Where a live account shows its recovery points, those are the vaults that have any; of vaults elsewhere, which it
    does not show, and as long as there is no recovery point at all, those that plans lay them in. Of a file system that
    its recovery points alone tell of, no plan is asked.
    """
    if file_system.lost is not None:
        held = _point_vaults(_shown(file_system, estate), estate, requirements)
        return RecoveryPointVaults(held.certain, _unseen(file_system, estate))
    found = destinations(file_system, estate)
    laid, shown = [destination.vault for destination in found.certain], _shown(file_system, estate)
    if shown:
        here = estate.vaults_by_address
        jobs = _copy_jobs(file_system, estate)
        elsewhere = (
            vault
            for vault in laid
            if isinstance(vault, str)
            and vault.startswith("arn:")
            and vault not in here
            and not holds_no_copy(vault, jobs)
        )
        return RecoveryPointVaults(_point_vaults((*shown, *elsewhere), estate, requirements).certain)
    held = _point_vaults(laid, estate, requirements)
    return RecoveryPointVaults(held.certain, held.hidden if found.hidden is None else found.hidden)


def _copy_jobs(file_system: FileSystem, estate: EstateIndex) -> tuple[CopyJob, ...]:
    history = estate.histories_by_file_system.get(file_system.address)
    jobs = () if history is None else history.copy_jobs
    return () if isinstance(jobs, Unresolved) else jobs


def _shown(file_system: FileSystem, estate: EstateIndex) -> tuple[str, ...]:
    """Return the keys of the vaults in which complete recovery points are on record, that with the newest first."""
    keys = (vault_of_point(point, estate) for point in usable_points(file_system, estate))
    return tuple(dict.fromkeys(key for key in keys if isinstance(key, str)))


def vault_of_point(point: RecoveryPoint, estate: EstateIndex) -> Known[str]:
    """Return what identifies the vault of a recovery point of a live account: one of its own, or one shared with it."""
    account = estate.home.arn_account
    shared = point.vault_arn.startswith("arn:") and point.vault_arn.split(":")[_ACCOUNT] != account
    named = point.vault_arn if shared else point.vault
    return estate.vault_keys.key(named, estate.home, here=not shared)


def _unseen(file_system: FileSystem, estate: EstateIndex) -> Unresolved | None:
    """Return why there may be recovery points that are not on record."""
    history = estate.histories_by_file_system.get(file_system.address)
    points = () if history is None else history.recovery_points
    return points if isinstance(points, Unresolved) else None


def automatic_vault(estate: EstateIndex, at: AwsPlace) -> RecoveryPointVault:
    """Return the vault of automatic backups at a place, with AWS's own policy unless another one is in sight."""
    return _point_vault(estate.vault_keys.undeclared(VAULT, at), estate)


def vaults_in_use(estate: EstateIndex, requirements: Requirements) -> RecoveryPointVaults:
    """Return the vaults that the backup plans of *estate* write to."""
    vaults = estate.vault_keys
    keys = (vaults.key(target, plan.aws_place) for plan, rule in plan_rules(estate) for target in _targets(rule))
    found = _point_vaults(keys, estate, requirements)
    refused = next(_refused(estate), None)
    if refused is None:
        return found
    return replace(found, hidden=refused if found.hidden is None else found.hidden, refused=refused)


def _refused(estate: EstateIndex) -> Iterator[Unresolved]:
    """Yield why the plans, their rules or the vaults of a live account are not known."""
    hidden = estate.not_listed(ListedKind.PLAN, ListedKind.VAULT)
    if hidden is not None:
        yield hidden
    for plan in estate.plans if estate.listings else ():
        if isinstance(plan.rules, Unresolved):
            yield plan.rules


def _targets(rule: PlanRule) -> Iterator[Str]:
    yield rule.efs_vault
    if isinstance(rule.copies, Unresolved):
        yield rule.copies
    else:
        yield from (copy.destination for copy in rule.copies)


def _point_vaults(keys: Iterable[Known[str]], estate: EstateIndex, requirements: Requirements) -> RecoveryPointVaults:
    distinct = list(dict.fromkeys(keys))
    known = (_point_vault(key, estate) for key in distinct if isinstance(key, str))
    hidden = (key for key in distinct if isinstance(key, Unresolved))
    return RecoveryPointVaults(
        tuple(vault for vault in known if not _is_copy_only(vault, requirements)), next(hidden, None)
    )


def _point_vault(key: str, estate: EstateIndex) -> RecoveryPointVault:
    own, astray = estate.policies_of_vaults.of(key), estate.policies_of_vaults.astray
    certain = [policy for policy in own if not policy.maybe]
    if is_automatic_vault(key):
        return RecoveryPointVault(key, key, policies=own if certain else (*own, _automatic_policy(estate, own)))
    vault = estate.vaults_by_address.get(key)
    in_sight: Truth = True
    if vault is None and not certain:
        in_sight = Unresolved(f"vault {NOT_HERE.said(what=key, here=estate.here)}")
    elif astray is not None:
        in_sight = Unresolved(f"which vault {astray.address} is for is not known")
    name = vault.name if vault is not None and isinstance(vault.name, str) else key
    return RecoveryPointVault(key, name, vault, own, in_sight)


def _automatic_policy(estate: EstateIndex, beside: Sequence[VaultPolicy]) -> VaultPolicy:
    """Return the policy that AWS gives the vault of automatic backups, unless one of *beside* exists in its place."""
    maybe = tuple(f"{policy.address} may take its place" for policy in beside)
    return VaultPolicy(VAULT, Place(estate.root), VAULT, VAULT_POLICY, maybe)


def _is_copy_only(holding: RecoveryPointVault, requirements: Requirements) -> bool:
    name = holding.name.rpartition(_ARN_OF)[2]
    return any_true(matches(pattern, name, fold_case=True) for pattern in requirements.copy_only) is True
