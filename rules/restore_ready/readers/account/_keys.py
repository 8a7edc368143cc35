"""Builds the keys of an account, with whether they can be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.iam import read_json
from restore_ready.model import Key, Known, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._documents import document_in
from restore_ready.readers.account._times import read_time

_AWS_MANAGED: Final = "auto-"
"""How the ``Id`` of the policy of a key that AWS manages begins: ``auto-backup-1``."""

_USABLE: Final = frozenset({"Enabled", "Creating", "Updating"})
"""States in which a key is ready, or is about to be
(https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html)."""


def keys(facts: AccountFacts, own_keys: frozenset[str]) -> Iterator[Key]:
    """Yield the customer managed keys that were asked about."""
    for (key,) in facts.all_about("key_policy"):
        if key not in own_keys:
            read = document_in(facts.found("key_policy", key), "Policy", facts.account)
            found = facts.found("key", key)
            told = {} if found is None or isinstance(found, Unresolved) else found
            state, deletion = str(told.get("KeyState") or ""), read_time(told.get("DeletionDate"))
            usable = _is_usable(found)
            yield Key(key, facts.place, key, document=read, enabled=usable, state=state, deletion=deletion)


def _is_usable(found: Known[Object | None]) -> Known[bool]:
    if isinstance(found, Unresolved):
        return found
    state = None if found is None else found.get("KeyState")
    return state in _USABLE if isinstance(state, str) else Unresolved("AWS did not say in which state the key is")


def keys_of_aws(facts: AccountFacts) -> frozenset[str]:
    """Return the keys that AWS manages, which ask for no permissions, by their ARNs."""
    return frozenset(key for (key,) in facts.all_about("key_policy") if _is_managed(key, facts))


def _is_managed(key: str, facts: AccountFacts) -> bool:
    described = facts.found("key", key)
    if isinstance(described, Mapping) and described.get("KeyManager") is not None:
        return str(described["KeyManager"]) == "AWS"
    found = facts.found("key_policy", key)
    if found is None or isinstance(found, Unresolved):
        return False
    policy = found.get("Policy")
    tree = read_json(policy) if isinstance(policy, str) else policy
    return isinstance(tree, Mapping) and str(tree.get("Id", "")).startswith(_AWS_MANAGED)
