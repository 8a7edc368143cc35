"""Which vaults do backup rules name that EFS never reaches, because a logically air-gapped one stands beside them?"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.index._vaults import Vaults
from restore_ready.model import Estate, Known, Plan, PlanRule, Unresolved


def bypassed_vaults(estate: Estate, vaults: Vaults) -> frozenset[str]:
    """Return what identifies the vaults that rules name beside a logically air-gapped one, and that get no EFS at all.

    Where something may fill any vault of the estate there are none, nor are those that hold recovery points already.
    """
    rules = [(plan, rule) for plan in estate.plans if isinstance(plan.rules, tuple) for rule in plan.rules]
    named = {
        vaults.key(rule.vault, plan.aws_place, here=True) for plan, rule in rules if rule.air_gapped_vault is not None
    }
    if not named or any(isinstance(plan.rules, Unresolved) for plan in estate.plans):
        return frozenset()
    filled = {key for plan, rule in rules for key in _filled_by(rule, plan, vaults)} | _holding(estate, vaults)
    if any(isinstance(key, Unresolved) for key in filled):
        return frozenset()
    return frozenset(key for key in named - filled if isinstance(key, str))


def _filled_by(rule: PlanRule, plan: Plan, vaults: Vaults) -> Iterator[Known[str]]:
    yield vaults.key(rule.efs_vault, plan.aws_place, here=True)
    if isinstance(rule.copies, Unresolved):
        yield rule.copies
    else:
        yield from (vaults.key(copy.destination, plan.aws_place) for copy in rule.copies)


def _holding(estate: Estate, vaults: Vaults) -> set[Known[str]]:
    places = {file_system.address: file_system.aws_place for file_system in estate.file_systems}
    found: set[Known[str]] = set()
    for history in estate.histories:
        if isinstance(history.recovery_points, Unresolved):
            found.add(history.recovery_points)
            continue
        at = places.get(getattr(history.file_system, "target", ""), estate.home)
        found |= {vaults.key(point.vault, at, here=True) for point in history.recovery_points}
    return found
