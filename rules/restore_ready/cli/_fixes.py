"""What ``restore-ready scan`` is to do about its findings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
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
