"""Opens what comes from resources that may not exist, so that it proves nothing about others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.iam import names_action
from restore_ready.model import (
    AutomaticBackups,
    FileSystemPolicy,
    Known,
    MountTarget,
    Policy,
    PolicyDocument,
    Ref,
    RestoreTestSelection,
    Selection,
    Statement,
    StatementEntry,
    Str,
    Unresolved,
)
from restore_ready.readers._kinds import named
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._existence import doubt

_START: Final = "backup:StartRestoreJob"
_HELPFUL: Final = frozenset({"elasticfilesystem", "iam", "kms", "sts"})
"""Services whose actions let a role restore, or somebody pass the role."""

Doubts = Mapping[str, tuple[str, ...]]
"""Addresses of file systems to what their own existence depends on."""


def opened_selection(selection: Selection, block: Block, file_systems: Doubts) -> Selection:
    """Return *selection* with open conditions, where a file system that it may choose can exist without it."""
    named = _named(selection.resources) if selection.tags == () else None
    why = _beside(block, [file_systems.get(one, ()) for one in (file_systems if named is None else named)])
    return replace(selection, conditions=Unresolved(why)) if why else selection


def opened_test(test: RestoreTestSelection, block: Block, file_systems: Doubts) -> RestoreTestSelection:
    """Return a restore testing selection the same way."""
    named = _named(test.resources)
    why = _beside(block, [file_systems.get(one, ()) for one in (file_systems if named is None else named)])
    return replace(test, conditions=Unresolved(why)) if why else test


def _named(resources: Known[tuple[Str, ...]]) -> list[str] | None:
    """Return the addresses of the resources listed; ``None`` where others may be chosen as well."""
    if isinstance(resources, Unresolved) or not resources:
        return None
    named = [one.target for one in resources if isinstance(one, Ref)]
    return named if len(named) == len(resources) else None


def opened_setting(setting: AutomaticBackups, block: Block, file_systems: Doubts) -> AutomaticBackups:
    """Return *setting* open, where its file system can exist without it; one that switches nothing on stays."""
    target = setting.file_system.target if isinstance(setting.file_system, Ref) else ""
    why = _beside(block, [file_systems.get(target, ())])
    return replace(setting, enabled=Unresolved(why)) if why and setting.enabled is not False else setting


def opened_mount_target(target: MountTarget, block: Block, file_systems: Doubts) -> MountTarget:
    """Return a mount target in an open subnet, where its file system can exist without it."""
    why = doubt(block, file_systems.get(named(target.file_system), ()))
    return replace(target, subnet=Unresolved(why)) if why else target


def opened_policy(policy: FileSystemPolicy, block: Block, file_systems: Doubts) -> FileSystemPolicy:
    """Return the policy of a file system open, where the file system can exist without it."""
    why = doubt(block, file_systems.get(named(policy.file_system), ()))
    return replace(policy, document=Unresolved(why)) if why else policy


def _beside(block: Block, others: Sequence[tuple[str, ...]]) -> str:
    """Say why *block* may be missing beside one of *others*, of which each is given by what it depends on."""
    return next(filter(None, (doubt(block, one) for one in others)), "") if block.maybe else ""


def opened_policies(certain: Sequence[Policy], uncertain: Sequence[tuple[Policy, str]]) -> Iterator[Policy]:
    """Give the policies of a principal; of an *uncertain* one, which has a reason, only what is judged where it stands.

    That is the start of a restore, which is granted whenever the policy exists. Where no other policy grants it, the
    whole policy is judged as it would be if it existed.
    """
    yield from certain
    starting = [policy for policy in (*certain, *(one for one, _ in uncertain)) if _starts(policy.document)]
    for policy, why in uncertain:
        yield policy if [id(one) for one in starting] == [id(policy)] else _opened(policy, why)


def _starts(document: Known[PolicyDocument]) -> bool:
    return isinstance(document, PolicyDocument) and any(
        isinstance(one, Statement) and one.effect == "Allow" and names_action(one, _START) is True
        for one in document.statements
    )


def _opened(policy: Policy, why: str) -> Policy:
    if isinstance(policy.document, Unresolved):
        return policy
    entries = [entry for one in policy.document.statements for entry in _entries(one, why)]
    return replace(policy, document=PolicyDocument(tuple(entries), policy.document.version))


def _entries(statement: StatementEntry, why: str) -> Iterator[StatementEntry]:
    """Give the part of a statement that stays, and a reason in place of the rest if that matters."""
    if isinstance(statement, Unresolved):
        yield statement
        return
    actions = statement.actions
    if isinstance(actions, Unresolved) or statement.not_actions:
        yield Unresolved(why)
        return
    telling = _HELPFUL if statement.effect == "Allow" else _HELPFUL | {"backup"}
    kept = tuple(one for one in actions if isinstance(one, str) and not _is_of(one, telling))
    if kept:
        yield replace(statement, actions=kept)
    if len(kept) < len(actions):
        yield Unresolved(why)


def _is_of(action: str, services: Collection[str]) -> bool:
    service = action.partition(":")[0].lower()
    return service in services or not {"*", "?"}.isdisjoint(service)
