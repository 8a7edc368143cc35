"""Which accounts was an audit of several to read? The snapshot keeps the list, so that none can get lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from restore_ready.model import Fact, Status

ROSTER: Final = "accounts"
"""The id of the fact that lists the accounts, and what stands for the account where the snapshot ends its part."""

CONTROLS: Final = "controls"
"""The id of the fact that says which service control policies bind which accounts, where the organization was asked."""

INVALID_POLICIES: Final = "invalid_backup_policies"
"""The id of the fact that lists accounts whose effective backup policy is invalid, where the organization was asked."""

_ACTIVE: Final = "ACTIVE"


class Member(Struct, frozen=True):
    """An account on the roster."""

    account: str
    name: str = ""
    status: str = _ACTIVE

    @property
    def active(self) -> bool:
        """Whether the account can be used: not suspended, not being closed."""
        return self.status == _ACTIVE


def is_roster(fact: Fact) -> bool:
    """Return whether *fact*, which may stand in a snapshot of any origin, lists accounts as a roster does."""
    listed = fact.data.get("Accounts")
    return isinstance(listed, list) and all(
        isinstance(entry, Mapping) and isinstance(entry.get("Id"), str) for entry in listed
    )


def members_of(roster: Fact) -> tuple[Member, ...]:
    """Return the accounts on the roster."""
    return tuple(
        Member(str(entry.get("Id", "")), str(entry.get("Name", "")), str(entry.get("Status", _ACTIVE)))
        for entry in roster.data.get("Accounts", ())
    )


def roster_of(accounts: Iterable[str], at: str) -> Fact:
    """Return the roster of *accounts* that a file names, read at a moment (ISO 8601)."""
    return Fact(ROSTER, "", "", Status.OK, data={"Accounts": [{"Id": account} for account in accounts]}, at=at)
