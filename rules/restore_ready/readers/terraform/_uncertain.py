"""Opens what comes from resources that may not exist, so that it proves nothing about others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from restore_ready.coverage._arn_values import no_arn
from restore_ready.model import (
    AutomaticBackups,
    FileSystemPolicy,
    Known,
    MountTarget,
    Plan,
    Ref,
    RestoreTestSelection,
    Selection,
    Str,
    Unresolved,
    doubt,
)
from restore_ready.model._why_open import MIXED_IN_PLAN, NO_RULE_GIVEN
from restore_ready.readers._kinds import named
from restore_ready.readers.terraform._block import Block

_CHOOSE: Final = ("resources", "selection_tag")

Doubts = Mapping[str, tuple[str, ...]]
"""Addresses of file systems to what their own existence depends on."""


def opened_selection(selection: Selection, block: Block, file_systems: Doubts) -> Selection:
    """Return *selection* as one that may be missing, where a file system that it may choose can exist without it."""
    named = _named(selection.resources) if selection.tags == () else None
    why = _beside(block, (file_systems.get(address, ()) for address in (file_systems if named is None else named)))
    emptied = tuple(name for choice in _CHOOSE for name in block.emptied.get(choice, ()))
    return replace(selection, emptied=emptied, there=Unresolved(why) if why else True)


def named_rules(plan: Plan, block: Block) -> Plan:
    """Return *plan*; where its rules come to none, they say what they are made from."""
    made_from = block.emptied.get("rule", ())
    if not isinstance(plan.rules, Unresolved) or not made_from:
        return plan
    return replace(plan, rules=Unresolved(NO_RULE_GIVEN.said(what=", ".join(made_from))))


def as_planned(selection: Selection) -> Selection:
    """Return a selection of a plan, open where a known value beside unknown ones is no ARN.

    A plan shows what a list refers to, not how: the account in ``"arn:…:${local.account}:file-system/${…}"`` looks like
    an element of its own.
    """
    known = selection.resources
    if isinstance(known, Unresolved) or all(isinstance(value, str) for value in known):
        return selection
    return replace(selection, resources=tuple(map(_as_planned, known)))


def _as_planned(value: Str) -> Str:
    if isinstance(value, str) and no_arn(value):
        return Unresolved(f"{MIXED_IN_PLAN.words} whether {value} is part of an ARN")
    return value


def opened_test(test: RestoreTestSelection, block: Block, file_systems: Doubts) -> RestoreTestSelection:
    """Return a restore testing selection the same way."""
    named = _named(test.resources)
    why = _beside(block, (file_systems.get(address, ()) for address in (file_systems if named is None else named)))
    return replace(test, conditions=Unresolved(why)) if why else test


def _named(resources: Known[tuple[Str, ...]]) -> list[str] | None:
    """Return the addresses of the resources listed; ``None`` where others may be chosen as well."""
    if isinstance(resources, Unresolved) or not resources:
        return None
    named = [resource.target for resource in resources if isinstance(resource, Ref)]
    return named if len(named) == len(resources) else None


def opened_setting(setting: AutomaticBackups, block: Block, file_systems: Doubts) -> AutomaticBackups:
    """Return *setting* open, where its file system can exist without it; one that switches nothing on stays."""
    target = setting.file_system.target if isinstance(setting.file_system, Ref) else ""
    why = _beside(block, (file_systems.get(target, ()),))
    return replace(setting, enabled=Unresolved(why)) if why and setting.enabled is not False else setting


def opened_mount_target(target: MountTarget, block: Block, file_systems: Doubts) -> MountTarget:
    """Return a mount target in an open subnet, where its file system can exist without it."""
    why = doubt(block, file_systems.get(named(target.file_system), ()))
    return replace(target, subnet=Unresolved(why)) if why else target


def opened_policy(policy: FileSystemPolicy, block: Block, file_systems: Doubts) -> FileSystemPolicy:
    """Return the policy of a file system open, where the file system can exist without it."""
    why = doubt(block, file_systems.get(named(policy.file_system), ()))
    return replace(policy, document=Unresolved(why)) if why else policy


def _beside(block: Block, others: Iterable[tuple[str, ...]]) -> str:
    """Return why *block* may be missing beside one of *others*, of which each is given by what it depends on."""
    return next(filter(None, (doubt(block, other) for other in others)), "") if block.maybe else ""
