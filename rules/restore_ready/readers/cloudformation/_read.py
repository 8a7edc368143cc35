"""Reads a template file into estates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from restore_ready.model import Reading, Source
from restore_ready.readers.cloudformation._estate import estate_from_resources
from restore_ready.readers.cloudformation._load import load_template, load_text
from restore_ready.readers.cloudformation._resolve import resolve
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
    return Reading(
        tuple(
            estate_from_resources(
                scenario.resources,
                source=Source.CLOUDFORMATION,
                root=template.file,
                gaps=scenario.gaps,
                assuming=scenario.assuming,
            )
            for scenario in resolve(template, parameters)
        ),
    )
