"""How Terraform writes what field tables read."""

from __future__ import annotations

from restore_ready.model import Known, PolicyDocument, Unresolved
from restore_ready.readers._fields import Dialect, Entry
from restore_ready.readers._marks import NO_MARKS
from restore_ready.readers.terraform._attributes import Values, nested_each, number, text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._key_names import KeyNames


def terraform(documents: Documents, key_names: KeyNames) -> Dialect:
    """Return the dialect of one root module, whose policy documents and keys may stand in data sources."""

    def document(values: Values, name: str) -> Known[PolicyDocument]:
        return documents.read(values.get(name))

    return Dialect(
        "terraform",
        text,
        number,
        texts,
        _block,
        _blocks,
        document,
        key_names.read,
        missing="is not given",
        blank_is_absent=True,
    )


def entry_of(block: Block, dialect: Dialect) -> Entry:
    """Return a block as field tables read it."""
    return Entry(
        dialect,
        block.values,
        block.address,
        block.place,
        block.type,
        places=block.block_places,
        maybe=block.maybe,
        marks=block.marks,
        aws_place=block.aws_place,
    )


def _blocks(entry: Entry, name: str) -> Known[tuple[Entry, ...]]:
    found = nested_each(entry.values, name)
    if isinstance(found, Unresolved):
        return found
    places = entry.places.get(name, ())
    fitting = places if len(places) == len(found) else (entry.place,) * len(found)
    marks = entry.marks.blocks(name)
    told = marks if len(marks) == len(found) else (NO_MARKS,) * len(found)
    return tuple(
        entry.inner(values, place=place, marks=inner) for values, place, inner in zip(found, fitting, told, strict=True)
    )


def _block(entry: Entry, name: str) -> Entry | None:
    found = _blocks(entry, name)
    if isinstance(found, Unresolved):
        return entry.inner(found)
    return next((block for block in found if block.why is not None), found[0]) if found else None
