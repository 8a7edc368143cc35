"""What backs a file system up: which plans, when by the local clock, and into which vaults?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready._words import show_minutes
from restore_ready.coverage._automatic import COMPLETION_WINDOW, KEPT_DAYS, START_WINDOW, has_automatic_backups
from restore_ready.coverage._automatic import VAULT as AUTOMATIC_VAULT
from restore_ready.coverage._coverage import coverage, covered_elsewhere
from restore_ready.coverage._plans_and_file_systems import selecting
from restore_ready.history._records import usable, usable_points
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AwsPlace,
    FileSystem,
    Known,
    Plan,
    PlanRule,
    RecoveryPoint,
    Ref,
    Requirements,
    Selection,
    Str,
    Truth,
    Unresolved,
    negate,
)
from restore_ready.runbook._vaults import RestoreVault, RestoreVaults
from restore_ready.timing._conflicts import Job
from restore_ready.timing._cron import DEFAULT_SCHEDULE
from restore_ready.timing._time_zones import zone_over
from restore_ready.timing._windows import days_ahead, runs_of

NOT_KNOWN: Final = "not known from the source"


class Backup(Struct, frozen=True):
    """One rule that backs the file system up, in words.

    Attributes:
        plan: the plan's name, or its address where that is not known; likewise *rule*.
        times: when jobs may run, by the local clock.
        doubt: what is not certain about it, such as whether it covers the file system.
    """

    plan: str
    rule: str
    schedule: str
    times: str
    windows: str
    kept: str
    vault: str
    doubt: str = ""


class Backups(Struct, frozen=True):
    """What backs a file system up.

    Attributes:
        addresses: of the plans.
        vaults: best to restore from first.
        automatic: whether EFS's automatic backups are on.
        elsewhere: why something that is not in sight may back it up as well; empty where nothing may.
        cold_after: the fewest days after which recovery points go to cold storage; ``None`` where they don't.
    """

    rules: tuple[Backup, ...]
    addresses: tuple[str, ...]
    vaults: tuple[RestoreVault, ...]
    automatic: Truth
    elsewhere: str
    cold_after: int | None


def backups_of(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> Backups:
    """Return the plans and vaults of *file_system*."""
    vaults = RestoreVaults(estate, requirements)
    rules: list[Backup] = []
    cold: list[int] = []
    plans = list(_plans(file_system, estate))
    for plan, doubt in plans:
        name = label(plan.name, plan.address)
        if isinstance(plan.rules, Unresolved):
            rules.append(_unknown(name, "; ".join(filter(None, (doubt, plan.rules.why)))))
            continue
        for number, planned in enumerate(plan.rules, start=1):
            rule = replace(planned, name=label(planned.name, str(number)))
            vault = vaults.label(vaults.take_rule(rule, plan.aws_place, f"{name}, rule {rule.name}"))
            rules.append(_backup(name, rule, vault, doubt, requirements))
            cold += [rule.cold_after_days] if isinstance(rule.cold_after_days, int) else []
    rules += [_unknown(address, "its backup plan is not in this source") for address in _strays(file_system, estate)]
    automatic = False if file_system.lost is not None else has_automatic_backups(file_system, estate)
    if negate(automatic) is not True:
        vaults.take_automatic(file_system.aws_place)
        rules.append(_automatic(file_system, automatic, requirements))
    vaults.take_points(usable_points(file_system, estate), _held_in(file_system, estate))
    vaults.take_points(_elsewhere_points(file_system, estate), _held_in(file_system, estate))
    return Backups(
        rules=tuple(rules),
        addresses=tuple(plan.address for plan, _ in plans),
        vaults=vaults.all(),
        automatic=automatic,
        elsewhere=_elsewhere(file_system, estate, requirements),
        cold_after=min(cold, default=None),
    )


def _held_in(file_system: FileSystem, estate: EstateIndex) -> AwsPlace:
    """Return the place of the recovery points: of a lost file system, the one that was read."""
    return file_system.aws_place if file_system.lost is None else estate.home


def _elsewhere_points(file_system: FileSystem, estate: EstateIndex) -> tuple[RecoveryPoint, ...]:
    history = estate.histories_by_file_system.get(file_system.address)
    return () if history is None else usable(history.elsewhere)


def _elsewhere(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> str:
    if covered_elsewhere(file_system, requirements) is not False:
        return "the requirements declare a backup plan of another stack or account for it (backup.external_selections)"
    found = coverage(file_system, estate)
    return found.why if isinstance(found, Unresolved) else ""


def label(value: Str, otherwise: str) -> str:
    """Return a name, or *otherwise* where it is not known."""
    return value if isinstance(value, str) and value else otherwise


def _plans(file_system: FileSystem, estate: EstateIndex) -> Iterator[tuple[Plan, str]]:
    """Return each plan that covers *file_system* or may, with what is doubtful about that."""
    doubts: dict[str, str] = {}
    for selection, answer in selecting(file_system, estate):
        doubt = f"it may not cover this file system: {answer.why}" if isinstance(answer, Unresolved) else ""
        if selection.organization and not doubt:
            doubt = "it covers this file system if the backup policy is attached to this account"
        for address in _plan_addresses(selection, estate):
            doubts[address] = min(doubts.get(address, doubt), doubt, key=bool)
    for plan in estate.plans:
        if plan.address in doubts:
            yield plan, doubts[plan.address]


def _strays(file_system: FileSystem, estate: EstateIndex) -> Iterator[str]:
    """Return the selections that cover *file_system*, or may, for plans that are not in the estate."""
    plans = {plan.address for plan in estate.plans}
    for selection, _ in selecting(file_system, estate):
        if plans.isdisjoint(_plan_addresses(selection, estate)):
            yield selection.address


def _plan_addresses(selection: Selection, estate: EstateIndex) -> Iterator[str]:
    if isinstance(selection.plan, Ref):
        yield selection.plan.target
    elif isinstance(selection.plan, str):
        yield from (plan.address for plan in estate.plans if plan.name == selection.plan)


def _backup(plan: str, rule: PlanRule, vault: str, doubt: str, requirements: Requirements) -> Backup:
    schedule = DEFAULT_SCHEDULE if rule.schedule is None else label(rule.schedule, NOT_KNOWN)
    return Backup(
        plan,
        label(rule.name, NOT_KNOWN),
        f"{schedule} {label(rule.time_zone, '')}".strip(),
        local_times(rule, requirements),
        f"start within {_minutes(rule.start_window)}, complete within {_minutes(rule.completion_window)}",
        _kept(rule),
        vault,
        doubt,
    )


def _unknown(plan: str, why: str) -> Backup:
    """Return what is shown of a plan whose rules are not known."""
    unknown = dict.fromkeys(("rule", "schedule", "times", "windows", "kept", "vault"), NOT_KNOWN)
    return Backup(plan, **unknown, doubt=why)


def _automatic(file_system: FileSystem, on: Truth, requirements: Requirements) -> Backup:
    """Return AWS's fixed plan."""
    rule = PlanRule(
        "aws/efs/automatic-backup-rule",
        file_system.place,
        AUTOMATIC_VAULT,
        START_WINDOW,
        COMPLETION_WINDOW,
        delete_after_days=KEPT_DAYS,
    )
    doubt = f"it may not be on: {on.why}" if isinstance(on, Unresolved) else ""
    return _backup("aws/efs/automatic-backup-plan", rule, AUTOMATIC_VAULT, doubt, requirements)


def _minutes(value: Known[int]) -> str:
    return f"({NOT_KNOWN})" if isinstance(value, Unresolved) else show_minutes(value)


def _kept(rule: PlanRule) -> str:
    days, cold = rule.delete_after_days, rule.cold_after_days
    if isinstance(days, Unresolved):
        return NOT_KNOWN
    kept = "until somebody deletes them" if days is None else f"{days} days"
    return f"{kept}, in cold storage after {cold}" if isinstance(cold, int) else kept


def local_times(rule: PlanRule, requirements: Requirements) -> str:
    """Return when the jobs of *rule* may run, by the clock of the requirements, or else by the plan's own."""
    days = days_ahead(requirements)
    found = runs_of(rule.schedule, rule.time_zone, days)
    if isinstance(found, Unresolved):
        return found.why
    zone = found.zone if requirements.time_zone == "UTC" else zone_over(requirements.time_zone, days)
    if isinstance(zone, Unresolved):
        return zone.why
    if isinstance(rule.start_window, Unresolved) or isinstance(rule.completion_window, Unresolved):
        return NOT_KNOWN
    job = Job(found, rule.start_window, rule.completion_window)
    spans = job.spans()
    return job.say_starts(spans, zone) if spans else "never in the year ahead"
