"""What can come out of a request: allowed, denied or undecided, and which statement decided?"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from restore_ready.model import Focus


class Cause(Struct, frozen=True):
    """The statement that decided: its policy's address, its Sid or else its index from 0, and its effect.

    What an account's root user may do without any policy has no address, and ``root user`` for a statement.

    Attributes:
        focus: where it is written, or else its policy, as far as the source tells.
    """

    policy_address: str
    statement: str
    effect: str
    focus: Focus | None = None


class Allowed(Struct, frozen=True):
    """Some statement allows it and nothing denies it."""

    by: Cause


class Denied(Struct, frozen=True):
    """Not allowed: by an explicit Deny, or, where *by* is ``None``, because nothing allows it; *why* says which."""

    by: Cause | None
    why: str


class Undecided(Struct, frozen=True):
    """It depends on what is not known. *allowed_by* is the Allow that was proven, with only a limit left to exclude."""

    why: str
    allowed_by: Cause | None = None


Outcome: TypeAlias = Allowed | Denied | Undecided
