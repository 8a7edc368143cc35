"""Which keys a restore role lacks permissions for, though the keys' own policies leave them to IAM."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam import PolicyType
from restore_ready.kms._keys import READ_BACKUP, KeyAnswer, may_use
from restore_ready.kms._keys_in_use import KeyUse
from restore_ready.model import Estate, Key, Principal, Truth, Unresolved


class KeyLack(Struct, frozen=True):
    """What a restore role is not allowed to do with a key that no other restore role in sight may use either.

    Attributes:
        key: its address.
        used_by: addresses of what it encrypts.
        for_vault: whether these are vaults, from which nothing can be restored then; else they are file systems.
    """

    key: str
    actions: tuple[str, ...]
    used_by: tuple[str, ...]
    for_vault: bool


class UnservedKey(Struct, frozen=True):
    """A key and something that restores do with it, which no restore role may do, certainly or perhaps.

    Attributes:
        roles: addresses of the roles that were asked about.
    """

    key: Key
    actions: Sequence[str]
    used_by: tuple[str, ...]
    shut_out: Truth
    roles: frozenset[str]


def key_lacks(role: Principal, unserved: Iterable[UnservedKey], estate: Estate) -> Iterator[KeyLack | Unresolved]:
    """Yield what *role* lacks, and why it is open whether it lacks something for a vault."""
    for purpose in (unserved_key for unserved_key in unserved if role.address in unserved_key.roles):
        answers = [may_use(role, purpose.key, (action,), estate) for action in purpose.actions]
        if any(answer.answer is not True and answer.policy_type is not PolicyType.IDENTITY for answer in answers):
            yield from _left_open(role, purpose, answers, estate)
            continue
        missing = tuple(answer.action for answer in answers if answer.answer is False)
        for_vault = purpose.actions == READ_BACKUP
        if missing and purpose.shut_out is True:
            yield KeyLack(purpose.key.address, missing, purpose.used_by, for_vault)
        elif for_vault:
            yield from (answer.answer for answer in answers if isinstance(answer.answer, Unresolved))


def _left_open(
    role: Principal, purpose: UnservedKey, answers: Sequence[KeyAnswer], estate: Estate
) -> Iterator[Unresolved]:
    """Yield why a key's own policy, which is not known, may not make up for what *role* itself lacks for a vault."""
    by_iam = replace(purpose.key, document=None, grants=())
    for action, answer in zip(purpose.actions, answers, strict=True):
        is_open = isinstance(answer.answer, Unresolved) and answer.policy_type is PolicyType.RESOURCE
        if purpose.actions == READ_BACKUP and is_open and may_use(role, by_iam, (action,), estate).answer is False:
            yield Unresolved(f"whether it may use {purpose.key.address}: {answer.why}")


def unserved_keys(uses: Iterable[KeyUse], estate: Estate) -> tuple[UnservedKey, ...]:
    """Return those of the keys in use that no restore role may use, certainly or perhaps."""
    found = (purpose for use in uses for purpose in _purposes(use, estate))
    return tuple(purpose for purpose in found if purpose.shut_out is not False)


def _purposes(use: KeyUse, estate: Estate) -> Iterator[UnservedKey]:
    asked = frozenset(role.address for role in use.asked())
    if isinstance(use.key, Key):
        for actions, used_by in use.purposes():
            yield UnservedKey(use.key, actions, used_by, use.shuts_out(actions, partial(may_use, estate=estate)), asked)
