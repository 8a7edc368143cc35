"""The blocks of a unit and of the files that it includes, by label: those of the file that includes win."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from restore_ready.readers.terraform.language import Value
from restore_ready.readers.terraform.syntax import Attribute, Written
from restore_ready.readers.terragrunt._config import Config


class Placed(NamedTuple):
    """A block, and the file that it stands in."""

    block: Written
    config: Config

    def argument(self, name: str) -> Value:
        """Return the value of an argument; ``None`` where it is not given."""
        written = self.block.body.attributes.get(name)
        return None if written is None else self.config.context.shared.value(written.expr, self.config.scope)

    def written(self, name: str) -> Attribute | None:
        """Return an argument as it is written."""
        return self.block.body.attributes.get(name)


def files_of(config: Config) -> list[Config]:
    """Return the unit's file and those that count for it, the one that all others win over first."""
    return [*(included for _, included in reversed(config.merged) if included is not None), config]


def blocks_of(config: Config, kind: str, within: str = "") -> dict[str, Placed]:
    """Return the blocks of one kind by label, those *within* a block of another kind."""
    found: dict[str, Placed] = {}
    for file in files_of(config):
        for block in _blocks(file, kind, within):
            found[block.labels[0] if block.labels else ""] = Placed(block, file)
    return found


def _blocks(file: Config, kind: str, within: str) -> Iterator[Written]:
    around = [file.body] if not within else [block.body for block in file.body.blocks if block.kind == within]
    return (block for body in around for block in body.blocks if block.kind == kind)


def source_of(config: Config) -> Placed | None:
    """Return the ``terraform`` block whose ``source`` counts; ``None`` where there is none."""
    blocks = [Placed(block, file) for file in files_of(config) for block in _blocks(file, "terraform", "")]
    return next((placed for placed in reversed(blocks) if placed.written("source") is not None), None)
