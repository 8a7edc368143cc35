"""Says which blocks may not exist: those whose ``count``, or that of their module call, is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Gap, Place, Ref, Unresolved
from restore_ready.readers.terraform._addresses import index, module_of, steps
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._merge import WHOLE, OpenArguments
from restore_ready.readers.terraform._overlay import COUNT_PROBE, EACH_PROBE

_TELLING: Final = (
    "aws_backup_",
    "aws_efs_backup_",
    "aws_efs_file_system",
    "aws_efs_mount_target",
    "aws_iam_",
    "aws_kms_key_policy",
    "aws_ssoadmin_",
    "awscc_",
)
_QUIET: Final = "aws_efs_mount_target"
"""A type that matters to few rules: what stands in for one that is missing is enough for them."""

_LONGEST: Final = 200
_UNSURE: Final = "whether it exists is not known: "
_STANDING_IN: Final = {
    "aws_efs_backup_policy": ("file_system_id",),
    "aws_efs_file_system_policy": ("file_system_id", "policy"),
    "aws_efs_mount_target": ("file_system_id", "subnet_id"),
    "aws_iam_group_membership": ("group", "users"),
    "aws_iam_group_policy": ("group", "policy"),
    "aws_iam_group_policy_attachment": ("group", "policy_arn"),
    "aws_iam_policy_attachment": ("policy_arn", "roles", "users", "groups"),
    "aws_iam_role_policy": ("role", "policy"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_user_group_membership": ("user", "groups"),
    "aws_iam_user_policy": ("user", "policy"),
    "aws_iam_user_policy_attachment": ("user", "policy_arn"),
    "aws_kms_key_policy": ("key_id", "policy"),
    "aws_ssoadmin_customer_managed_policy_attachment": ("permission_set_arn",),
    "aws_ssoadmin_managed_policy_attachment": ("permission_set_arn", "managed_policy_arn"),
    "aws_ssoadmin_permission_set_inline_policy": ("permission_set_arn", "inline_policy"),
}
"""Types that say something about another resource, and the attributes that do."""


class Count(Struct, frozen=True):
    """The ``count`` of a block.

    Attributes:
        condition: its expression and where it stands; two equal ones have equal values.
        is_open: whether the value that it seems to have comes from something unknown.
        gap: what there is to report where the block is missing.
    """

    condition: str
    is_open: bool
    gap: Gap


def counts_of(probes: Sequence[Block], opened: Mapping[str, OpenArguments]) -> dict[str, Count]:
    """Return the counts that the local values of the overlay describe, by address without index.

    *opened* are the open arguments of each module call: tfparse takes an open one for null and counts with that.
    """
    found: dict[str, Count] = {}
    for probe in probes:
        scope = module_of(probe.address)
        for name, told in probe.values.items():
            if name.startswith(COUNT_PROBE) and isinstance(told, Mapping):
                address = ".".join(filter(None, (scope, str(told.get("block")))))
                found[address] = _count(address, told, scope, probe.place.file, opened.get(scope, {}))
    return found


def _count(address: str, told: Mapping[str, object], scope: str, file: str, arguments: OpenArguments) -> Count:
    written = str(told.get("written"))
    condition = f"its count is {written[:_LONGEST]}"
    if len(written) > _LONGEST:
        condition = f"{condition}… ({address})"
    elif scope:
        condition = f"{condition} in {scope}"
    uses = told.get("uses")
    names = [str(one).split(".")[1] for one in uses] if isinstance(uses, list) else []
    is_open = any(WHOLE in arguments.get(name, ()) for name in names)
    line = told.get("line")
    place = Place(file, *((line, line) if isinstance(line, int) else ()))
    gap = Gap(address, place, _UNSURE + condition, hides_backups=told.get("backup") is True)
    return Count(condition, is_open, gap)


def with_counts(blocks: Sequence[Block], counts: Mapping[str, Count]) -> list[Block]:
    """Return *blocks* with what is known of their counts."""
    return [_counted(block, counts) if block.address.endswith("]") else block for block in blocks]


def _counted(block: Block, counts: Mapping[str, Count]) -> Block:
    count = counts.get(_without_index(block.address))
    if count is None or not (block.maybe or count.is_open):
        return block
    return replace(block, maybe=(count.condition,))


def uncounted(counts: Mapping[str, Count], addresses: Collection[str]) -> Iterator[Gap]:
    """Give the blocks that are missing because of a count that is not known."""
    present = {_without_index(address) for address in addresses if address.endswith("]")}
    for address, count in counts.items():
        kind = steps(address)[-2]
        if count.is_open and address not in present and (kind.startswith(_TELLING) or count.gap.hides_backups):
            yield count.gap


def standing_in(gaps: Iterable[Gap], probes: Sequence[Block], blocks: Sequence[Block]) -> Iterator[Block]:
    """Give a block for each that is missing and would say something about *blocks*; all that it says is open.

    Where the *probes* tell which it is about, there is one for each of these, and none if they are missing too.
    """
    missing = {gap.address: gap for gap in gaps if _kind(gap) in _STANDING_IN}
    if not missing:
        return
    named = _named_by(probes)
    instances: dict[str, list[str]] = {}
    for block in blocks:
        instances.setdefault(_without_index(block.address), []).append(block.address)
    for address, gap in missing.items():
        kind, scope = steps(address)[-2], module_of(address)
        attributes: dict[str, object] = dict.fromkeys(_STANDING_IN[kind], Unresolved(gap.why))
        subject = _STANDING_IN[kind][0]
        target = named.get(address, {}).get(subject)
        for one in instances.get(".".join(filter(None, (scope, str(target)))), ()) if target else ("",):
            values = {**attributes, subject: Ref(one, "name")} if one else attributes
            yield Block(address, kind, "managed", values, gap.place, {}, (gap.why.removeprefix(_UNSURE),))


def worth_telling(gap: Gap) -> bool:
    """Tell whether a gap is reported beside what stands in for it."""
    return _kind(gap) != _QUIET or gap.hides_backups


def _kind(gap: Gap) -> str:
    return steps(f"_.{gap.address}")[-2]


def _named_by(probes: Sequence[Block]) -> dict[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for probe in probes:
        for name, told in probe.values.items():
            if name.startswith((COUNT_PROBE, EACH_PROBE)) and isinstance(told, Mapping):
                named = told.get("named")
                address = ".".join(filter(None, (module_of(probe.address), str(told.get("block")))))
                found[address] = named if isinstance(named, Mapping) else {}
    return found


def within_modules(blocks: Sequence[Block]) -> list[Block]:
    """Return *blocks* with the doubt about the existence of a module call carried over to what is in it."""
    doubts = {block.address: block.maybe for block in blocks if block.type == "module" and block.maybe}
    return [_within(block, doubts) for block in blocks] if doubts else list(blocks)


def _within(block: Block, doubts: Mapping[str, tuple[str, ...]]) -> Block:
    inherited: list[str] = []
    module = module_of(block.address) if block.type != "module" else ""
    found = steps(module) if module else []
    for depth in range(2, len(found) + 1, 2):
        inherited += doubts.get(".".join(found[:depth]), ())
    return replace(block, maybe=(*inherited, *block.maybe)) if inherited else block


def doubt(block: Block, beside: tuple[str, ...]) -> str:
    """Say why it is not known whether *block* exists where something with the open conditions *beside* does.

    Empty if it certainly does.
    """
    condition = next((one for one in block.maybe if one not in beside), "")
    return f"whether {block.address} exists is not known: {condition}" if condition else ""


def _without_index(address: str) -> str:
    return address.removesuffix(index(steps(address)[-1]))
