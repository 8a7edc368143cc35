"""Builds the tags of file systems and their automatic backups, which depend on other blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from restore_ready.model import AutomaticBackups, FileSystem, Known, Ref, Str, Unresolved, doubt
from restore_ready.readers._kinds import named
from restore_ready.readers.terraform._attributes import merged_tags, nested
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._uncertain import opened_setting


class DefaultTags(Struct, frozen=True):
    """The ``default_tags`` of the estate's provider configurations, by their addresses: ``module.a.aws.west``."""

    by_address: dict[str, object]

    @staticmethod
    def of(providers: Sequence[Block]) -> DefaultTags:
        """Return those of provider blocks."""
        found: dict[str, object] = {}
        for block in providers:
            blocks = nested(block.values, "default_tags")
            tags = [blocks] if isinstance(blocks, Unresolved) else [tag.get("tags") for tag in blocks]
            found[block.address.replace("provider.", "", 1)] = merged_tags(*tags)
        return DefaultTags(found)

    def of_block(self, block: Block) -> object:
        """Return what the provider of *block* adds."""
        provider = block.values.get("provider")
        return self.by_address.get(provider if isinstance(provider, str) else "aws")


def tags_of(block: Block, defaults: DefaultTags) -> Known[Mapping[str, Str]]:
    """Return the tags of a file system; in plans ``tags_all`` has the provider's default tags merged in already."""
    if "tags_all" in block.values:
        return merged_tags(block.values["tags_all"])
    return merged_tags(defaults.of_block(block), block.values.get("tags"))


def automatic_backups(
    stated: Sequence[tuple[Block, AutomaticBackups]], file_systems: Sequence[tuple[Block, FileSystem]]
) -> tuple[AutomaticBackups, ...]:
    """Return what each ``aws_efs_backup_policy`` states, and AWS's default for One Zone file systems without one.

    A policy that may not exist leaves that default open.
    """
    doubts = {block.address: block.maybe for block, _ in file_systems}
    targets: set[str] = set()
    astray: dict[str, str] = {}
    perhaps: dict[str, str] = {}
    for block, policy in stated:
        target = named(policy.file_system)
        why = doubt(block, doubts.get(target, ()))
        if target and not why:
            targets.add(target)
        elif policy.enabled is not True and isinstance(policy.file_system, Unresolved):
            astray[policy.address] = policy.file_system.why
        elif policy.enabled is not True:
            perhaps[target] = why
    silent = [
        _by_default(file_system, astray, perhaps.get(file_system.address, ""))
        for block, file_system in file_systems
        if file_system.one_zone is not False and targets.isdisjoint({file_system.address, _own_id(block)})
    ]
    return (*(opened_setting(policy, block, doubts) for block, policy in stated), *silent)


def _own_id(block: Block) -> str:
    known = block.values.get("id")
    return known if isinstance(known, str) else ""


def _by_default(file_system: FileSystem, astray: Mapping[str, str], perhaps: str) -> AutomaticBackups:
    """Return what holds where no policy certainly points at *file_system*.

    *astray* are policies, with reasons, that may be its own, and *perhaps* is why one of its own may not exist.
    """
    enabled: Known[bool] = file_system.one_zone
    reasons = [perhaps] if perhaps else [f"{address} may switch it off: {why}" for address, why in astray.items()]
    if enabled is True and reasons:
        enabled = Unresolved(reasons[0])
    address = file_system.address
    return AutomaticBackups(address, file_system.place, Ref(address, "id"), enabled, stated=False)
