"""Everything that rules look up in an estate, each look-up worked out once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from msgspec.structs import asdict

from restore_ready.index._bypassed_vaults import bypassed_vaults
from restore_ready.index._keys import Keys
from restore_ready.index._mounts import Belongings, MountIndex
from restore_ready.index._replications import Replications
from restore_ready.index._restore_tests import RestoreTestPlans
from restore_ready.index._roles import RoleIndex
from restore_ready.index._selections import AutomaticSettings, ChosenFileSystems, Selections
from restore_ready.index._sight import Sight
from restore_ready.index._vaults import VaultPolicies, Vaults
from restore_ready.model import (
    AwsPlace,
    BackupJob,
    Estate,
    FileSystem,
    FileSystemPolicy,
    Gap,
    History,
    Known,
    ListedKind,
    MountTarget,
    Mover,
    MoverKind,
    Plan,
    PlanRule,
    Principal,
    Ref,
    ScheduledWork,
    Selection,
    Str,
    Subject,
    Text,
    Topic,
    Unresolved,
    Vault,
    same_account_of,
    unresolved_reason,
)

S = TypeVar("S", bound=Subject)
_REGION, _ACCOUNT, _RESOURCE = 3, 4, 5


class EstateIndex(Estate, frozen=True, dict=True):
    """An estate with its look-ups: all its records, and beside them what finds the few that are meant.

    It depends on nothing but the records. Each look-up takes time linear in the estate, once; what is found by it,
    none that grows with the estate. Make one for each estate by `of` and pass it on.
    """

    @classmethod
    def of(cls, estate: Estate) -> EstateIndex:
        """Return *estate* with its look-ups; one that has them already, as it is."""
        return estate if isinstance(estate, EstateIndex) else cls(**asdict(estate))

    @cached_property
    def kept_answers(self) -> dict[Callable[..., Any], dict[tuple[int, str], tuple[Principal, Any]]]:
        """The answers to each question of `asked_once`, with the principal, by that one's identity and an action."""
        return {}

    @cached_property
    def file_systems_by_address(self) -> Mapping[str, FileSystem]:
        """The file systems by address."""
        return _by_address(self.file_systems)

    @cached_property
    def places_of_file_systems(self) -> tuple[AwsPlace, ...]:
        """The Regions and accounts that the file systems lie in, the estate's own where there are none."""
        return tuple(dict.fromkeys(file_system.aws_place for file_system in self.file_systems)) or (self.home,)

    @cached_property
    def places_of_recovery_points(self) -> tuple[AwsPlace, ...]:
        """The Regions and accounts of vaults, plans and file systems, and the Regions that plans copy to within them.

        The estate's own where there are none.
        """
        own = [vault.aws_place for vault in self.vaults] + [plan.aws_place for plan in self.plans]
        own += [file_system.aws_place for file_system in self.file_systems]
        places = dict.fromkeys(own or [self.home])
        copied = (place for place in map(_place_named, self._copied_to) if place is not None)
        near = (place for place in copied if any(same_account_of(place, at) is not False for at in places))
        return tuple(dict.fromkeys((*places, *near)))

    @cached_property
    def hidden_copies(self) -> Unresolved | None:
        """Why recovery points may be copied to further places; ``None`` where all destinations are known."""
        rules = [plan.rules for plan in self.plans]
        unread = [found.why for found in rules if isinstance(found, Unresolved)]
        unread += [rule.copies.why for rule in self._plan_rules if isinstance(rule.copies, Unresolved)]
        vaults = self.vaults_by_address
        unread += [
            unresolved_reason(destination)
            for destination in self._copied_to
            if _place_named(destination) is None and not (isinstance(destination, Ref) and destination.target in vaults)
        ]
        return Unresolved(f"where recovery points are copied to is not known: {unread[0]}") if unread else None

    @cached_property
    def _plan_rules(self) -> tuple[PlanRule, ...]:
        return tuple(rule for plan in self.plans if not isinstance(plan.rules, Unresolved) for rule in plan.rules)

    @cached_property
    def _copied_to(self) -> tuple[Str, ...]:
        known = (rule.copies for rule in self._plan_rules if not isinstance(rule.copies, Unresolved))
        return tuple(dict.fromkeys(copy.destination for copies in known for copy in copies))

    @cached_property
    def plans_by_address(self) -> Mapping[str, Plan]:
        """The backup plans by address."""
        return _by_address(self.plans)

    @cached_property
    def plans_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The addresses of the backup plans by name, where that is known."""
        found: dict[str, list[str]] = {}
        for plan in self.plans:
            if isinstance(plan.name, str):
                found.setdefault(plan.name, []).append(plan.address)
        return _as_tuples(found)

    @cached_property
    def vaults_by_address(self) -> Mapping[str, Vault]:
        """The vaults by address."""
        return _by_address(self.vaults)

    @cached_property
    def selections_by_plan(self) -> Mapping[str, tuple[Selection, ...]]:
        """The backup selections by the address of their plan, ``""`` where it is none of the estate."""
        found: dict[str, list[Selection]] = {}
        for selection in self.selections:
            address = selection.plan.target if isinstance(selection.plan, Ref) else ""
            found.setdefault(address, []).append(selection)
        return _as_tuples(found)

    @cached_property
    def selections_about(self) -> Selections:
        """The backup selections by what they choose, those of other templates that certainly choose here among them."""
        return Selections((*self.selections, *self.imported))

    @cached_property
    def chosen_file_systems(self) -> ChosenFileSystems:
        """The file systems by address, ARN and tag."""
        return ChosenFileSystems(self.file_systems)

    @cached_property
    def automatic_settings(self) -> AutomaticSettings:
        """The settings of EFS automatic backups by file system."""
        return AutomaticSettings(self.automatic_backups)

    @cached_property
    def handed_to(self) -> Mapping[str, Gap]:
        """The first gap that each file system is handed to, by the file system's address."""
        return {address: gap for gap in reversed(self.gaps) for address in gap.handed}

    @cached_property
    def hiding(self) -> Gap | None:
        """The first gap that may hold backups, whatever they are of."""
        return next((gap for gap in self.gaps if gap.hides_backups), None)

    def not_listed(self, *kinds: ListedKind) -> Unresolved | None:
        """Return why an account does not show all it has of some *kinds*; ``None`` where it does, and in sources."""
        here = {self.home, AwsPlace("", self.home.account)}
        names = (listing.names for listing in self.listings if listing.kind in kinds and listing.aws_place in here)
        return next((why for why in names if isinstance(why, Unresolved)), None)

    @cached_property
    def work_by_file_system(self) -> Mapping[str, tuple[ScheduledWork, ...]]:
        """Schedules of work by the address or id of each file system they work on."""
        found: dict[str, list[ScheduledWork]] = {}
        for schedule in self.scheduled_work:
            for file_system in schedule.file_systems:
                if isinstance(file_system, (Ref, str)):
                    key = file_system.target if isinstance(file_system, Ref) else file_system
                    found.setdefault(key, []).append(schedule)
        return _as_tuples(found)

    @cached_property
    def vault_keys(self) -> Vaults:
        """The vaults by whatever names them."""
        return Vaults(self)

    @cached_property
    def bypassed_vaults(self) -> frozenset[str]:
        """What identifies the vaults that rules name and that EFS goes past, into a logically air-gapped one."""
        return bypassed_vaults(self, self.vault_keys)

    @cached_property
    def policies_of_vaults(self) -> VaultPolicies:
        """The access policies by vault."""
        return VaultPolicies(self.vault_policies, self.vault_keys)

    @cached_property
    def all_roles(self) -> RoleIndex:
        """The roles by address and ARN, those that are only looked up as well."""
        return RoleIndex(self.roles())

    @cached_property
    def roles_in_sight(self) -> Mapping[str, Principal]:
        """The roles by address, without those that are only looked up."""
        return _by_address(role for role in self.roles() if not (role.unread and isinstance(role.trust, Unresolved)))

    @cached_property
    def sight(self) -> Sight:
        """The roles and vaults by whatever names them, and of others whether they exist."""
        return Sight(self, self.all_roles, self.vault_keys)

    @cached_property
    def kms_keys(self) -> Keys:
        """The customer managed keys by whatever names them."""
        return Keys(self.keys, self.here)

    @cached_property
    def topics_by_address(self) -> Mapping[str, Topic]:
        """The SNS topics by address and by ARN."""
        return {name: topic for topic in self.topics for name in (topic.address, topic.arn) if isinstance(name, str)}

    @cached_property
    def mount_index(self) -> MountIndex:
        """The file systems and access points by address, ARN and id."""
        return MountIndex(self.file_systems, self.access_points)

    @cached_property
    def mount_targets_of(self) -> Belongings[MountTarget]:
        """The mount targets by file system."""
        return Belongings(self.mount_index, self.mount_targets)

    @cached_property
    def policies_of_file_systems(self) -> Belongings[FileSystemPolicy]:
        """The file system policies by file system."""
        return Belongings(self.mount_index, self.file_system_policies)

    @cached_property
    def replicas(self) -> Replications:
        """What other file systems are replicated into."""
        return Replications(self.replications, self.mount_index)

    @cached_property
    def zones_by_subnet(self) -> Mapping[str, Str]:
        """The Availability Zone of each subnet by its address."""
        return {subnet.address: subnet.zone for subnet in self.subnets}

    @cached_property
    def first_task(self) -> Mover | None:
        """The first mover that is no function: what a function that mounts nothing may start."""
        return next((mover for mover in self.movers if mover.kind is not MoverKind.FUNCTION), None)

    @cached_property
    def plans_of_restore_tests(self) -> RestoreTestPlans:
        """The restore testing plans by address and name, and their selections by plan."""
        return RestoreTestPlans(self.restore_test_plans, self.restore_tests)

    @cached_property
    def histories_by_file_system(self) -> Mapping[str, History]:
        """What is on record of the file systems of a live account, by address."""
        return {
            history.file_system.target: history for history in self.histories if isinstance(history.file_system, Ref)
        }

    @cached_property
    def backup_jobs_by_plan(self) -> Known[Mapping[str, tuple[BackupJob, ...]]]:
        """The backup jobs on record by the id of their plan, or why those of some file system are not known."""
        found: dict[str, list[BackupJob]] = {}
        for file_system in self.file_systems:
            history = self.histories_by_file_system.get(file_system.address)
            jobs = () if history is None else history.backup_jobs
            if isinstance(jobs, Unresolved):
                return jobs
            for job in jobs:
                if job.plan:
                    found.setdefault(job.plan, []).append(job)
        return _as_tuples(found)


T = TypeVar("T")


def _by_address(resources: Iterable[S]) -> dict[str, S]:
    return {resource.address: resource for resource in resources}


def _as_tuples(found: Mapping[str, list[T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(values) for key, values in found.items()}


def _place_named(arn: Str) -> AwsPlace | None:
    """Return the Region and account that a vault's ARN says, as far as it is known up to there."""
    first = arn.parts[0] if isinstance(arn, Text) else arn
    fields = first.split(":", _RESOURCE) if isinstance(first, str) else []
    return AwsPlace(fields[_REGION], fields[_ACCOUNT]) if len(fields) > _RESOURCE else None
