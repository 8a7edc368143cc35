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

from restore_ready.coverage._automatic import is_automatic_vault
from restore_ready.coverage._coverage import meets_all, names_one_of
from restore_ready.iam import arn_matches
from restore_ready.index import EstateIndex
from restore_ready.model import (
    FileSystem,
    Known,
    Partial,
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
    like,
    negate,
    same_place,
    unresolved_reason,
)
from restore_ready.vaults._destinations import Destination, Destinations, destinations, vault_arn

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


def may_be_efs(test: RestoreTestSelection) -> bool:
    """Return whether a restore testing selection may choose file systems of EFS."""
    return not isinstance(test.resource_type, str) or test.resource_type == EFS


def chooses_widely(test: RestoreTestSelection) -> bool:
    """Return whether *test* can reach file systems declared elsewhere: by ``*`` or tag, or by what is unknown."""
    if not may_be_efs(test) or isinstance(test.resources, Unresolved):
        return may_be_efs(test)
    return not test.resources or any(
        isinstance(value, (Text, Unresolved)) or "*" in str(value) for value in test.resources
    )


def chooses(test: RestoreTestSelection, file_system: FileSystem) -> Truth:
    """Return whether *test* chooses *file_system*, as far as its own tags tell."""
    return all_true([_means(test, file_system), meets_all(test.conditions, file_system)])


def takes_from(plan: RestoreTestPlan, vault: Known[str], estate: EstateIndex) -> Truth:
    """Return whether *plan* takes recovery points from a vault, given by what identifies it: from its own Region's."""
    if isinstance(vault, Unresolved):
        return True if takes_from_all(plan) else vault
    near = same_place(plan.aws_place, estate.vault_keys.place_of(vault))
    included = _lists(plan.include_vaults, vault, estate)
    return all_true([near, included, negate(_lists(plan.exclude_vaults, vault, estate))])


def takes_from_all(plan: RestoreTestPlan) -> bool:
    """Return whether *plan* takes recovery points from every vault."""
    return isinstance(plan.include_vaults, tuple) and "*" in plan.include_vaults and plan.exclude_vaults == ()


def _lists(entries: Known[tuple[Str, ...]], vault: str, estate: EstateIndex) -> Truth:
    if isinstance(entries, Unresolved):
        return entries
    return any_true(names_vault(entry, vault, estate) for entry in entries)


def names_vault(entry: Str, vault: str, estate: EstateIndex) -> Truth:
    """Return whether an entry of a restore testing plan's lists of vaults, an ARN or a wildcard, means *vault*."""
    last = entry.parts[-1] if isinstance(entry, Text) else entry
    if isinstance(last, Ref) and not is_external(last):
        return last.target == vault
    return arn_matches(entry, vault_arn(vault, estate), vault)


class RestoreTests:
    """What the restore testing selections of an estate do for its file systems."""

    def __init__(self, estate: EstateIndex) -> None:
        """Work it out for all file systems of *estate*."""
        self._by_file_system: dict[str, tuple[Tested, ...]] = {}
        self._by_plan: dict[str, list[Tested]] = {}
        if not estate.restore_tests:
            return
        index = _Index(estate.restore_tests)
        for file_system in estate.file_systems:
            laid = destinations(file_system, estate)
            found = tuple(_tested(test, file_system, laid, estate) for test in index.about(file_system, laid))
            self._by_file_system[file_system.address] = found
            for tested in found:
                if isinstance(tested.plan, RestoreTestPlan):
                    self._by_plan.setdefault(tested.plan.address, []).append(tested)

    def of(self, file_system: FileSystem) -> tuple[Tested, ...]:
        """Return what every restore testing selection that may choose *file_system* does for it."""
        return self._by_file_system.get(file_system.address, ())

    def restored_by(self, plan: RestoreTestPlan) -> tuple[FileSystem, ...]:
        """Return the file systems that *plan* certainly restores."""
        restored = (tested for tested in self._by_plan.get(plan.address, ()) if tested.restored is True)
        return tuple({tested.file_system.address: tested.file_system for tested in restored}.values())

    def perhaps_restored_by(self, plan: RestoreTestPlan) -> tuple[tuple[FileSystem, Unresolved], ...]:
        """Return the file systems of which it is not known whether *plan* restores them, each with why."""
        found = self._by_plan.get(plan.address, ())
        certain = {tested.file_system.address for tested in found if tested.restored is True}
        return tuple(
            (tested.file_system, tested.restored)
            for tested in found
            if isinstance(tested.restored, Unresolved) and tested.file_system.address not in certain
        )


def _tested(test: RestoreTestSelection, file_system: FileSystem, laid: Destinations, estate: EstateIndex) -> Tested:
    plan = estate.plans_of_restore_tests.plan_of(test)
    if not isinstance(plan, RestoreTestPlan):
        in_vaults: Truth = False if plan is None else plan
        carriers = [file_system]
    else:
        in_vaults = any_true([*_finds(plan, laid, estate)])
        reached = [
            destination for destination in laid.certain if takes_from(plan, destination.vault, estate) is not False
        ]
        carriers = [_tagged(file_system, destination) for destination in reached] or [file_system]
    by_tags = _agreed([meets_all(test.conditions, carrier) for carrier in carriers])
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


def _finds(plan: RestoreTestPlan, laid: Destinations, estate: EstateIndex) -> Iterator[Truth]:
    """Yield for every vault that gets recovery points whether *plan* takes them from there."""
    for destination in laid.certain:
        answer = takes_from(plan, destination.vault, estate)
        if is_automatic_vault(destination.vault) and answer is True and not _has_policy(destination.vault, estate):
            why = "AWS's policy of the automatic vault denies backup:StartRestoreJob, to tests too as far as is known"
            answer = Unresolved(why)
        yield answer
    if laid.hidden is not None:
        yield True if takes_from_all(plan) else laid.hidden


def _has_policy(vault: Known[str], estate: EstateIndex) -> bool:
    own = estate.policies_of_vaults.of(vault) if isinstance(vault, str) else ()
    return any(not policy.maybe for policy in own)


def takes_snapshots(plan: RestoreTestPlan | Unresolved | None) -> Truth:
    """Return whether *plan* takes the only kind of recovery point that EFS has."""
    if not isinstance(plan, RestoreTestPlan):
        return False if plan is None else plan
    if isinstance(plan.point_types, Unresolved):
        return plan.point_types
    return any_true(
        value == SNAPSHOT if isinstance(value, str) else Unresolved(unresolved_reason(value))
        for value in plan.point_types
    )


def _tagged(file_system: FileSystem, laid: Destination) -> FileSystem:
    """Return *file_system* with the tags that its recovery points have."""
    if isinstance(file_system.tags, Unresolved) or laid.tags == ():
        return file_system
    if isinstance(laid.tags, Unresolved):
        return replace(file_system, tags=laid.tags)
    return replace(file_system, tags=like(file_system.tags, {**file_system.tags, **dict(laid.tags)}))


def _agreed(answers: Iterable[Truth]) -> Truth:
    """Return the answer that all give; some yes and some no leaves it open, since the latest recovery point decides."""
    first, *others = answers
    if all(answer == first for answer in others):
        return first
    differing = Unresolved("its recovery points are tagged differently, and the latest one decides")
    return next((answer for answer in (first, *others) if isinstance(answer, Unresolved)), differing)


_Key = str | tuple[str, str]
_ANY: Final = ""


class _Index:
    """Restore testing selections, by number, by what they choose: an address, a tag, or possibly anything."""

    def __init__(self, tests: Iterable[RestoreTestSelection]) -> None:
        self._tests = tuple(filter(may_be_efs, tests))
        self._by_key: dict[_Key, list[int]] = {}
        for number, test in enumerate(self._tests):
            for key in _keys(test):
                self._by_key.setdefault(key, []).append(number)

    def about(self, file_system: FileSystem, laid: Destinations) -> Iterator[RestoreTestSelection]:
        """Return the selections that may choose *file_system*, each once."""
        tags = _tags(file_system, laid)
        keys: Iterable[_Key] = [key for key in self._by_key if isinstance(key, tuple)] if tags is None else tags
        found = (number for key in (file_system.address, *keys, _ANY) for number in self._by_key.get(key, ()))
        return (self._tests[number] for number in dict.fromkeys(found))


def _keys(test: RestoreTestSelection) -> set[_Key]:
    resources = test.resources
    if isinstance(resources, Unresolved):
        return {_ANY}
    if resources and all(isinstance(resource, Ref) and not is_external(resource) for resource in resources):
        return {resource.target for resource in resources if isinstance(resource, Ref)}
    conditions = test.conditions if isinstance(test.conditions, tuple) else ()
    wanted: Iterator[_Key] = (
        (condition.key, condition.value)
        for condition in conditions
        if condition.operator == "equals" and isinstance(condition.key, str) and isinstance(condition.value, str)
    )
    return {next(wanted, _ANY)}


def _tags(file_system: FileSystem, laid: Destinations) -> set[_Key] | None:
    """Return all tags that recovery points of *file_system* may have, as keys; ``None`` unless all are known."""
    if laid.hidden is not None:
        return None
    found: set[_Key] = set()
    for carrier in (file_system, *(_tagged(file_system, destination) for destination in laid.certain)):
        tags: Known[Mapping[str, Str]] = carrier.tags
        if isinstance(tags, (Unresolved, Partial)) or not all(isinstance(value, str) for value in tags.values()):
            return None
        found |= {(key, value) for key, value in tags.items() if isinstance(value, str)}
    return found
