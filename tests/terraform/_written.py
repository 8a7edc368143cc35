"""Writes configurations for tests, and reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from restore_ready.readers.terraform.configuration import BlockBody, Evaluation, ResourceInstance, read_root


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write *files* below *folder* and return it."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def evaluated(folder: Path, main: str) -> Evaluation:
    """Evaluate a configuration of one file."""
    return read_root(written(folder, {"main.tf": main}))


def by_address(evaluation: Evaluation) -> dict[str, ResourceInstance]:
    """Return the resources by address."""
    return {resource.address: resource for resource in evaluation.resources}


def values(body: BlockBody) -> dict[str, Any]:
    """Return arguments and nested blocks as plain values; blocks are lists."""
    found: dict[str, Any] = {name: attribute.value for name, attribute in body.attributes.items()}
    for block in body.blocks:
        found.setdefault(block.name, []).append(values(block.body))
    return found


def vault(evaluation: Evaluation, address: str = "aws_backup_vault.v") -> dict[str, Any]:
    """Return the values of one resource."""
    return values(by_address(evaluation)[address].body)


def keys(resource: ResourceInstance) -> list[str]:
    """Return on what the existence of a resource depends."""
    return [condition.key for condition in resource.maybe]
