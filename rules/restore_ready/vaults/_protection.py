"""Whether recovery points of a vault are safe from people who may otherwise do everything.

A locked vault keeps every recovery point until its time
(https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html), and so does a logically air-gapped one. An
access policy keeps them from all that it denies their deletion, as long as these can't change the policy either
(https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.iam import EVERY_RECOVERY_POINT, Denied, Identity, Outcome, Request, Undecided, evaluate
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AwsPlace,
    Policy,
    PrincipalKind,
    Str,
    Truth,
    Unresolved,
    Vault,
    VaultLock,
    VaultPolicy,
    any_true,
    doubt,
)
from restore_ready.vaults._callers import EVERYTHING
from restore_ready.vaults._refused_locks import why_refused

ON_POINTS: Final = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")
"""What ends a recovery point, at once or before its time; compared with the recovery point's ARN."""

ON_VAULT: Final = ("backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy")
"""What lifts the protection; compared with the vault's ARN."""

_STRANGERS: Final = (
    ("role/somebody-who-is-not-named", PrincipalKind.ROLE),
    ("user/somebody-who-is-not-named", PrincipalKind.USER),
)
"""Whom no sound exemption names: one that lets them do it lets anyone."""

_CALL: Final[dict[str, tuple[Str, ...]]] = {
    "aws:multifactorauthage": ("1",),
    "aws:multifactorauthpresent": ("true",),
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),
    "aws:userid": ("NOBODYINPARTICULAR:somebody",),
    "aws:viaawsservice": ("false",),
}


def is_locked(vault: Vault, estate: EstateIndex) -> Truth:
    """Return whether a vault lock, or that it is logically air-gapped, keeps the recovery points of *vault*."""
    return any_true(_locks(lock, vault, estate) for lock in estate.vault_locks)


def _locks(lock: VaultLock, vault: Vault, estate: EstateIndex) -> Truth:
    key = estate.vault_keys.key(lock.vault, lock.aws_place, here=True)
    if isinstance(key, Unresolved):
        return Unresolved(f"{lock.address} may be its lock: {key.why}")
    if key != vault.address or why_refused(lock):
        return False
    why = doubt(lock, vault.maybe)
    return Unresolved(why) if why else True


def open_actions(vault: Vault, estate: EstateIndex) -> Iterator[tuple[str, Truth]]:
    """Yield what anyone may do to the recovery points of *vault* or to their protection, certainly or perhaps.

    Anyone is somebody with every permission whom no exemption names.
    """
    policies = estate.policies_of_vaults.of(vault.address)
    astray = estate.policies_of_vaults.astray
    point, vault_itself = EVERY_RECOVERY_POINT, _arn(vault)
    for action in (*ON_POINTS, *ON_VAULT):
        arn = point if action in ON_POINTS else vault_itself
        denied = any_true(_denies(policy, action, arn, vault) for policy in policies)
        if denied is False and astray is not None:
            denied = Unresolved(f"which vault {astray.address} is for is not known")
        if denied is not True:
            yield action, denied if isinstance(denied, Unresolved) else True


def _arn(vault: Vault) -> Str:
    named = isinstance(vault.name, str)
    return vault.aws_place.arn("backup", f"backup-vault:{vault.name}") if named else Unresolved("its name is not known")


def _denies(policy: VaultPolicy, action: str, arn: Str, vault: Vault) -> Truth:
    """Return whether *policy* denies *action* to all strangers."""
    if isinstance(policy.document, Unresolved):
        return Unresolved(f"the access policy of {policy.address} is not known: {policy.document.why}")
    attached = Policy(policy.address, policy.place, policy.address, policy.document)
    address = "" if action in ON_POINTS else vault.address
    context = {**_CALL, "aws:resourceaccount": (vault.aws_place.arn_account,)}
    request = Request(action, arn, address, context)
    outcomes = [_outcome(stranger, request, attached, vault.aws_place) for stranger in _STRANGERS]
    if not all(isinstance(outcome, (Denied, Undecided)) and _is_explicit(outcome) for outcome in outcomes):
        return False
    reasons = (outcome.why for outcome in outcomes if isinstance(outcome, Undecided))
    open_part = next(reasons, doubt(policy))
    return Unresolved(f"whether {policy.address} denies {action} is not known: {open_part}") if open_part else True


def _is_explicit(outcome: Denied | Undecided) -> bool:
    return isinstance(outcome, Undecided) or outcome.by is not None


def _outcome(stranger: tuple[str, PrincipalKind], request: Request, policy: Policy, at: AwsPlace) -> Outcome:
    name, kind = stranger
    identity = Identity(f"arn:{at.partition}:iam::{at.arn_account}:{name}", kind, (EVERYTHING,))
    return evaluate(identity, request, resource_policy=policy).outcome
