"""Stacks, as no language writes them yet, and strategies that make them up.

A value is a text, a number, a truth value, or a `Hole`: a value that the source does not give. Resources name each
other by the names of their kind; a name that nothing has is out of sight.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias, TypeVar

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

from restore_ready import Blackout, Hours, Requirements

T = TypeVar("T")


class Hole(Struct, frozen=True):
    """A value that is not known: an unset variable, a parameter, a data source, whatever *form* the language has."""

    number: int
    form: int = 0


class Link(Struct, frozen=True):
    """The ARN of a resource of the stack, by its kind, a field of `Stack`, and its name."""

    kind: str
    name: str


Value: TypeAlias = str | int | bool | Hole
Target: TypeAlias = str | Hole | Link


class Statement(Struct, frozen=True):
    """A policy statement; *principals* only in the policies of resources."""

    effect: str
    actions: tuple[str | Hole, ...] | Hole
    resources: tuple[Target, ...] | Hole = ("*",)
    principals: tuple[Target, ...] | Hole = ()
    service: Value = ""
    """The service that ``iam:PassedToService`` must be; empty where the statement has no condition."""


class FileSystem(Struct, frozen=True):
    """``automatic`` is the status of its automatic backups; empty where the source is silent."""

    name: str
    tags: tuple[tuple[str, Value], ...] = ()
    automatic: Value = ""
    policy: tuple[Statement, ...] | Hole = ()


class Lock(Struct, frozen=True):
    """What a vault lock allows, in days."""

    least: Value
    most: Value


class Key(Struct, frozen=True):
    name: str
    policy: tuple[Statement, ...] | Hole = ()


class Vault(Struct, frozen=True):
    name: str
    policy: tuple[Statement, ...] | Hole = ()
    lock: Lock | None = None
    key: str = ""
    events: tuple[Value, ...] | Hole = ()


class PlanRule(Struct, frozen=True):
    name: str
    vault: str
    schedule: Value
    zone: Value
    start_window: Value
    completion_window: Value
    delete_after: Value
    copy_to: str = ""


class Plan(Struct, frozen=True):
    name: str
    rules: tuple[PlanRule, ...]


class Selection(Struct, frozen=True):
    name: str
    plan: str
    role: Target
    resources: tuple[Target, ...] | Hole
    tags: tuple[tuple[str, Value], ...] = ()


class Identity(Struct, frozen=True):
    """A role, which *service* may assume, or a group or user, who has none."""

    name: str
    managed: tuple[Value, ...] | Hole
    policy: tuple[Statement, ...] | Hole
    service: Value = ""


class Mover(Struct, frozen=True):
    name: str
    timeout: Value


class RestoreTest(Struct, frozen=True):
    name: str
    schedule: Value
    vaults: tuple[Target, ...] | Hole
    resources: tuple[Target, ...] | Hole
    role: Target


class Stack(Struct, frozen=True):
    file_systems: tuple[FileSystem, ...] = ()
    keys: tuple[Key, ...] = ()
    vaults: tuple[Vault, ...] = ()
    plans: tuple[Plan, ...] = ()
    selections: tuple[Selection, ...] = ()
    roles: tuple[Identity, ...] = ()
    groups: tuple[Identity, ...] = ()
    users: tuple[Identity, ...] = ()
    movers: tuple[Mover, ...] = ()
    restore_tests: tuple[RestoreTest, ...] = ()


Tree: TypeAlias = Any
"""A stack or any part of it."""

REQUIREMENTS = (
    Requirements(),
    Requirements(
        time_zone="Asia/Tokyo",
        complete_within=180,
        blackouts=(Blackout("office", frozenset(range(5)), Hours(9 * 60, 18 * 60)),),
        every=24 * 60,
        keep_at_least=35,
        within=240,
        protect="deny",
        sizes={"home": 10**12},
    ),
)

SERVICE_ROLE = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
FILES, VAULTS, ROLES = ("home", "data"), ("efs", "archive"), ("AWSBackup-efs", "restore")


def _listed(strategy: st.SearchStrategy[T], most: int = 2, least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def _named(
    names: tuple[str, ...], kind: type[T], **fields: st.SearchStrategy[Tree]
) -> st.SearchStrategy[tuple[T, ...]]:
    """Return a strategy for resources of one kind, each of another name."""
    chosen = _listed(st.sampled_from(names), len(names)).map(lambda found: tuple(dict.fromkeys(found)))
    return chosen.flatmap(lambda found: st.tuples(*(st.builds(kind, name=st.just(name), **fields) for name in found)))


def _linked(kind: str, names: tuple[str, ...]) -> st.SearchStrategy[Link]:
    return st.builds(Link, st.just(kind), st.sampled_from(names))


def _or_usual(usual: T, *others: T) -> st.SearchStrategy[T]:
    return st.sampled_from((usual, usual, *others))


_ACTIONS = st.sampled_from(
    ["*", "backup:*", "backup:StartRestoreJob", "backup:startrestore*", "backup:Describe*", "backup:List*",
     "backup:GetRecoveryPointRestoreMetadata", "backup:PutBackupVaultAccessPolicy", "backup:DeleteRecoveryPoint",
     "iam:PassRole", "kms:*", "kms:Decrypt", "elasticfilesystem:*", "elasticfilesystem:Restore"]
)  # fmt: skip
_RESOURCES = st.sampled_from(["*", "*", "*", "arn:aws:backup:*", "arn:aws:iam::*:role/AWSBackup*"])
_ANY = _RESOURCES | _linked("roles", ROLES)
_PRINCIPALS = st.just("*") | _linked("roles", ROLES)
_EFFECTS = st.sampled_from(["Allow", "Allow", "Deny"])
_TAGS = _listed(st.tuples(st.just("backup"), st.sampled_from(["daily", "never"])), 1)

statements = st.builds(
    Statement,
    effect=_EFFECTS,
    actions=_listed(_ACTIONS, 3, 1),
    resources=_listed(_ANY, 2, 1),
    service=_or_usual("", "backup.amazonaws.com", "ec2.amazonaws.com"),
)
resource_statements = st.builds(
    Statement, effect=_EFFECTS, actions=_listed(_ACTIONS, 3, 1), principals=_listed(_PRINCIPALS, 2, 1)
)
_POLICY = _listed(resource_statements)

_PLAN_RULES = st.builds(
    PlanRule,
    name=st.sampled_from(("night", "noon")),
    vault=st.sampled_from((*VAULTS, "Default")),
    schedule=_or_usual("cron(0 22 * * ? *)", "cron(0 5 ? * MON *)", "rate(1 day)", "cron(0/30 * * * ? *)"),
    zone=_or_usual("UTC", "Asia/Tokyo", "Mars/Olympus"),
    start_window=_or_usual(60, 480, 30),
    completion_window=_or_usual(180, 10080, 70),
    delete_after=_or_usual(35, 7, 400),
    copy_to=_or_usual("", *VAULTS),
)
_MANAGED = _listed(
    st.sampled_from([f"{SERVICE_ROLE}Backup", f"{SERVICE_ROLE}Restores", "arn:aws:iam::aws:policy/PowerUserAccess"]), 3
)
_TARGETS = _listed(_linked("file_systems", FILES)) | st.just(("arn:aws:elasticfilesystem:*:*:file-system/*",))
"""No literals beside links: a plan leaves them out (see `restore_ready.readers.terraform.plan._sources`)."""

_ROLE = _linked("roles", ROLES) | st.just("arn:aws:iam::111122223333:role/elsewhere")


def _people(*names: str) -> st.SearchStrategy[tuple[Identity, ...]]:
    return _named(names, Identity, managed=_MANAGED, policy=_listed(statements))


_arbitrary = st.builds(
    Stack,
    file_systems=_named(
        FILES,
        FileSystem,
        tags=_TAGS,
        automatic=_or_usual("", "ENABLED", "DISABLED"),
        policy=_listed(resource_statements, 1),
    ),
    keys=_named(("main",), Key, policy=_POLICY),
    vaults=_named(
        VAULTS,
        Vault,
        policy=_POLICY,
        lock=st.none() | st.builds(Lock, least=st.sampled_from([7, 30]), most=st.sampled_from([20, 365])),
        key=st.sampled_from(["", "main"]),
        events=_listed(st.sampled_from(["BACKUP_JOB_COMPLETED", "BACKUP_JOB_FAILED", "RESTORE_JOB_COMPLETED"])),
    ),
    plans=_named(("nightly",), Plan, rules=_listed(_PLAN_RULES, 2, 1)),
    selections=_named(("home",), Selection, plan=st.just("nightly"), role=_ROLE, resources=_TARGETS, tags=_TAGS),
    roles=_named(
        ROLES,
        Identity,
        managed=_MANAGED,
        policy=_listed(statements),
        service=_or_usual("backup.amazonaws.com", "ec2.amazonaws.com"),
    ),
    groups=_people("backup-operators"),
    users=_people("anna-restore"),
    movers=_named(("efs-restore-mover",), Mover, timeout=_or_usual(900, 3)),
    restore_tests=_named(
        ("monthly",),
        RestoreTest,
        schedule=_or_usual("cron(0 2 1 * ? *)", "cron(0 2 1 1 ? *)"),
        vaults=_listed(_linked("vaults", VAULTS)) | st.just(("*",)),
        resources=_TARGETS,
        role=_ROLE,
    ),
)

WORKING: Final = Stack(
    file_systems=(FileSystem("home", automatic="DISABLED"),),
    vaults=(Vault("efs", events=("BACKUP_JOB_COMPLETED", "RESTORE_JOB_COMPLETED")),),
    plans=(Plan("nightly", (PlanRule("night", "efs", "cron(0 22 * * ? *)", "Asia/Tokyo", 60, 180, 35),)),),
    selections=(Selection("home", "nightly", Link("roles", "AWSBackup-efs"), (Link("file_systems", "home"),)),),
    roles=(
        Identity("AWSBackup-efs", (f"{SERVICE_ROLE}Backup", f"{SERVICE_ROLE}Restores"), (), "backup.amazonaws.com"),
    ),
    groups=(
        Identity(
            "backup-operators",
            ("arn:aws:iam::aws:policy/PowerUserAccess",),
            (Statement("Allow", ("iam:PassRole",), (Link("roles", "AWSBackup-efs"),), service="backup.amazonaws.com"),),
        ),
    ),
    restore_tests=(
        RestoreTest(
            "monthly",
            "cron(0 2 1 * ? *)",
            (Link("vaults", "efs"),),
            (Link("file_systems", "home"),),
            Link("roles", "AWSBackup-efs"),
        ),
    ),
)
"""A stack in which nothing is wrong."""


@st.composite
def _nearly_working(draw: st.DrawFn) -> Stack:
    """Return the working stack with some kinds of resources as in an arbitrary one."""
    other = draw(_arbitrary)
    kinds = draw(st.sets(st.sampled_from([field.name for field in fields(Stack)]), min_size=1, max_size=3))
    return replace(WORKING, **{kind: getattr(other, kind) for kind in kinds})


stacks = _arbitrary | _nearly_working()
"""Stacks of which every value is known."""
