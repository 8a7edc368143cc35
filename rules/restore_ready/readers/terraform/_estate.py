"""Builds an estate from evaluated blocks, whichever Terraform reader they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import HERE, AwsPlace, Estate, Gap, Source
from restore_ready.readers._backup_tables import PLAN, SELECTION
from restore_ready.readers._efs_tables import (
    ACCESS_POINT,
    AUTOMATIC_BACKUPS,
    FILE_SYSTEM,
    FILE_SYSTEM_POLICY,
    MOUNT_TARGET,
    REPLICATION,
    SUBNET,
)
from restore_ready.readers._fields import Dialect, Entry, Table
from restore_ready.readers._mover_tables import movers
from restore_ready.readers._organization_tables import organization_parts
from restore_ready.readers._refused_policies import refused_policies
from restore_ready.readers._restore_test_tables import RESTORE_TEST, RESTORE_TEST_PLAN
from restore_ready.readers._topic_tables import EventTargets, topics, user_notifications
from restore_ready.readers._vault_tables import (
    EVENT_RULE,
    GLOBAL_SETTINGS,
    REGION_SETTINGS,
    VAULT,
    VAULT_NOTIFICATION,
    VAULT_POLICY,
    event_rules,
    vault_locks,
)
from restore_ready.readers.terraform._addresses import is_default_provider
from restore_ready.readers.terraform._aliases import followed
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._dialect import entry_of, terraform
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._file_systems import DefaultTags, automatic_backups, tags_of
from restore_ready.readers.terraform._iam_estate import iam_parts
from restore_ready.readers.terraform._key_names import KeyNames
from restore_ready.readers.terraform._keys import keys
from restore_ready.readers.terraform._organizations import policy_targets
from restore_ready.readers.terraform._schedules import scheduled_work
from restore_ready.readers.terraform._stacks import stacks
from restore_ready.readers.terraform._uncertain import (
    Doubts,
    as_planned,
    named_rules,
    opened_mount_target,
    opened_policy,
    opened_selection,
    opened_test,
)

R = TypeVar("R", bound=Struct)


def estate_from_blocks(blocks: Sequence[Block], *, source: Source, root: str, gaps: tuple[Gap, ...] = ()) -> Estate:
    """Return the estate of one root module.

    Args:
        blocks: resources, data sources, provider configurations and unread module calls.
        source: `Source.TERRAFORM` or `Source.PLAN`.
        root: the root module's folder or the plan file.
        gaps: what the reader could not read; passed on.
    """
    blocks = followed(blocks)
    other = _from_awscc(blocks, source, root)
    dialect = terraform(Documents(blocks), KeyNames(blocks))
    principals, policies = iam_parts(blocks, dialect, principals=other.principals, policies=other.policies)
    own = Estate(source, root, principals=principals, policies=policies, gaps=gaps, home=_home(blocks))
    own = _with_backups(own, blocks, dialect, other)
    joined = _joined(own, replace(other, principals=(), policies=()))
    file_systems = {file_system.address for file_system in joined.file_systems}
    found = stacks(blocks, file_systems)
    refused = refused_policies(principals, policies)
    return replace(joined, gaps=(*joined.gaps, *found.gaps, *refused), imported=found.selections)


def _home(blocks: Iterable[Block]) -> AwsPlace:
    """Return where the default provider of the root module works."""
    places = (block.aws_place for block in blocks if block.mode == "provider" and is_default_provider(block.address))
    return next(places, HERE)


def _with_backups(estate: Estate, blocks: Sequence[Block], dialect: Dialect, other: Estate) -> Estate:
    """Return *estate* with all that is no principal; attachments and doubts take what *other* declares into account."""
    managed = [block for block in blocks if block.mode == "managed"]
    entries = [entry_of(block, dialect) for block in managed]
    defaults = DefaultTags.of([block for block in blocks if block.mode == "provider"])
    pairs = _Pairs(managed, entries)
    file_systems = [
        (block, FILE_SYSTEM.read(entry, tags=tags_of(block, defaults))) for block, entry in pairs.of(FILE_SYSTEM)
    ]
    found = tuple(file_system for _, file_system in file_systems)
    doubts: dict[str, tuple[str, ...]] = {block.address: block.maybe for block, _ in file_systems}
    doubts.update((file_system.address, ()) for file_system in other.file_systems)
    stated = [(block, AUTOMATIC_BACKUPS.read(entry, stated=True)) for block, entry in pairs.of(AUTOMATIC_BACKUPS)]
    plans, selections, controls = organization_parts(entries, policy_targets(blocks))
    own_selections = pairs.opened(SELECTION, opened_selection, doubts)
    if estate.source is Source.PLAN:
        own_selections = tuple(map(as_planned, own_selections))
    access_points = ACCESS_POINT.read_all(entries)
    return replace(
        estate,
        file_systems=found,
        automatic_backups=automatic_backups(stated, file_systems),
        plans=(*(named_rules(PLAN.read(entry), block) for block, entry in pairs.of(PLAN)), *plans),
        selections=(*own_selections, *selections),
        vaults=VAULT.read_all(entries),
        vault_policies=VAULT_POLICY.read_all(entries),
        restore_tests=pairs.opened(RESTORE_TEST, opened_test, doubts),
        restore_test_plans=RESTORE_TEST_PLAN.read_all(entries),
        vault_locks=tuple(vault_locks(entries)),
        vault_notifications=VAULT_NOTIFICATION.read_all(entries),
        event_rules=(
            *event_rules(filter(EVENT_RULE.tells, entries), EventTargets(entries).of),
            *user_notifications(entries),
        ),
        region_settings=REGION_SETTINGS.read_all(entries),
        global_settings=GLOBAL_SETTINGS.read_all(entries),
        topics=tuple(topics(entries)),
        scheduled_work=tuple(
            scheduled_work(entries, (*found, *other.file_systems), (*access_points, *other.access_points))
        ),
        access_points=access_points,
        mount_targets=pairs.opened(MOUNT_TARGET, opened_mount_target, doubts),
        subnets=SUBNET.read_all(entries),
        file_system_policies=pairs.opened(FILE_SYSTEM_POLICY, opened_policy, doubts),
        replications=REPLICATION.read_all(entries),
        movers=tuple(movers(entries)),
        controls=controls,
        keys=tuple(keys(managed, dialect)),
    )


class _Pairs:
    """Blocks with what field tables read of them."""

    def __init__(self, blocks: Sequence[Block], entries: Sequence[Entry]) -> None:
        self._pairs = list(zip(blocks, entries, strict=True))

    def of(self, table: Table[R]) -> list[tuple[Block, Entry]]:
        """Return those of a table's types."""
        return [(block, entry) for block, entry in self._pairs if table.tells(entry)]

    def opened(self, table: Table[R], opened: Callable[[R, Block, Doubts], R], doubts: Doubts) -> tuple[R, ...]:
        """Return the records of a table, each open where its file system can exist without it."""
        return tuple(opened(table.read(entry), block, doubts) for block, entry in self.of(table))


def _joined(own: Estate, other: Estate) -> Estate:
    """Return what both estates hold."""
    lists = {
        name: (*found, *getattr(other, name))
        for name in own.__struct_fields__
        if isinstance(found := getattr(own, name), tuple)
    }
    return replace(own, **lists)


def _from_awscc(blocks: Sequence[Block], source: Source, root: str) -> Estate:
    """Return what the ``awscc`` provider declares. Most configurations have none, and the other reader is not cheap."""
    if not any(block.type.startswith("awscc_") for block in blocks):
        return Estate(source, root)
    from restore_ready.readers.cloudformation import estate_from_resources  # noqa: PLC0415  # see the docstring
    from restore_ready.readers.terraform._awscc import resources_of  # noqa: PLC0415  # see the docstring

    return estate_from_resources(tuple(resources_of(blocks)), source=source, root=root)
