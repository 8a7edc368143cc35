"""Reads a template file into estates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from restore_ready.model import Estate, Reading, Source
from restore_ready.readers.cloudformation._estate import estate_from_resources
from restore_ready.readers.cloudformation._exports import imports
from restore_ready.readers.cloudformation._load import load_template, load_text
from restore_ready.readers.cloudformation._nested import followed
from restore_ready.readers.cloudformation._resolve import Scenario, resolve
from restore_ready.readers.cloudformation._template import Template


def read_template(path: Path, parameters: Mapping[str, str] | None = None) -> Reading:
    """Return what a template file says: one estate for each way that its open conditions can fall.

    Args:
        path: a YAML or JSON file.
        parameters: values that go before the template's defaults; those it doesn't declare are passed over.

    Raises:
        UnreadableError: if it can't be read or is no template.
    """
    return _read(load_template(path), parameters)


def read_template_text(text: str, path: Path, parameters: Mapping[str, str] | None = None) -> Reading:
    """Return what a template says by its text, as `read_template` does; *path* is what places and messages name.

    Raises:
        UnreadableError: as `read_template`.
    """
    return _read(load_text(text, path), parameters)


def _read(template: Template, parameters: Mapping[str, str] | None) -> Reading:
    taken = tuple(dict.fromkeys(imports(template.tree)))
    return Reading(tuple(_estate(template, scenario, taken) for scenario in resolve(template, parameters)))


def _estate(template: Template, scenario: Scenario, taken: tuple[str, ...]) -> Estate:
    estate = estate_from_resources(
        scenario.resources,
        source=Source.CLOUDFORMATION,
        root=template.file,
        gaps=scenario.gaps,
        assuming=scenario.assuming,
    )
    nested = followed(template, scenario)
    gaps = tuple(gap for gap in estate.gaps if gap.address not in nested.stacks)
    return replace(estate, gaps=gaps, exports=scenario.exports, imports=taken, imported=nested.selections)
