"""Follows CloudFormation stacks of a Terraform configuration, and says which of them make what is not in sight."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Gap, Selection, Text, Unresolved, show
from restore_ready.model._why_open import OPAQUE
from restore_ready.readers._handed import handed_in
from restore_ready.readers._imported import as_imported, given_value
from restore_ready.readers.terraform._block import Block

_STACKS: Final = frozenset(
    {
        "aws_cloudformation_stack",
        "aws_cloudformation_stack_set",
        "aws_cloudformation_stack_set_instance",
        "aws_serverlessapplicationrepository_cloudformation_stack",
        "awscc_cloudformation_stack",
        "awscc_cloudformation_stack_set",
    }
)
_SAYING: Final = ("application_id", "name", "stack_name", "stack_set_name", "template_url")
_SET: Final = Unresolved("a stack set deploys it where its instances say")


class Stacks(Struct, frozen=True):
    """What is known of the stacks of a configuration.

    Attributes:
        selections: of those whose templates are in sight.
        gaps: the stacks that may make backups: one that says so, or is handed a file system.
    """

    selections: tuple[Selection, ...] = ()
    gaps: tuple[Gap, ...] = ()


def stacks(blocks: Sequence[Block], file_systems: AbstractSet[str]) -> Stacks:
    """Return what is known of the stacks among *blocks*, beside some *file_systems*, by their addresses."""
    selections: list[Selection] = []
    gaps: list[Gap] = []
    for block in blocks:
        if block.mode != "managed" or block.type not in _STACKS:
            continue
        chosen, closed = _selections(block)
        selections += chosen
        gap = None if closed else _gap(block, file_systems)
        gaps += [] if gap is None else [gap]
    return Stacks(tuple(selections), tuple(gaps))


def _gap(block: Block, file_systems: AbstractSet[str]) -> Gap | None:
    body = block.values.get("template_body")
    named = [block.values, body.parts if isinstance(body, Text) else ()]
    handed, hides = tuple(handed_in(named, file_systems)), _speaks_of_backup(block)
    why = OPAQUE.said(what=block.type)
    return Gap(block.address, block.place, why, hides_backups=hides, handed=handed) if hides or handed else None


def _speaks_of_backup(block: Block) -> bool:
    said = (show(value) for name in _SAYING if isinstance(value := block.values.get(name), str))
    parameters = block.values.get("parameters")
    given = parameters if isinstance(parameters, dict) else {}
    return any("backup" in word.casefold() for word in (block.address, *said, *given))


def _selections(block: Block) -> tuple[list[Selection], bool]:
    """Return the selections of a stack as Terraform has them, and whether there can be no others."""
    body = block.values.get("template_body")
    if not isinstance(body, (str, Text, dict)):
        return [], False
    from restore_ready.readers.terraform._stack_bodies import selections_in  # noqa: PLC0415  # few need that reader

    chosen, closed = selections_in(body, block)
    found: list[Selection] = []
    for selection in chosen:
        imported = as_imported(selection, given_value, block.address)
        if imported is not None:
            there = _there(block, imported)
            found.append(
                replace(imported, place=block.place, maybe=block.maybe, aws_place=block.aws_place, there=there)
            )
    return found, closed


def _there(block: Block, selection: Selection) -> bool | Unresolved:
    """Return whether a selection exists wherever the file systems do."""
    if block.type.endswith("_set"):
        return _SET
    if block.maybe:
        return Unresolved(f"whether {block.address} exists is not known: {block.maybe[0]}")
    return selection.there
