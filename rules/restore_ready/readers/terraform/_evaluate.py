"""Evaluates root modules: every block that matters with its values, and what could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import Struct

from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._addresses import module_of
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._blocks import blocks_of
from restore_ready.readers.terraform._holes import gaps_of
from restore_ready.readers.terraform._relevant import RELEVANT
from restore_ready.readers.terraform._variables import VariableValues
from restore_ready.readers.terraform.configuration import Wrapped, read_root


class Evaluation(Struct, frozen=True):
    """A root module's blocks, and what could not be read of it."""

    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()


class Readable(Struct, frozen=True):
    """What may be read of files beside the repository that a root module lies in.

    Attributes:
        scanned: folders, of which the one that holds the root counts where there is no repository around it.
        linked: a folder that links may lead into.
    """

    scanned: tuple[Path, ...] = ()
    linked: Path | None = None


_NOTHING_ELSE: Final = Readable()
_NO_VALUES: Final = VariableValues()
_PLAIN: Final = Wrapped()


def evaluate_root(
    root: Path,
    *,
    limit_seconds: float = 60,
    values: VariableValues = _NO_VALUES,
    readable: Readable = _NOTHING_ELSE,
    wrapped: Wrapped = _PLAIN,
) -> Evaluation:
    """Evaluate one root module as Terraform would, without its state and without AWS.

    Args:
        root: the folder; places in the result are this path joined with the files' names.
        limit_seconds: after which no more expressions are evaluated; that is a gap then.
        values: what its variables are set to beside what Terraform loads by itself; others are passed over.
        readable: what may be read beside the repository that *root* lies in.
        wrapped: what a tool around Terraform adds.
    """
    if not root.is_dir():
        why = "there is no such folder"
        return Evaluation((), (Gap(str(root), Place(str(root)), why, hides_backups=True),))
    around = next((folder for folder in readable.scanned if folder in (root, *root.parents)), None)
    found = read_root(
        root,
        arguments=values.arguments,
        environment=values.environment,
        scanned=around,
        linked=readable.linked,
        limit_seconds=limit_seconds,
        wanted=RELEVANT,
        wrapped=wrapped,
    )
    blocks = sorted(blocks_of(root, found), key=_as_in_a_plan)
    return Evaluation(tuple(blocks), gaps_of(str(root), found))


def _as_in_a_plan(block: Block) -> tuple[str, str]:
    """Return what sorts blocks as plans have them, so that a list in a message is the same from both."""
    return module_of(block.address), block.address
