"""Which file systems restore tests restore.

At each run of a restore testing plan, one recovery point of every resource that one of its selections chooses is
restored: by its ARN, or by ``*`` with tags, which are looked up on its latest recovery point. It must lie in the plan's
vaults (https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.coverage._automatic import VAULT
from restore_ready.coverage._coverage import meets_all, names_one_of
from restore_ready.iam import arn_matches
from restore_ready.model import (
    Estate,
    FileSystem,
    Known,
    Ref,
    RestoreTestPlan,
    RestoreTestSelection,
    Str,
    Text,
    Truth,
    Unresolved,
    all_true,
    any_true,
    is_external,
    negate,
    unresolved_reason,
)
from restore_ready.vaults._destinations import Destination, Destinations, destinations, vault_arn
from restore_ready.vaults._lookup import Vaults

EFS: Final = "EFS"
SNAPSHOT: Final = "SNAPSHOT"


class Tested(Struct, frozen=True):
    """What a restore testing selection does for a file system.

    Attributes:
        plan: the selection's plan, or why it is not in sight; ``None`` where there certainly is none.
        chosen: whether the selection chooses the file system; *restored* whether its plan also finds it in its vaults.
    """

    test: RestoreTestSelection
    plan: RestoreTestPlan | Unresolved | None
    file_system: FileSystem
    chosen: Truth
    restored: Truth


def tested(file_system: FileSystem, estate: Estate) -> tuple[Tested, ...]:
    """Return what every restore testing selection that may choose *file_system* does for it."""
    return estate.derived(_Rehearsals).by_file_system.get(file_system.address, ())


def tested_by(plan: RestoreTestPlan, estate: Estate) -> tuple[Tested, ...]:
    """Return what *plan* does for the file systems that its selections may choose."""
    return estate.derived(_Rehearsals).by_plan.get(plan.address, ())


def restored_by(plan: RestoreTestPlan, estate: Estate) -> tuple[Tested, ...]:
    """Return what *plan* does for the file systems that it certainly restores, one for each."""
    found = {one.file_system.address: one for one in tested_by(plan, estate) if one.restored is True}
    return tuple(found.values())


def selections_of(plan: RestoreTestPlan, estate: Estate) -> tuple[RestoreTestSelection, ...]:
    """Return the selections that certainly belong to *plan*."""
    return estate.derived(_selections_by_plan).get(plan.address, ())


def _selections_by_plan(estate: Estate) -> Mapping[str, tuple[RestoreTestSelection, ...]]:
    found: dict[str, list[RestoreTestSelection]] = {}
    for test in estate.restore_tests:
        plan = plan_of(test, estate)
        if isinstance(plan, RestoreTestPlan):
            found.setdefault(plan.address, []).append(test)
    return {address: tuple(tests) for address, tests in found.items()}


def may_be_efs(test: RestoreTestSelection) -> bool:
    """Tell whether a restore testing selection may choose file systems of EFS."""
    return not isinstance(test.resource_type, str) or test.resource_type == EFS


def plan_of(test: RestoreTestSelection, estate: Estate) -> RestoreTestPlan | Unresolved | None:
    """Return a selection's plan, or why it is not in sight; ``None`` where it certainly names something else."""
    plans, value = estate.derived(_Plans), test.plan
    if value is None:
        return Unresolved("which restore testing plan it belongs to is not known")
    if isinstance(value, Ref):
        found = plans.by_address.get(value.target)
        if found is None and is_external(value):
            return Unresolved(f"its plan {value.target} is not in sight")
        return found
    named = plans.by_name.get(value, ())
    if isinstance(value, Unresolved) or not named:
        return Unresolved(unresolved_reason(value) or f"its plan {value} is not in sight")
    return named[0] if len(named) == 1 else Unresolved(f"several restore testing plans are called {value!r}")


def chooses_widely(test: RestoreTestSelection) -> bool:
    """Tell whether *test* can reach file systems declared elsewhere: by ``*`` or tag, or by what is unknown."""
    if not may_be_efs(test) or isinstance(test.resources, Unresolved):
        return may_be_efs(test)
    return not test.resources or any(isinstance(one, (Text, Unresolved)) or "*" in str(one) for one in test.resources)


def chooses(test: RestoreTestSelection, file_system: FileSystem) -> Truth:
    """Tell whether *test* chooses *file_system*, as far as its own tags tell."""
    return all_true([_means(test, file_system), meets_all(test.conditions, file_system)])


def takes_from(plan: RestoreTestPlan, vault: Known[str], estate: Estate) -> Truth:
    """Tell whether *plan* takes recovery points from a vault, given by what identifies it."""
    if isinstance(vault, Unresolved):
        return True if takes_from_all(plan) else vault
    included = _lists(plan.include_vaults, vault, estate)
    return all_true([included, negate(_lists(plan.exclude_vaults, vault, estate))])


def takes_from_all(plan: RestoreTestPlan) -> bool:
    """Tell whether *plan* takes recovery points from every vault."""
    return isinstance(plan.include_vaults, tuple) and "*" in plan.include_vaults and plan.exclude_vaults == ()


def _lists(entries: Known[tuple[Str, ...]], vault: str, estate: Estate) -> Truth:
    if isinstance(entries, Unresolved):
        return entries
    return any_true(names_vault(entry, vault, estate) for entry in entries)


def names_vault(entry: Str, vault: str, estate: Estate) -> Truth:
    """Tell whether an entry of a restore testing plan's lists of vaults, an ARN or a wildcard, means *vault*."""
    last = entry.parts[-1] if isinstance(entry, Text) else entry
    if isinstance(last, Ref) and not is_external(last):
        return last.target == vault
    return arn_matches(entry, vault_arn(vault, estate), vault)


class _Plans:
    """The restore testing plans of an estate by address and by name."""

    def __init__(self, estate: Estate) -> None:
        self.by_address = {one.address: one for one in estate.restore_test_plans}
        self.by_name: dict[Str, list[RestoreTestPlan]] = {}
        for one in estate.restore_test_plans:
            self.by_name.setdefault(one.name, []).append(one)


class _Rehearsals:
    """What the restore testing selections of an estate do for its file systems."""

    def __init__(self, estate: Estate) -> None:
        self.by_file_system: dict[str, tuple[Tested, ...]] = {}
        self.by_plan: dict[str, tuple[Tested, ...]] = {}
        if not estate.restore_tests:
            return
        index = _Index(estate)
        by_plan: dict[str, list[Tested]] = {}
        for file_system in estate.file_systems:
            laid = destinations(file_system, estate)
            found = tuple(_tested(test, file_system, laid, estate) for test in index.about(file_system, laid))
            self.by_file_system[file_system.address] = found
            for one in found:
                if isinstance(one.plan, RestoreTestPlan):
                    by_plan.setdefault(one.plan.address, []).append(one)
        self.by_plan = {address: tuple(found) for address, found in by_plan.items()}


def _tested(test: RestoreTestSelection, file_system: FileSystem, laid: Destinations, estate: Estate) -> Tested:
    plan = plan_of(test, estate)
    if not isinstance(plan, RestoreTestPlan):
        in_vaults: Truth = False if plan is None else plan
        carriers = [file_system]
    else:
        in_vaults = any_true([*_finds(plan, laid, estate)])
        reached = [one for one in laid.certain if takes_from(plan, one.vault, estate) is not False]
        carriers = [_tagged(file_system, one) for one in reached] or [file_system]
    by_tags = _agreed([meets_all(test.conditions, one) for one in carriers])
    chosen = all_true([_means(test, file_system), by_tags])
    return Tested(test, plan, file_system, chosen, all_true([chosen, in_vaults, takes_snapshots(plan)]))


def _means(test: RestoreTestSelection, file_system: FileSystem) -> Truth:
    if not isinstance(test.resource_type, str):
        return Unresolved(unresolved_reason(test.resource_type))
    if test.resource_type != EFS:
        return False
    if test.resources != ():
        return names_one_of(test.resources, file_system)
    return True if test.conditions != () else Unresolved("it names neither resources nor tags")


def _finds(plan: RestoreTestPlan, laid: Destinations, estate: Estate) -> Iterator[Truth]:
    """Give for every vault that gets recovery points whether *plan* takes them from there."""
    for one in laid.certain:
        answer = takes_from(plan, one.vault, estate)
        if one.vault == VAULT and answer is True and VAULT not in estate.derived(vaults_with_policy):
            why = "AWS's policy of the automatic vault denies backup:StartRestoreJob, by all that is known to tests too"
            answer = Unresolved(why)
        yield answer
    if laid.hidden is not None:
        yield True if takes_from_all(plan) else laid.hidden


def vaults_with_policy(estate: Estate) -> frozenset[str]:
    """Return what identifies the vaults whose access policy *estate* holds; to be had through `Estate.derived`."""
    keys = (estate.derived(Vaults).key(one.vault, here=True) for one in estate.vault_policies)
    return frozenset(key for key in keys if isinstance(key, str))


def takes_snapshots(plan: RestoreTestPlan | Unresolved | None) -> Truth:
    """Tell whether *plan* takes the only kind of recovery point that EFS has."""
    if not isinstance(plan, RestoreTestPlan):
        return False if plan is None else plan
    if isinstance(plan.point_types, Unresolved):
        return plan.point_types
    return any_true(
        one == SNAPSHOT if isinstance(one, str) else Unresolved(unresolved_reason(one)) for one in plan.point_types
    )


def _tagged(file_system: FileSystem, laid: Destination) -> FileSystem:
    """Return *file_system* with the tags that its recovery points have."""
    if isinstance(file_system.tags, Unresolved) or laid.tags == ():
        return file_system
    if isinstance(laid.tags, Unresolved):
        return replace(file_system, tags=laid.tags)
    return replace(file_system, tags={**file_system.tags, **dict(laid.tags)})


def _agreed(answers: Iterable[Truth]) -> Truth:
    """Return the answer that all give; some yes and some no leaves it open, since the latest recovery point decides."""
    first, *others = answers
    if all(one == first for one in others):
        return first
    differing = Unresolved("its recovery points are tagged differently, and the latest one decides")
    return next((one for one in (first, *others) if isinstance(one, Unresolved)), differing)


_Key = str | tuple[str, str]
_ANY: Final = ""


class _Index:
    """The restore testing selections of an estate by what they choose: an address, a tag, or possibly anything."""

    def __init__(self, estate: Estate) -> None:
        self._by_key: dict[_Key, list[RestoreTestSelection]] = {}
        for test in filter(may_be_efs, estate.restore_tests):
            for key in _keys(test):
                self._by_key.setdefault(key, []).append(test)

    def about(self, file_system: FileSystem, laid: Destinations) -> Iterable[RestoreTestSelection]:
        """Return the selections that may choose *file_system*."""
        tags = _tags(file_system, laid)
        keys: Iterable[_Key] = [one for one in self._by_key if isinstance(one, tuple)] if tags is None else tags
        found = [test for key in (file_system.address, *keys, _ANY) for test in self._by_key.get(key, ())]
        return {id(test): test for test in found}.values()


def _keys(test: RestoreTestSelection) -> set[_Key]:
    resources = test.resources
    if isinstance(resources, Unresolved):
        return {_ANY}
    if resources and all(isinstance(one, Ref) and not is_external(one) for one in resources):
        return {one.target for one in resources if isinstance(one, Ref)}
    conditions = test.conditions if isinstance(test.conditions, tuple) else ()
    wanted: Iterator[_Key] = (
        (one.key, one.value)
        for one in conditions
        if one.operator == "equals" and isinstance(one.key, str) and isinstance(one.value, str)
    )
    return {next(wanted, _ANY)}


def _tags(file_system: FileSystem, laid: Destinations) -> set[_Key] | None:
    """Return all tags that recovery points of *file_system* may have, as keys; ``None`` unless all are known."""
    if laid.hidden is not None:
        return None
    found: set[_Key] = set()
    for one in (file_system, *(_tagged(file_system, each) for each in laid.certain)):
        tags: Known[Mapping[str, Str]] = one.tags
        if isinstance(tags, Unresolved) or not all(isinstance(value, str) for value in tags.values()):
            return None
        found |= {(key, value) for key, value in tags.items() if isinstance(value, str)}
    return found
