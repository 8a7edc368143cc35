"""Reads the facts of an account into estates, one for each Region that has something to judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Final

from msgspec.structs import replace

from restore_ready.live._account_roster import CONTROLS, INVALID_POLICIES
from restore_ready.model import AwsPlace, Estate, EventRule, Fact, Gap, Plan, Reading, Source, Unresolved
from restore_ready.readers._backup_tables import PLAN
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._controls import controls
from restore_ready.readers.account._dialect import AccountDialect
from restore_ready.readers.account._effective_policies import effective_policies
from restore_ready.readers.account._file_systems import (
    access_points,
    automatic_backups,
    file_system_entries,
    file_system_policies,
    file_systems,
    leftovers,
    mount_targets,
    subnets,
)
from restore_ready.readers.account._histories import Recorded, histories
from restore_ready.readers.account._identities import identities
from restore_ready.readers.account._keys import keys, keys_of_aws
from restore_ready.readers.account._listings import listings
from restore_ready.readers.account._lost_file_systems import lost_file_systems
from restore_ready.readers.account._recovery_points import PointsOfRegion
from restore_ready.readers.account._resources import Arns, automatic_plan, resources
from restore_ready.readers.account._times import read_time
from restore_ready.readers.account._vaults import (
    global_settings,
    region_settings,
    vault_locks,
    vault_notifications,
    vault_policies,
    vaults,
)
from restore_ready.readers.account._work import hidden_event_rules, hidden_work
from restore_ready.readers.cloudformation._dialect import entry_of
from restore_ready.readers.cloudformation._estate import estate_from_resources
from restore_ready.readers.cloudformation._schedules import scheduled_work

_REGIONAL: Final = (
    "access_points",
    "automatic_backups",
    "contents",
    "event_rules",
    "file_system_policies",
    "file_systems",
    "keys",
    "mount_targets",
    "movers",
    "plans",
    "region_settings",
    "restore_test_plans",
    "restore_tests",
    "scheduled_work",
    "selections",
    "subnets",
    "vault_locks",
    "vault_notifications",
    "vault_policies",
    "vaults",
)
"""What of an estate lies in a Region."""


def read_account(facts: Iterable[Fact], now: datetime | None = None, organization: Iterable[Fact] = ()) -> Reading:
    """Return what the facts of one account say, an estate for each Region.

    A plan backs up what is in its own Region, and vaults and tests are of a Region as well: so each is an estate. They
    share the account's principals, whose judgements are merged, the gravest counting, because their ARNs are the same
    in every Region. A Region without file systems, vaults and plans has no estate; if none has any, the principals are
    judged by themselves.

    Args:
        facts: in any order.
        now: when the account was read; without, when the latest fact was asked.
        organization: the facts `CONTROLS` and `INVALID_POLICIES` of `restore_ready.live._account_roster`, where the
            organization was asked.

    Raises:
        ValueError: if the facts are of several accounts.
    """
    every = tuple(facts)
    by_region: dict[str, list[Fact]] = {"": []}
    for fact in every:
        by_region.setdefault(fact.region, []).append(fact)
    account_facts = [AccountFacts.of(_account(every), region, some) for region, some in by_region.items()]
    everywhere, *regions = account_facts
    told = {fact.id: fact for fact in organization}
    people, limits = identities(everywhere), controls(everywhere, told.get(CONTROLS))
    moment, details = now or _latest(every), everywhere.found("iam")
    readable = [region for region in regions if not (region.unread or region.empty)]
    shared = Estate(
        Source.ACCOUNT,
        everywhere.label,
        principals=people.principals,
        policies=people.policies,
        controls=limits.found,
        hidden_controls=limits.hidden,
        hidden_people=details.why if isinstance(details, Unresolved) else "",
        listings=tuple(listings(everywhere, regions)),
        effective_policies=effective_policies(everywhere, told.get(INVALID_POLICIES)),
        now=moment,
        global_settings=tuple(global_settings(everywhere)),
    )
    found = {region.region: PointsOfRegion(region) for region in regions}
    estates = tuple(_estate(region, shared, found) for region in sorted(readable, key=lambda region: region.region))
    gaps = tuple(gap for region in account_facts for gap in _gaps(region))
    hiding = {gap.address for estate in estates for gap in estate.gaps}
    return Reading(estates or (shared,), tuple(gap for gap in gaps if gap.address not in hiding))


def _account(facts: Iterable[Fact]) -> str:
    accounts = sorted({fact.account for fact in facts} - {""})
    if len(accounts) > 1:
        msg = f"the facts are of several accounts: {', '.join(accounts[:3])}"
        raise ValueError(msg)
    return accounts[0] if accounts else ""


def _latest(facts: Iterable[Fact]) -> datetime:
    times = [at for fact in facts if (at := read_time(fact.at)) is not None]
    return max(times, default=datetime.now(timezone.utc))


def _gaps(facts: AccountFacts) -> Iterable[Gap]:
    """Return what is not known of a Region; that it can't be read at all, once instead of for each call."""
    if not (facts.region and facts.unread):
        return facts.gaps()
    why = facts.listed("file_systems")
    said = why.why if isinstance(why, Unresolved) else ""
    return (Gap(facts.label, facts.place, f"the Region could not be read: {said}"),)


def _estate(facts: AccountFacts, shared: Estate, regions: Mapping[str, PointsOfRegion]) -> Estate:
    """Return the estate of one Region, with what *shared* holds of the account and what its *regions* have."""
    arns, own_keys = Arns(facts), keys_of_aws(facts)
    dialect = AccountDialect(facts, own_keys)
    found, points = tuple(file_systems(facts, arns, dialect)), tuple(access_points(facts, arns, dialect))
    listed = tuple(resources(facts, arns))
    points_here = regions[facts.region]
    lost = tuple(lost_file_systems(facts, points_here, regions))
    recorded = Recorded(
        {arns.file_system(entry): entry for entry in file_system_entries(facts)},
        tuple(file_system.address for file_system in lost),
        points_here,
        tuple(points for name, points in regions.items() if name != facts.region),
    )
    built = estate_from_resources(listed, source=Source.ACCOUNT, root=facts.label)
    work = scheduled_work([entry_of(resource) for resource in listed], found, points)
    own = replace(
        built,
        file_systems=found,
        selections=tuple(replace(selection, accepted=True) for selection in built.selections),
        automatic_backups=tuple(automatic_backups(facts, arns, dialect)),
        vaults=tuple(vaults(facts, arns, dialect)),
        vault_policies=tuple(vault_policies(facts, arns)),
        vault_locks=tuple(vault_locks(facts, arns, dialect)),
        vault_notifications=tuple(vault_notifications(facts, arns, dialect)),
        event_rules=(*map(_as_collected, built.event_rules), *hidden_event_rules(facts)),
        region_settings=(region_settings(facts, dialect),),
        scheduled_work=(*work, *hidden_work(facts, found)),
        access_points=points,
        mount_targets=tuple(mount_targets(facts, arns)),
        subnets=tuple(subnets(facts)),
        file_system_policies=tuple(file_system_policies(facts, arns)),
        keys=tuple(keys(facts, own_keys)),
        lost_file_systems=lost,
        contents=points_here.contents,
        histories=tuple(histories(facts, recorded)),
        automatic_plan=_automatic_plan(facts, arns),
        gaps=tuple(_hidden_plans(facts)),
        leftovers=tuple(leftovers(facts, arns)),
        global_settings=shared.global_settings,
        principals=shared.principals,
        policies=shared.policies,
        controls=shared.controls,
        hidden_people=shared.hidden_people,
        hidden_controls=shared.hidden_controls,
        listings=shared.listings,
        effective_policies=shared.effective_policies,
        now=shared.now,
    )
    return _placed(own, AwsPlace(facts.region, facts.account))


def _automatic_plan(facts: AccountFacts, arns: Arns) -> Plan | None:
    found = automatic_plan(facts, arns)
    place = AwsPlace(facts.region, facts.account)
    return None if found is None else replace(PLAN.read_all([entry_of(found)])[0], aws_place=place)


def _as_collected(rule: EventRule) -> EventRule:
    """Return an event rule without a word on its targets where these were not asked for."""
    return replace(rule, targets=None) if isinstance(rule.targets, Unresolved) else rule


def _placed(estate: Estate, place: AwsPlace) -> Estate:
    """Return an estate all of which is in one Region; what an account has in none tells the account by its ARNs."""
    lists = {name: tuple(replace(record, aws_place=place) for record in getattr(estate, name)) for name in _REGIONAL}
    return replace(estate, home=place, **lists)


def _hidden_plans(facts: AccountFacts) -> Iterator[Gap]:
    """Report plans that can't be listed as what may hide backups; all other gaps hide none."""
    listed = facts.listed("plans")
    if isinstance(listed, Unresolved):
        yield Gap(f"{facts.label}:plans", facts.place, listed.why, hides_backups=True)
