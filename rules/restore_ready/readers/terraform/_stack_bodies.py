"""Reads the CloudFormation template in a Terraform resource: text of which parts may be open, or a tree of values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from restore_ready._errors import UnreadableError
from restore_ready.model import Ref, Selection, Str, Text, Unresolved, join_text
from restore_ready.readers._imported import as_handed
from restore_ready.readers.cloudformation import Template, is_template, load_text
from restore_ready.readers.cloudformation._nested import handed_over, selections_of
from restore_ready.readers.terraform._block import Block

_HOLE: Final = re.compile("\ue000([0-9]+)\ue001")


def selections_in(body: str | Text | Mapping[str, object], block: Block) -> tuple[tuple[Selection, ...], bool]:
    """Return the selections of a stack's template, and whether there can be no others."""
    template = _template(body, block.place.file)
    if template is None:
        return (), False
    given = handed_over(block.values.get("parameters"))
    parameters = given if isinstance(given, Mapping) else {}
    if not isinstance(block.values.get("parameters", {}), Mapping):
        return selections_of(template, {})[0], False
    return selections_of(template, parameters)


def _template(body: str | Text | Mapping[str, object], file: str) -> Template | None:
    if isinstance(body, Mapping):
        tree = handed_over(body)
        return Template(file, tree, {}) if isinstance(tree, dict) and is_template(tree) else None
    parts = body.parts if isinstance(body, Text) else (body,)
    holes = [part for part in parts if not isinstance(part, str)]
    numbers = iter(range(len(holes)))
    text = "".join(part if isinstance(part, str) else f"\ue000{next(numbers)}\ue001" for part in parts)
    try:
        template = load_text(text, Path(file))
    except UnreadableError:
        return None
    tree = _filled(template.tree, holes) if holes else template.tree
    return replace(template, tree=tree) if isinstance(tree, Mapping) else None


def _filled(tree: object, holes: list[Ref | Unresolved]) -> object:
    """Return a tree with what its text leaves open in place; keys stay as they are."""
    if isinstance(tree, dict):
        return {key: _filled(value, holes) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, holes) for value in tree]
    return _text(tree, holes) if isinstance(tree, str) else tree


def _text(text: str, holes: list[Ref | Unresolved]) -> Str:
    pieces = _HOLE.split(text)
    return join_text(as_handed(holes[int(piece)]) if at % 2 else piece for at, piece in enumerate(pieces))
