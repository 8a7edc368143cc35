"""Which policy files stand alone, and which are part of a Terraform configuration that reads them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.scanning._discover import Found

_MOST = 16 * 1024 * 1024
"""Bytes of Terraform that are searched for the names of policy files."""


def standing_alone(found: Found) -> Sequence[Path]:
    """Return the policies that no Terraform reads: those beside or below it are its own, as are those it names.

    A policy that is given by name stands alone.
    """
    if not found.policies or not found.terraform_files:
        return found.policies
    folders = {file.parent for file in found.terraform_files}
    apart = [path for path in found.policies if path in found.named or folders.isdisjoint(path.parents)]
    texts = list(_texts(found.terraform_files)) if set(apart) - found.named else []
    return [path for path in apart if path in found.named or not any(path.name.encode() in text for text in texts)]


def _texts(files: Sequence[Path]) -> Iterator[bytes]:
    left = _MOST
    for file in files:
        with suppress(UnreadableError):  # what can't be read is told where it is read as Terraform
            text = read_file(file, left)
            left -= len(text)
            yield text
