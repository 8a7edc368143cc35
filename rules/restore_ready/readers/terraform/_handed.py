"""Which file systems are handed to what is out of sight: their id, their ARN, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.readers._handed import MOUNTING, NAMING
from restore_ready.readers.terraform._addresses import is_data, kind_of
from restore_ready.readers.terraform.language import Either, Maybe, Obj, Ref, Seq, Text, Value

_FILE_SYSTEMS: Final = frozenset({"aws_efs_file_system", "awscc_efs_file_system"})
"""Types of file systems."""

_ARN: Final = "arn:"


def handed_in(values: Iterable[Value]) -> Iterator[str]:
    """Yield the addresses of the file systems that some arguments name; a longer text that holds an id names none."""
    for value in values:
        for part in _parts(value):
            if isinstance(part, Ref):
                yield from _named([part])
            elif isinstance(part, Text) and isinstance(part.parts[0], str) and part.parts[0].startswith(_ARN):
                yield from _named([inner for inner in part.parts if isinstance(inner, Ref)])


def _parts(value: Value) -> Iterator[Value]:
    """Yield a value and every part of it that is not text, nor there to be mounted."""
    todo = [value]
    while todo:
        part = todo.pop()
        yield part
        if isinstance(part, Either):
            todo += (part.no, part.yes)
        elif isinstance(part, Maybe):
            todo.append(part.value)
        elif isinstance(part, Seq):
            todo.extend(reversed(part))
        elif isinstance(part, Obj):
            todo.extend(item for key, item in part.items() if key not in MOUNTING)


def _named(references: Sequence[Ref]) -> Iterator[str]:
    for reference in references:
        attribute = ".".join(map(str, reference.path))
        if kind_of(reference.target) in _FILE_SYSTEMS and attribute in NAMING and not is_data(reference.target):
            yield reference.target
