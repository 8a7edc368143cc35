"""Which vaults get recovery points of a file system, how long these are kept, and how they are tagged."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from restore_ready.coverage._automatic import automatic_rules, has_automatic_backups
from restore_ready.coverage._coverage import candidates, covers
from restore_ready.index import EstateIndex, Vaults, plain_arn
from restore_ready.model import (
    AwsPlace,
    FileSystem,
    Known,
    Open,
    PlanRule,
    Ref,
    Selection,
    Str,
    Text,
    Unresolved,
    leaves_open,
    settled,
)
from restore_ready.model._why_open import NOT_IN_SIGHT


class Destination(Struct, frozen=True):
    """A vault that gets recovery points of a file system.

    Attributes:
        vault: what identifies it, as `Vaults.key` has it.
        days: how long they are kept; ``None`` is for ever.
        tags: what they are tagged with besides the tags of the file system.
        rule: the plan rule that makes them, of automatic backups too.
        is_copy: whether they get there by a copy action.
    """

    vault: Known[str]
    days: Known[int | None]
    tags: Known[tuple[tuple[str, Str], ...]]
    rule: PlanRule
    is_copy: bool = False


class Destinations(Struct, frozen=True):
    """The vaults that get recovery points of a file system.

    Attributes:
        certain: those known.
        hidden: why there may be others; ``None`` where there certainly are none in the estate.
    """

    certain: tuple[Destination, ...]
    hidden: Unresolved | None = None


def destinations(file_system: FileSystem, estate: EstateIndex) -> Destinations:
    """Return the vaults in which *file_system*'s recovery points are laid by what is in sight."""
    found: list[Destination] = []
    hidden: Unresolved | None = None
    automatic = has_automatic_backups(file_system, estate)
    if automatic is True:
        for rule in automatic_rules(estate):
            found += _of_rule(rule, file_system.aws_place, estate.vault_keys)
    elif isinstance(automatic, Unresolved):
        hidden = automatic
    for selection in {candidate.address: candidate for candidate in candidates(file_system, estate)}.values():
        answer = covers(selection, file_system)
        if answer is False:
            continue
        laid = _of_selection(selection, estate) if answer is True and not selection.organization else answer
        if isinstance(laid, tuple):
            found += laid
        else:
            why = laid.why if isinstance(laid, Unresolved) else "it may belong to another account"
            hidden = Unresolved(f"{selection.address}: {why}")
    if hidden is None and estate.hiding is not None:
        hidden = Unresolved(f"{estate.hiding.address}: {estate.hiding.why}")
    return Destinations(tuple(found), hidden)


@leaves_open
def _of_selection(selection: Selection, estate: EstateIndex) -> tuple[Destination, ...]:
    plan = estate.plans_by_address.get(selection.plan.target) if isinstance(selection.plan, Ref) else None
    if plan is None:
        msg = NOT_IN_SIGHT.said(what="its backup plan")
        raise Open(msg)
    rules = settled(plan.rules, f"the rules of {plan.address} are not known")
    return tuple(destination for rule in rules for destination in _of_rule(rule, plan.aws_place, estate.vault_keys))


def _of_rule(rule: PlanRule, at: AwsPlace, vaults: Vaults) -> Iterator[Destination]:
    yield Destination(vaults.key(rule.efs_vault, at, here=True), rule.delete_after_days, rule.point_tags, rule)
    if isinstance(rule.copies, Unresolved):
        yield Destination(rule.copies, rule.copies, rule.point_tags, rule, is_copy=True)
        return
    for copy in rule.copies:
        days = rule.delete_after_days if copy.delete_after_days is None else copy.delete_after_days
        yield Destination(vaults.key(copy.destination, at), days, rule.point_tags, rule, is_copy=True)


def vault_arn(key: str, estate: EstateIndex) -> Str:
    """Return the ARN of the vault that *key* identifies, as far as it is known."""
    if key.startswith("arn:") and key not in estate.vaults_by_address:
        return plain_arn(key)
    prefix = estate.vault_keys.place_of(key).arn("backup", "backup-vault:")
    vault = estate.vaults_by_address.get(key)
    name = key if vault is None else vault.name
    return prefix + name if isinstance(name, str) else Text((prefix, Unresolved(f"the name of {key} is not known")))
