"""An exception as a source has it, before it is known to be sound."""

from __future__ import annotations

from msgspec import Struct


class Noted(Struct, frozen=True):
    """An exception in a comment or in ``Metadata``.

    Attributes:
        rule: as written.
        until: as written; empty where it has no end.
        line: where it stands, from 1.
        whole: whether it is the template's own, for all of its resources.
    """

    rule: str
    reason: str
    until: str
    line: int
    whole: bool
