"""The estate: what one Terraform root, plan, template or account says exists. Plain data, no I/O, no rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum

from msgspec import Struct, field

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._backup import (
    EventRule,
    GlobalSettings,
    Plan,
    RegionSettings,
    ScheduledWork,
    Selection,
    Topic,
    Vault,
    VaultLock,
    VaultNotification,
    VaultPolicy,
)
from restore_ready.model._efs import AccessPoint, FileSystemPolicy, MountTarget, Mover, Replication, Subnet
from restore_ready.model._file_systems import AutomaticBackups, FileSystem
from restore_ready.model._jobs import History, VaultContents
from restore_ready.model._listing import Listing
from restore_ready.model._organization import EffectiveBackupPolicy, OrganizationControl
from restore_ready.model._principals import Policy, Principal, PrincipalKind
from restore_ready.model._restore import Key, RestoreTestPlan, RestoreTestSelection
from restore_ready.model._source import Place
from restore_ready.model._values import Str


class Source(Enum):
    """What an estate was read from."""

    TERRAFORM = "terraform"
    PLAN = "plan"
    CLOUDFORMATION = "cloudformation"
    ACCOUNT = "account"


class Gap(Struct, frozen=True):
    """Part of a source that could not be read, and what it may hide.

    Attributes:
        address: the block or resource concerned, or the file.
        hides_backups: whether plans, selections or backup policies may be in it.
        handed: addresses of the file systems that are handed to it, which it may back up whatever it is called.
    """

    address: str
    place: Place
    why: str
    hides_backups: bool = False
    handed: tuple[str, ...] = ()


class Export(Struct, frozen=True):
    """An output of a template that others import by its name.

    Attributes:
        value: what it is in the template that exports it.
    """

    name: str
    value: Str


class Estate(Struct, frozen=True):
    """Everything a rule may look at.

    Attributes:
        root: the folder or file it was read from.
        home: the place in AWS that is meant where none is said: of Terraform, that of the root's default provider.
        automatic_plan: the plan of EFS's automatic backups as a live account has it, which stands in no other list. Its
            rules are unresolved where AWS did not give them; ``None`` where it does not exist, and for other sources.
        policies: every customer managed policy, attached or not.
        workers: every Lambda function, and the tasks that mount a file system.
        controls: service and resource control policies that the source declares or an account is under.
        effective_policies: what the backup policies of the organization come to in a live account; none where the
            organization was not asked.
        elsewhere: selections of other estates of the same scan that choose by tag or wildcard, or by what is handed to
            them; likewise *tests_elsewhere*.
        constructs: the paths of the CDK constructs that made resources of a template, by their addresses.
        exports: what a template hands to any other of its account and Region; *imports* are the names of what it takes.
        imported: selections that other templates, nested or of the same scan, certainly have for this one, written as
            if they were of this one. Their plans and roles are not in sight.
        hidden_people: why the principals of a live account are not known; empty where they are. Likewise
            *hidden_controls* of its service control policies.
        lost_file_systems: those that a live account has recovery points of and that are not among its own: deleted, of
            a Region that was not or could not be read, or of another account. *histories* has theirs too; rules about
            file systems do not judge them.
        contents: the recovery points of EFS in each vault of a live account.
        leftovers: the ARNs of the file systems that restore tests left in a live account; they are no *file_systems*.
        listings: what a live account has whole, in every Region that was read; none for other sources, which may always
            have resources that are declared elsewhere.
        now: when a live account was read, in UTC; ``None`` for sources that have no history.
        assuming: the open condition of the source under which this reading holds; empty when there is none.
    """

    source: Source
    root: str
    file_systems: tuple[FileSystem, ...] = ()
    automatic_backups: tuple[AutomaticBackups, ...] = ()
    plans: tuple[Plan, ...] = ()
    automatic_plan: Plan | None = None
    selections: tuple[Selection, ...] = ()
    vaults: tuple[Vault, ...] = ()
    vault_policies: tuple[VaultPolicy, ...] = ()
    principals: tuple[Principal, ...] = ()
    policies: tuple[Policy, ...] = ()
    restore_test_plans: tuple[RestoreTestPlan, ...] = ()
    restore_tests: tuple[RestoreTestSelection, ...] = ()
    vault_locks: tuple[VaultLock, ...] = ()
    vault_notifications: tuple[VaultNotification, ...] = ()
    event_rules: tuple[EventRule, ...] = ()
    region_settings: tuple[RegionSettings, ...] = ()
    scheduled_work: tuple[ScheduledWork, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    mount_targets: tuple[MountTarget, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    file_system_policies: tuple[FileSystemPolicy, ...] = ()
    replications: tuple[Replication, ...] = ()
    movers: tuple[Mover, ...] = ()
    keys: tuple[Key, ...] = ()
    controls: tuple[OrganizationControl, ...] = ()
    histories: tuple[History, ...] = ()
    effective_policies: tuple[EffectiveBackupPolicy, ...] = ()
    hidden_people: str = ""
    hidden_controls: str = ""
    listings: tuple[Listing, ...] = ()
    now: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    elsewhere: tuple[Selection, ...] = ()
    tests_elsewhere: tuple[RestoreTestSelection, ...] = ()
    exports: tuple[Export, ...] = ()
    imports: tuple[str, ...] = ()
    imported: tuple[Selection, ...] = ()
    assuming: str = ""
    home: AwsPlace = HERE
    topics: tuple[Topic, ...] = ()
    global_settings: tuple[GlobalSettings, ...] = ()
    lost_file_systems: tuple[FileSystem, ...] = ()
    contents: tuple[VaultContents, ...] = ()
    leftovers: tuple[str, ...] = ()
    constructs: Mapping[str, str] = field(default_factory=dict)

    @property
    def here(self) -> str:
        """What all of it is in, in words: ``this account`` or ``this configuration``."""
        return "this account" if self.source is Source.ACCOUNT else "this configuration"

    def roles(self) -> Iterator[Principal]:
        """Return the principals that are roles."""
        return (principal for principal in self.principals if principal.kind is PrincipalKind.ROLE)


class Reading(Struct, frozen=True):
    """One source, read: an estate for each way its open conditions can fall (one, for most sources)."""

    estates: tuple[Estate, ...]
    gaps: tuple[Gap, ...] = field(default=())
