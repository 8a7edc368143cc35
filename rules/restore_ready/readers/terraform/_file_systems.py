"""Builds file systems and their automatic backups from ``aws_efs_*`` blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.model import AutomaticBackups, FileSystem, Known, Ref, Str, Unresolved, unresolved_reason
from restore_ready.readers.terraform._attributes import merged_tags, nested, required_text, text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._existence import doubt
from restore_ready.readers.terraform._keys import KeyNames
from restore_ready.readers.terraform._uncertain import opened_setting

_STATES: Final = {"ENABLED": True, "ENABLING": True, "DISABLED": False, "DISABLING": False}


class DefaultTags(Struct, frozen=True):
    """The ``default_tags`` of the estate's ``provider "aws"`` blocks, by alias; the plain one's alias is empty."""

    by_alias: dict[str, object]

    @staticmethod
    def of(providers: Sequence[Block]) -> DefaultTags:
        """Collect them from provider blocks."""
        found: dict[str, object] = {}
        for block in providers:
            alias = text(block.values, "alias")
            blocks = nested(block.values, "default_tags")
            tags = blocks if isinstance(blocks, Unresolved) else [one.get("tags") for one in blocks]
            if isinstance(alias, str) or alias is None:
                found[alias or ""] = merged_tags(tags) if isinstance(tags, Unresolved) else merged_tags(*tags)
        return DefaultTags(found)

    def of_block(self, block: Block) -> object:
        """Return what the provider of *block* adds; inherited providers of modules count as the plain one."""
        provider = block.values.get("provider")
        alias = provider.removeprefix("aws.") if isinstance(provider, str) and provider != "aws" else ""
        return self.by_alias.get(alias)


def file_system(block: Block, defaults: DefaultTags, key_names: KeyNames) -> FileSystem:
    """Build a file system; in plans ``tags_all`` has the provider's default tags merged in already."""
    values = block.values
    layers = (values["tags_all"],) if "tags_all" in values else (defaults.of_block(block), values.get("tags"))
    arn = values.get("arn")
    return FileSystem(
        address=block.address,
        place=block.place,
        arn=arn if isinstance(arn, str) else Ref(block.address, "arn"),
        tags=merged_tags(*layers),
        one_zone=_one_zone(text(values, "availability_zone_name")),
        key=key_names.read(values, "kms_key_id"),
    )


def _one_zone(zone: Str | None) -> Known[bool]:
    if isinstance(zone, Unresolved):
        return Unresolved(f"whether it is One Zone is not known: {zone.why}")
    return zone is not None and zone != ""


def automatic_backups(
    policies: Sequence[Block], file_systems: Sequence[tuple[Block, FileSystem]]
) -> tuple[AutomaticBackups, ...]:
    """Give what each ``aws_efs_backup_policy`` states, and AWS's default for One Zone file systems without one.

    A policy that may not exist leaves that default open.
    """
    stated = [(block, _stated(block)) for block in policies]
    doubts = {block.address: block.maybe for block, _ in file_systems}
    targets: set[str] = set()
    astray: dict[str, str] = {}
    perhaps: dict[str, str] = {}
    for block, one in stated:
        target = _target(one.file_system)
        why = doubt(block, doubts.get(target, ()))
        if target and not why:
            targets.add(target)
        elif one.enabled is not True and isinstance(one.file_system, Unresolved):
            astray[one.address] = one.file_system.why
        elif one.enabled is not True:
            perhaps[target] = why
    silent = [
        _by_default(one, astray, perhaps.get(one.address, ""))
        for block, one in file_systems
        if one.one_zone is not False and targets.isdisjoint({one.address, _own_id(block)})
    ]
    return (*(opened_setting(one, block, doubts) for block, one in stated), *silent)


def _target(value: Str) -> str:
    return value.target if isinstance(value, Ref) else value if isinstance(value, str) else ""


def _own_id(block: Block) -> str:
    known = block.values.get("id")
    return known if isinstance(known, str) else ""


def _stated(block: Block) -> AutomaticBackups:
    blocks = nested(block.values, "backup_policy")
    enabled: Known[bool]
    if isinstance(blocks, Unresolved):
        enabled = blocks
    elif not blocks:
        enabled = Unresolved("backup_policy can't be read: it comes from values that are not known")
    else:
        enabled = _enabled(required_text(blocks[0], "status"))
    return AutomaticBackups(block.address, block.place, required_text(block.values, "file_system_id"), enabled)


def _enabled(status: Str) -> Known[bool]:
    if not isinstance(status, str):
        return Unresolved(f"the status is not known: {unresolved_reason(status)}")
    return _STATES.get(status.upper(), Unresolved(f"the status is {status}, neither ENABLED nor DISABLED"))


def _by_default(one: FileSystem, astray: Mapping[str, str], perhaps: str) -> AutomaticBackups:
    """Say what holds where no policy certainly points at *one*.

    *astray* are policies, with reasons, that may be its own, and *perhaps* is why one of its own may not exist.
    """
    enabled: Known[bool] = one.one_zone
    reasons = [perhaps] if perhaps else [f"{address} may switch it off: {why}" for address, why in astray.items()]
    if enabled is True and reasons:
        enabled = Unresolved(reasons[0])
    return AutomaticBackups(one.address, one.place, Ref(one.address, "id"), enabled, stated=False)
