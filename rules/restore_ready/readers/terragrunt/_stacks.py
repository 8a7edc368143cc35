"""Which units does a stack make of which folders, and what does it hand to each?

https://terragrunt.gruntwork.io/docs/features/stacks/: ``terragrunt stack generate`` copies each ``unit`` into
``.terragrunt-stack``. What is here is read from where it would be copied, as if it lay there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from restore_ready.readers.terraform.configuration import Gap
from restore_ready.readers.terraform.language import Value
from restore_ready.readers.terragrunt._blocks import Placed
from restore_ready.readers.terragrunt._config import Config
from restore_ready.readers.terragrunt._functions import UNIT_FILE

STACK_FILE: Final = "terragrunt.stack.hcl"
_GENERATED: Final = ".terragrunt-stack"
_DEEPEST: Final = 10
_PLAIN: Final = frozenset({"source", "path", "values", "no_dot_terragrunt_stack", "no_validation"})
_INSTEAD: Final = "scan .terragrunt-stack after `terragrunt stack generate`"


class StackUnit(Struct, frozen=True):
    """A unit of a stack.

    Attributes:
        file: the ``terragrunt.hcl`` that is copied.
        copy: where the copy would be.
        values: what the stack hands to it.
        stacks: the files of the stacks that it is of, the innermost first.
    """

    file: Path
    copy: Path
    values: Value
    stacks: tuple[Path, ...]


def units_of(stack: Config, stacks: tuple[Path, ...] = ()) -> Iterator[StackUnit]:
    """Yield the units of a stack and of those that it is made of; one that can't be had is a gap of the stack."""
    stacks = (stack.file, *stacks)
    for block in stack.body.blocks:
        if block.kind not in {"unit", "stack"} or not block.labels:
            continue
        placed = Placed(block, stack)
        found = _component(placed, UNIT_FILE if block.kind == "unit" else STACK_FILE, stacks)
        if isinstance(found, str):
            named = f"{block.kind} {block.labels[0]}"
            stack.context.shared.add(Gap(named, f"{found}: {_INSTEAD}", block.span, None))
        elif block.kind == "unit":
            yield found
        else:
            inner = Config(found.file, stack.context, reader=found.copy, values=found.values)
            yield from units_of(inner, stacks)


def _component(placed: Placed, name: str, stacks: tuple[Path, ...]) -> StackUnit | str:
    """Return what a block makes of which file, or why that can't be told."""
    block, stack = placed.block, placed.config
    if more := sorted({*block.body.attributes, *(inner.kind for inner in block.body.blocks)} - _PLAIN):
        return f"what its {more[0]} does is not read"
    source, path = placed.argument("source"), placed.argument("path")
    if not isinstance(source, str) or not isinstance(path, str):
        return "its source or path is not known"
    file = Path(os.path.normpath(stack.reader.parent / source)) / name
    if not file.is_file() or len(stacks) > _DEEPEST:
        return f"{source} is not here" if len(stacks) <= _DEEPEST else "stacks are nested too deep"
    if refusal := stack.readable(Path(os.path.realpath(file))):
        return f"{source} is not read: {refusal}"
    below = "" if placed.argument("no_dot_terragrunt_stack") is True else _GENERATED
    copy = Path(os.path.normpath(stack.reader.parent / below / path)) / name
    return StackUnit(file, copy, placed.argument("values"), stacks)
