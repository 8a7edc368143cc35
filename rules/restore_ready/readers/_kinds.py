"""The kinds of value that field tables read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from msgspec import Struct

from restore_ready.model import (
    Known,
    OneOf,
    PolicyDocument,
    Ref,
    Str,
    TagCondition,
    Text,
    Unresolved,
    join_text,
    unresolved_reason,
)
from restore_ready.readers._fields import Entry, Kind, Table
from restore_ready.readers._statement_places import in_document

R = TypeVar("R", bound=Struct)

_NEVER: Final = -1
_TAG: Final = "aws:ResourceTag/"
_ON: Final = frozenset({"ENABLED", "TLS1_2"})
_OPERATORS: Final[Mapping[str, tuple[str, str]]] = {
    "equals": ("StringEquals", "string_equals"),
    "not_equals": ("StringNotEquals", "string_not_equals"),
    "like": ("StringLike", "string_like"),
    "not_like": ("StringNotLike", "string_not_like"),
}
"""Operators of tag tests: CloudFormation's names, and those of the other languages."""


def text(entry: Entry, name: str) -> Str | None:
    """Return a text."""
    return entry.dialect.text(entry.values, name)


def filled_text(entry: Entry, name: str) -> Str | None:
    """Return a text; an empty one is none in a language where that stands for nothing."""
    found = text(entry, name)
    return None if found == "" and entry.dialect.blank_is_absent else found


def number(entry: Entry, name: str) -> Known[int] | None:
    """Return a whole number."""
    return entry.dialect.number(entry.values, name)


def days(entry: Entry, name: str) -> Known[int] | None:
    """Return a number of days; -1 are none, and so are 0 in a language where that stands for nothing.

    -1 is how AWS Backup writes that something is never done (API_Lifecycle.html).
    """
    found = number(entry, name)
    if isinstance(found, OneOf) and min(found.options) <= 0:
        return Unresolved(found.why)
    return None if found == _NEVER or (found == 0 and entry.dialect.blank_is_absent) else found


def texts(entry: Entry, name: str) -> Known[tuple[Str, ...]] | None:
    """Return a list of texts."""
    return entry.dialect.texts(entry.values, name) if name in entry.values else None


def document(entry: Entry, name: str) -> Known[PolicyDocument] | None:
    """Return a policy document, with the places of its statements."""
    found = entry.dialect.document(entry.values, name)
    return in_document(found, entry.marks.blocks(name)) if isinstance(found, PolicyDocument) else found


def key(entry: Entry, name: str) -> Str | None:
    """Return the KMS key that is named."""
    return entry.dialect.key(entry.values, name)


def known_text(entry: Entry, name: str) -> str | None:
    """Return a text that is known in whole."""
    found = entry.values.get(name)
    return found if isinstance(found, str) else None


def directory(entry: Entry, name: str) -> Known[str] | None:
    """Return a directory; one left empty is none."""
    path = text(entry, name)
    if path is None or path == "":
        return None
    return path if isinstance(path, str) else Unresolved(unresolved_reason(path))


def switched_on(entry: Entry, name: str) -> Known[bool] | None:
    """Return whether a setting is ``ENABLED``, or a version of TLS."""
    state = text(entry, name)
    if state is None or isinstance(state, str):
        return None if state is None else state.upper() in _ON
    return Unresolved(unresolved_reason(state))


def switch(entry: Entry, name: str) -> Known[bool] | None:
    """Return whether a setting is true."""
    state = text(entry, name)
    if state is None or isinstance(state, str):
        return None if state is None else state.lower() == "true"
    return Unresolved(unresolved_reason(state))


def tag_key(entry: Entry, name: str) -> Str | None:
    """Return the key of a tag, without ``aws:ResourceTag/`` before it."""
    found = text(entry, name)
    if isinstance(found, str):
        return found.removeprefix(_TAG)
    if isinstance(found, Text) and isinstance(found.parts[0], str):
        return join_text((found.parts[0].removeprefix(_TAG), *found.parts[1:]))
    return found


def tag_prefix(entry: Entry, name: str) -> Known[bool] | None:
    """Return whether ``aws:ResourceTag/`` stands before the key of a tag."""
    found = text(entry, name)
    start = found.parts[0] if isinstance(found, Text) else found
    if isinstance(start, str):
        if start.startswith(_TAG):
            return True
        if start is found or not _TAG.startswith(start):
            return False
    return None if found is None else Unresolved(unresolved_reason(found))


def each(table: Table[R]) -> Kind[Known[tuple[R, ...]]]:
    """Return the kind that reads nested blocks or objects, each by *table*; none of them count as not given."""

    def read(entry: Entry, name: str) -> Known[tuple[R, ...]] | None:
        found = entry.dialect.blocks(entry, name)
        return found if isinstance(found, Unresolved) else tuple(map(table.read, found)) or None

    return read


def tag_tests(table: Table[TagCondition]) -> Kind[Known[tuple[TagCondition, ...]]]:
    """Return the kind that reads tag tests listed by their operators, each by *table*."""

    def read(entry: Entry, name: str) -> Known[tuple[TagCondition, ...]] | None:
        if entry.dialect.language == "terraform":
            blocks = entry.dialect.blocks(entry, name)
            return blocks if isinstance(blocks, Unresolved) else _tests(blocks, table)
        block = entry.dialect.block(entry, name)
        return None if block is None else _tests((block,), table)

    return read


def crowded(entry: Entry, name: str) -> tuple[str, ...] | None:
    """Return the operators of tag tests that stand in several blocks, by their names in Terraform."""
    blocks = entry.dialect.blocks(entry, name) if entry.dialect.language == "terraform" else ()
    if isinstance(blocks, Unresolved):
        return None
    found = [operator for block in blocks for _, operator in _OPERATORS.values() if _has_tests(block, operator)]
    return tuple(operator for operator in dict.fromkeys(found) if found.count(operator) > 1)


def _has_tests(block: Entry, operator: str) -> bool:
    tests = block.dialect.blocks(block, operator)
    return isinstance(tests, tuple) and tests != ()


def _tests(blocks: tuple[Entry, ...], table: Table[TagCondition]) -> Known[tuple[TagCondition, ...]]:
    found: list[TagCondition] = []
    for block in blocks:
        if block.why is not None:
            return block.why
        names = {op: pair[block.dialect.language != "cloudformation"] for op, pair in _OPERATORS.items()}
        strange = next((name for name in block.values if name not in names.values()), None)
        if strange is not None:
            return Unresolved(f"{strange} is no condition of a selection")
        for operator, name in names.items():
            tests = block.dialect.blocks(block, name)
            if isinstance(tests, Unresolved):
                return tests
            found += (table.read(test, operator=operator) for test in tests)
    return tuple(found)


def named(value: Str | None) -> str:
    """Return the address, ARN, name or id that *value* stands for; an empty text where it is not known."""
    return value.target if isinstance(value, Ref) else value if isinstance(value, str) else ""
