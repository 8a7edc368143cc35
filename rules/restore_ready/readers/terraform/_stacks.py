"""Says which CloudFormation stacks of a Terraform configuration make what is not in sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from restore_ready.model import Gap, show
from restore_ready.readers._handed import handed_in
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


def hidden_stacks(blocks: Sequence[Block], file_systems: AbstractSet[str]) -> Iterator[Gap]:
    """Yield the stacks that may make backups: one that says so, or is handed one of some *file_systems*."""
    for block in blocks:
        if block.mode == "managed" and block.type in _STACKS:
            handed = tuple(handed_in(block.values, file_systems))
            hides = _speaks_of_backup(block)
            if hides or handed:
                why = f"what {block.type} makes is not in sight"
                yield Gap(block.address, block.place, why, hides_backups=hides, handed=handed)


def _speaks_of_backup(block: Block) -> bool:
    said = (show(value) for name in _SAYING if isinstance(value := block.values.get(name), str))
    parameters = block.values.get("parameters")
    given = parameters if isinstance(parameters, dict) else {}
    return any("backup" in word.casefold() for word in (block.address, *said, *given))
