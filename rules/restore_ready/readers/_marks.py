"""Where the parts of a resource are written, as its reader tells when it is asked."""

from __future__ import annotations

from typing import Protocol

from restore_ready.model import Focus


class Marks(Protocol):
    """The places of a resource's attributes and of the blocks nested in it, by the names in its language."""

    def focus(self, name: str) -> Focus | None:
        """Return where an attribute is written, or the first nested block of that name."""

    def blocks(self, name: str) -> tuple[Marks, ...]:
        """Return the marks of the nested blocks of one name, in their order."""


class NoMarks:
    """Of a source that does not tell."""

    def focus(self, name: str) -> None:  # as `Marks` has it
        """Return nothing."""

    def blocks(self, name: str) -> tuple[Marks, ...]:  # noqa: ARG002  # as `Marks` has it
        """Return none."""
        return ()


NO_MARKS = NoMarks()
