"""How CloudFormation writes what field tables read."""

from __future__ import annotations

from typing import Final

from restore_ready.iam import parse_document
from restore_ready.model import Known, PolicyDocument, Unresolved
from restore_ready.readers._fields import Dialect, Entry
from restore_ready.readers._marks import NO_MARKS
from restore_ready.readers.cloudformation._fields import Properties, mapping, mappings, number, text, texts
from restore_ready.readers.cloudformation._resource import Resource


def _block(entry: Entry, name: str) -> Entry | None:
    found, marks = mapping(entry.values, name), entry.marks.blocks(name)
    return None if found is None else entry.inner(found, marks=marks[0] if len(marks) == 1 else NO_MARKS)


def _blocks(entry: Entry, name: str) -> Known[tuple[Entry, ...]]:
    found = mappings(entry.values, name)
    if isinstance(found, Unresolved):
        return found
    marks = entry.marks.blocks(name)
    told = marks if len(marks) == len(found) else (NO_MARKS,) * len(found)
    return tuple(entry.inner(values, marks=inner) for values, inner in zip(found, told, strict=True))


def _document(values: Properties, name: str) -> Known[PolicyDocument] | None:
    return parse_document(values[name]) if name in values else None


CLOUDFORMATION: Final = Dialect("cloudformation", text, number, texts, _block, _blocks, _document, text)


def entry_of(resource: Resource) -> Entry:
    """Return a resource as field tables read it."""
    return Entry(
        CLOUDFORMATION,
        resource.properties,
        resource.name,
        resource.place,
        resource.type,
        maybe=resource.maybe,
        marks=resource.marks,
        aws_place=resource.aws_place,
    )
