"""Opens policies that may not exist, so that they prove nothing about their holders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.iam import names_action
from restore_ready.model import Known, Policy, PolicyDocument, Statement, StatementEntry, Unresolved

_START: Final = "backup:StartRestoreJob"
_HELPFUL: Final = frozenset({"elasticfilesystem", "iam", "kms", "sts"})
"""Services whose actions let a role restore, or somebody pass the role."""


def opened_policies(certain: Sequence[Policy], uncertain: Sequence[tuple[Policy, str]]) -> Iterator[Policy]:
    """Yield a principal's policies; of an *uncertain* one, which has a reason, only what is judged where it stands.

    That is the start of a restore, which is granted whenever the policy exists. Where no other policy grants it, the
    whole policy is judged as it would be if it existed.
    """
    yield from certain
    starting = [policy for policy in (*certain, *(policy for policy, _ in uncertain)) if _starts(policy.document)]
    for policy, why in uncertain:
        yield policy if [id(other) for other in starting] == [id(policy)] else _opened(policy, why)


def _starts(document: Known[PolicyDocument]) -> bool:
    return isinstance(document, PolicyDocument) and any(
        isinstance(statement, Statement) and statement.effect == "Allow" and names_action(statement, _START) is True
        for statement in document.statements
    )


def _opened(policy: Policy, why: str) -> Policy:
    if isinstance(policy.document, Unresolved):
        return policy
    entries = [entry for statement in policy.document.statements for entry in _entries(statement, why)]
    return replace(policy, document=PolicyDocument(tuple(entries), policy.document.version))


def _entries(statement: StatementEntry, why: str) -> Iterator[StatementEntry]:
    """Yield the part of a statement that stays, and a reason in place of the rest if that matters."""
    if isinstance(statement, Unresolved):
        yield statement
        return
    actions = statement.actions
    if isinstance(actions, Unresolved) or statement.not_actions:
        yield Unresolved(why)
        return
    telling = _HELPFUL if statement.effect == "Allow" else _HELPFUL | {"backup"}
    kept = tuple(action for action in actions if isinstance(action, str) and not _is_of(action, telling))
    if kept:
        yield replace(statement, actions=kept)
    if len(kept) < len(actions):
        yield Unresolved(why)


def _is_of(action: str, services: Collection[str]) -> bool:
    service = action.partition(":")[0].lower()
    return service in services or not {"*", "?"}.isdisjoint(service)
