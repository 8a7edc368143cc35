"""Where things are written, and what rules report on."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Place(Struct, frozen=True):
    """Where something is written. Lines count from 1; line 0 means that the source has no lines."""

    file: str
    line: int = 0
    end_line: int = 0

    def __str__(self) -> str:
        """Return ``file:line``, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Subject(Protocol):
    """What a rule can report on."""

    @property
    def address(self) -> str:
        """Terraform address with module path and index, logical id, or ARN."""

    @property
    def place(self) -> Place:
        """Where the resource is written."""
