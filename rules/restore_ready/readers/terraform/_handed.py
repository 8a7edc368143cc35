"""Which file systems are handed to what is out of sight: their id, their ARN, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.readers._handed import NAMING
from restore_ready.readers.terraform._addresses import is_data, kind_of
from restore_ready.readers.terraform.language import Encoded, Ref, Text, Value, walk

_FILE_SYSTEMS: Final = frozenset({"aws_efs_file_system", "awscc_efs_file_system"})
"""Types of file systems."""

_ARN: Final = "arn:"


def handed_in(values: Iterable[Value]) -> Iterator[str]:
    """Yield the addresses of the file systems that some arguments name; a longer text that holds an id names none."""
    for value in values:
        for part in () if isinstance(value, Encoded) else walk(value):
            if isinstance(part, Ref):
                yield from _named([part])
            elif isinstance(part, Text) and isinstance(part.parts[0], str) and part.parts[0].startswith(_ARN):
                yield from _named([inner for inner in part.parts if isinstance(inner, Ref)])


def _named(references: Sequence[Ref]) -> Iterator[str]:
    for reference in references:
        attribute = ".".join(map(str, reference.path))
        if kind_of(reference.target) in _FILE_SYSTEMS and attribute in NAMING and not is_data(reference.target):
            yield reference.target
