"""Follows nested stacks and SAM applications to their templates, where these are files beside the one that has them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready._errors import UnreadableError
from restore_ready.model import Ref, Selection, Text, Unresolved
from restore_ready.readers._backup_tables import SELECTION
from restore_ready.readers._imported import as_handed, as_imported, given_value
from restore_ready.readers.cloudformation._dialect import entry_of
from restore_ready.readers.cloudformation._load import load_template
from restore_ready.readers.cloudformation._resolve import Scenario, resolve
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._template import Template
from restore_ready.readers.cloudformation._types import is_opaque

_LOCATIONS: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_DEEPEST: Final = 5
_ASSET: Final = "aws:asset:path"


class Followed(Struct, frozen=True):
    """What was found in nested stacks.

    Attributes:
        selections: of them all.
        stacks: those of which everything that may back something up was read.
    """

    selections: tuple[Selection, ...] = ()
    stacks: frozenset[str] = frozenset()


def followed(template: Template, scenario: Scenario) -> Followed:
    """Return what the nested stacks of a template choose, as the template has it."""
    found = _follow(template, scenario.resources, 0)
    imported = (as_imported(selection, given_value, selection.place.file) for selection in found.selections)
    return Followed(tuple(selection for selection in imported if selection is not None), found.stacks)


def selections_of(
    template: Template, parameters: Mapping[str, object], depth: int = 0
) -> tuple[tuple[Selection, ...], bool]:
    """Return the selections of a template that is given *parameters*, and whether there can be no others.

    One that is only there where an open condition falls one way says so.
    """
    found: dict[Selection, int] = {}
    scenarios = resolve(template, parameters)
    closed = True
    for scenario in scenarios:
        inner = _follow(template, scenario.resources, depth)
        own = SELECTION.read_all([entry_of(resource) for resource in scenario.resources])
        for selection in (*own, *inner.selections):
            found[selection] = found.get(selection, 0) + 1
        hidden = (resource for resource in scenario.resources if is_opaque(resource.type))
        closed &= all(resource.name in inner.stacks for resource in hidden)
        closed &= not any(gap.hides_backups or gap.handed for gap in scenario.gaps)
    why = Unresolved("whether it exists depends on a condition of its template that is not known")
    certain = len(scenarios)
    return tuple(one if count == certain else replace(one, there=why) for one, count in found.items()), closed


def _follow(template: Template, resources: Iterable[Resource], depth: int) -> Followed:
    selections: list[Selection] = []
    stacks: set[str] = set()
    for resource in resources if depth < _DEEPEST else ():
        nested = _nested(template, resource)
        if nested is not None:
            given = dict(_parameters(resource, own=depth == 0))
            chosen, closed = selections_of(nested, given, depth + 1)
            selections += chosen
            stacks |= {resource.name} if closed else set()
    return Followed(tuple(selections), frozenset(stacks))


def _nested(template: Template, resource: Resource) -> Template | None:
    """Return the template of a nested stack, if it is a file in the same repository or below the same folder."""
    wanted = _location(template, resource)
    if not wanted or "://" in wanted:
        return None
    folder = Path(template.file).resolve().parent
    top = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)
    path = (folder / wanted).resolve()
    if not path.is_relative_to(top) or not path.is_file():
        return None
    file = os.path.normpath(Path(template.file).parent / wanted)
    try:
        nested = load_template(path)
    except UnreadableError:
        return None
    places = {name: replace(place, file=file) for name, place in nested.places.items()}
    return replace(nested, file=file, places=places)


def _location(template: Template, resource: Resource) -> str:
    written = resource.properties.get(_LOCATIONS.get(resource.type, ""))
    if isinstance(written, str):
        return written
    body = template.section("Resources").get(resource.name)
    metadata = body.get("Metadata") if isinstance(body, dict) else None
    asset = metadata.get(_ASSET) if isinstance(metadata, dict) and resource.type in _LOCATIONS else None
    return asset if isinstance(asset, str) else ""


def _parameters(resource: Resource, *, own: bool) -> Iterator[tuple[str, object]]:
    """Yield what a nested stack is given; what a stack within that is given of its own is nothing of the outermost."""
    given = resource.properties.get("Parameters")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        yield str(name), handed_over(value) if own else value


def handed_over(value: object) -> object:
    """Return a tree of values as a template has it that it is handed to."""
    if isinstance(value, Mapping):
        return {key: handed_over(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [handed_over(inner) for inner in value]
    return as_handed(value) if isinstance(value, (Ref, Text)) else value
