"""Where things are written, and what rules report on."""

from __future__ import annotations

from typing import Final, Protocol

from msgspec import Struct

_DOWNLOADED: Final = frozenset({".terraform", ".terragrunt-cache"})
"""The folders into which Terraform and Terragrunt put modules."""


class Place(Struct, frozen=True):
    """Where something is written. Lines count from 1; line 0 means that the source has no lines.

    Attributes:
        column: of the first character, from 1, where the place is that of a part of a resource; 0 where no column is
            told. Likewise *end_column*, which is the one after the last character.
        call: of a resource in a module that was downloaded, the module call of the repository that leads to it.
    """

    file: str
    line: int = 0
    end_line: int = 0
    column: int = 0
    end_column: int = 0
    call: Place | None = None

    @property
    def is_downloaded(self) -> bool:
        """Whether it is in a module that was downloaded, which is no part of the repository."""
        return not _DOWNLOADED.isdisjoint(self.file.replace("\\", "/").split("/"))

    def __str__(self) -> str:
        """Return ``file:line``, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Focus(Struct, frozen=True):
    """Where a part of a resource is written: an attribute, or a block nested in it.

    Attributes:
        place: of the part; that of a dynamic block's ``content`` for what comes from there.
        given: where its value is given, if elsewhere: as the argument of a module call, a local value, a default.
    """

    place: Place
    given: Place | None = None


class Places(Struct, frozen=True):
    """Where the fields of a record are written, as far as its source tells."""

    fields: tuple[tuple[str, Focus], ...] = ()

    def of(self, *names: str) -> Focus | None:
        """Return where the first of some fields is written that is; ``None`` where none is."""
        known = dict(self.fields)
        return next((known[name] for name in names if name in known), None)


DOCUMENT: Final = "document"
"""The field of a policy that holds what it says."""


class Subject(Protocol):
    """What a rule can report on."""

    @property
    def address(self) -> str:
        """Terraform address with module path and index, logical id, or ARN."""

    @property
    def place(self) -> Place:
        """Where the resource is written."""
