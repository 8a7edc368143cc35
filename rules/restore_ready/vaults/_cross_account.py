"""Whether a copy to a vault of another account can work.

The organization has to allow it, the vault must not be the account's ``Default``, and its policy has to let the source
account ``backup:CopyIntoBackupVault``. What AWS Backup manages fully, such as EFS, is copied whichever keys encrypt
both vaults; scheduled copies are made before anything moves to cold storage
(https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready.iam import Allowed, Denied, Identity, Outcome, Request, Undecided, evaluate
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Copy,
    Plan,
    Policy,
    PrincipalKind,
    Text,
    Truth,
    Unresolved,
    Vault,
    VaultPolicy,
    doubt,
    same_account_of,
)
from restore_ready.model._why_open import NOT_HERE
from restore_ready.vaults._callers import EVERYTHING
from restore_ready.vaults._destinations import vault_arn

COPY_INTO: Final = "backup:CopyIntoBackupVault"
_DEFAULT: Final = "Default"
_MARK: Final = ":backup-vault:"


class Crossing(Struct, frozen=True):
    """A copy that goes to another account, or may.

    Attributes:
        crosses: whether it does.
        faults: why it can't work if it does, and what leaves that open.
    """

    crosses: Truth
    faults: tuple[str | Unresolved, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether it can be judged: by where it goes, or because of a fault that it has if it goes elsewhere."""
        return not isinstance(self.crosses, Unresolved) or any(isinstance(fault, str) for fault in self.faults)


def crossing(copy: Copy, plan: Plan, estate: EstateIndex) -> Crossing:
    """Return where a *copy* of *plan* goes, and what stands in its way there."""
    key = estate.vault_keys.key(copy.destination, plan.aws_place)
    if isinstance(key, Unresolved):
        return Crossing(key)
    at = estate.vault_keys.place_of(key)
    near = same_account_of(at, plan.aws_place)
    if near is True:
        return Crossing(crosses=False)
    vault = estate.vaults_by_address.get(key)
    faults = (*_switched_off(estate, plan), *_of_vault(key, vault), *_not_admitted(key, vault, plan, estate))
    return Crossing(near if isinstance(near, Unresolved) else True, faults)


def _switched_off(estate: EstateIndex, plan: Plan) -> Iterator[str | Unresolved]:
    for settings in estate.global_settings:
        why = doubt(settings, plan.maybe)
        if isinstance(settings.cross_account, Unresolved):
            yield Unresolved(f"whether {settings.address} allows copies to other accounts is not known")
        elif settings.cross_account is False:
            off = f"{settings.address} switches copies to other accounts off"
            yield Unresolved(why) if why else off


def _of_vault(key: str, vault: Vault | None) -> Iterator[str]:
    name = key.rpartition(_MARK)[2] if vault is None else vault.name
    if name == _DEFAULT:
        yield f"it goes to the vault {_DEFAULT} of the other account, which takes no copies from elsewhere"


def _not_admitted(key: str, vault: Vault | None, plan: Plan, estate: EstateIndex) -> Iterator[str | Unresolved]:
    policies, astray = estate.policies_of_vaults.of(key), estate.policies_of_vaults.astray
    if vault is None and not policies:
        unseen = NOT_HERE.said(what=key, here=estate.here)
        yield Unresolved(f"whether it takes copies from this account is not known: the vault {unseen}")
    elif not policies and astray is not None:
        yield Unresolved(f"which vault {astray.address} is for is not known")
    elif not policies:
        yield f"the vault {key} has no access policy, which would have to let this account {COPY_INTO}"
    else:
        yield from _refused(key, policies, plan, estate)


def _refused(
    key: str, policies: tuple[VaultPolicy, ...], plan: Plan, estate: EstateIndex
) -> Iterator[str | Unresolved]:
    outcomes = [_outcome(policy, key, plan, estate) for policy in policies]
    if any(isinstance(outcome, Allowed) for outcome in outcomes):
        return
    decided = all(isinstance(outcome, Denied) for outcome in outcomes) and not any(policy.maybe for policy in policies)
    why = f"the policy of the vault {key} does not let this account {COPY_INTO}"
    yield why if decided else Unresolved(f"whether the policy of vault {key} lets this account copy is not known")


def _outcome(policy: VaultPolicy, key: str, plan: Plan, estate: EstateIndex) -> Outcome:
    """Return what the policy of a vault answers to whichever role of the plan's account makes the copies."""
    if isinstance(policy.document, Unresolved):
        return Undecided(policy.document.why)
    account = plan.aws_place.arn_account
    role = Text((f"arn:aws:iam::{account}:role/", Unresolved("which role copies is not compared")))
    caller = Identity(role, PrincipalKind.ROLE, (EVERYTHING,))
    context = {"aws:resourceaccount": (estate.vault_keys.place_of(key).arn_account,)}
    address = key if key in estate.vaults_by_address else ""
    request = Request(COPY_INTO, vault_arn(key, estate), address, context)
    resource_policy = Policy(policy.address, policy.place, policy.address, policy.document)
    return evaluate(caller, request, resource_policy=resource_policy).outcome
