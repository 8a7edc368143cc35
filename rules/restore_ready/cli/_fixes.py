"""What ``restore-ready scan`` is to do about its findings."""

from __future__ import annotations

from msgspec import Struct


class Wish(Struct, frozen=True):
    """What was asked for.

    Attributes:
        diff: show the changes.
        fix: make them.
        force: in files too that git could not bring back.
    """

    diff: bool = False
    fix: bool = False
    force: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything was."""
        return self.diff or self.fix
