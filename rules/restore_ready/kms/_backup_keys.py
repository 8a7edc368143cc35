"""The keys that backups are written with, and whether they let in the roles that write.

A vault's key encrypts every EFS backup in it. Of the key's policy AWS asks for ``kms:CreateGrant``,
``kms:GenerateDataKey`` and ``kms:Decrypt``, though its own sample has no Decrypt, and says to spare the roles of
backups where a Deny is needed; without access, a job may succeed with nothing backed up
(https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html). Of the role's own policies, the managed policy
ForBackup shows what is needed for EFS: ``kms:CreateGrant`` for AWS's resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from restore_ready.access._default_role import role_in_use
from restore_ready.coverage._service_role import chooses_efs, no_role
from restore_ready.index import EstateIndex
from restore_ready.kms._keys import KeyAnswer, is_let_in, key_behind, may_use
from restore_ready.model import (
    Estate,
    Key,
    Place,
    Plan,
    PlanRule,
    Principal,
    Ref,
    Selection,
    Truth,
    Unresolved,
    Vault,
    any_true,
)

_OF_POLICY: Final = ("kms:CreateGrant", "kms:GenerateDataKey")
_NOT_TO_BE_DENIED: Final = (*_OF_POLICY, "kms:Decrypt")
_OF_ROLE: Final = ("kms:CreateGrant",)
_ALLOWED: Final = KeyAnswer(answer=True)


class RoleAtKey(Struct, frozen=True):
    """A role that writes backups with a key.

    Attributes:
        selections: the addresses of those that name it.
        writes: whether one of them certainly backs up EFS.
    """

    role: Principal
    selections: tuple[str, ...]
    writes: Truth


class BackupKey(Struct, frozen=True):
    """A key that backups of EFS are written with, and by whom. One that is not in sight stands at its vault.

    Attributes:
        vaults: addresses of those that it encrypts.
    """

    address: str
    place: Place
    key: Key | Unresolved
    vaults: tuple[str, ...]
    roles: tuple[RoleAtKey, ...]


class _Gathered(Struct):
    """A key while its vaults and roles are being gathered: selections and what they answer, by role."""

    place: Place
    key: Key | Unresolved
    vaults: dict[str, None] = field(default_factory=dict)
    uses: dict[str, list[tuple[str, Truth]]] = field(default_factory=dict)
    roles: dict[str, Principal] = field(default_factory=dict)


def lets_write(role: Principal, key: Key, estate: Estate) -> KeyAnswer:
    """Return whether *key* lets *role* write backups: what is denied, else what is not allowed, else what is open."""
    by_policy = [is_let_in(role, key, (action,), backs_up=True) for action in _NOT_TO_BE_DENIED]
    own = may_use(role, key, _OF_ROLE, estate, backs_up=True)
    denied = (answer for answer in (*by_policy, own) if answer.answer is False and answer.by is not None)
    asked = (*by_policy[: len(_OF_POLICY)], own)
    lacking = (answer for answer in asked if answer.answer is False)
    left_open = (answer for answer in (*by_policy, own) if isinstance(answer.answer, Unresolved))
    return next(denied, None) or next(lacking, None) or next(left_open, _ALLOWED)


def backup_keys(estate: EstateIndex) -> Iterator[BackupKey]:
    """Yield the customer managed keys of the vaults that selections of EFS back up to; AWS's own need nothing."""
    found: dict[str, _Gathered] = {}
    for selection, writes, role in _writing(estate):
        for vault in _vaults_of(selection, estate):
            key = key_behind(vault.key, vault.aws_place, estate)
            if key is not None:
                at = key if isinstance(key, Key) else vault
                gathered = found.setdefault(at.address, _Gathered(at.place, key))
                gathered.vaults[vault.address] = None
                gathered.roles[role.address] = role
                gathered.uses.setdefault(role.address, []).append((selection.address, writes))
    for address, use in found.items():
        yield BackupKey(address, use.place, use.key, tuple(use.vaults), tuple(_roles(use)))


def _writing(estate: EstateIndex) -> Iterator[tuple[Selection, Truth, Principal]]:
    """Yield the selections that may choose EFS and whose role may exist, with that role."""
    for selection in estate.selections:
        writes = chooses_efs(selection, estate)
        if writes is not False and not no_role(selection.role, estate.roles_in_sight):
            role = role_in_use(selection.role, selection.aws_place.account, estate)
            if role is not None:
                yield selection, writes, role


def _roles(gathered: _Gathered) -> Iterator[RoleAtKey]:
    for address, uses in gathered.uses.items():
        selections = tuple(dict.fromkeys(selection for selection, _ in uses))
        yield RoleAtKey(gathered.roles[address], selections, any_true(writes for _, writes in uses))


def _vaults_of(selection: Selection, estate: EstateIndex) -> Iterator[Vault]:
    """Yield the vaults in sight that the selection's plan backs up to."""
    plan = estate.plans_by_address.get(selection.plan.target) if isinstance(selection.plan, Ref) else None
    for rule in _rules(plan):
        key = estate.vault_keys.key(rule.efs_vault, selection.aws_place, here=True)
        vault = estate.vaults_by_address.get(key) if isinstance(key, str) else None
        if vault is not None:
            yield vault


def _rules(plan: Plan | None) -> Iterable[PlanRule]:
    return () if plan is None or isinstance(plan.rules, Unresolved) else plan.rules
