"""Which accounts has an organization, all or below some of its units, and what controls them?

Each unit takes two calls, the accounts of the whole organization one for every twenty, each service control policy two,
and the accounts whose backup policy is invalid one for every twenty of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import boto3
from msgspec.structs import replace

from restore_ready._errors import StartError, UsageError
from restore_ready.live._account_roster import ROSTER
from restore_ready.live._ask import Asker
from restore_ready.live._clients import Clients, Holder
from restore_ready.live._guard import Guard
from restore_ready.live._organization_controls import list_controls
from restore_ready.live._organization_policies import list_invalid_policies
from restore_ready.live._organization_rows import ORGANIZATION_ROWS
from restore_ready.live._pace import Counts, Pacer
from restore_ready.live._plan import ROWS
from restore_ready.live._walk import Walk
from restore_ready.model import Fact

_ALLOWED: Final = frozenset((row.service, row.operation) for row in (*ORGANIZATION_ROWS, ROWS["identity"]))


def list_organization(
    session: boto3.Session, include: Iterable[str] = (), exclude: Iterable[str] = (), pacer: Pacer | None = None
) -> tuple[Fact, Fact, Fact]:
    """List the accounts of the organization of *session*'s account, and what holds for them.

    These are the facts `ROSTER`, `CONTROLS` and `INVALID_POLICIES`.

    Args:
        session: of the management account, or of one that it delegated to.
        include: ids of organizational units or of the root; without, the whole organization. Units below count.
        exclude: ids of those whose accounts are left out.
        pacer: keeps the calls apart.

    Raises:
        StartError: if the accounts can't be listed, or none is left to read.
    """
    holder = Holder(session, Guard(allowed=_ALLOWED), Counts())
    clients = Clients(session, 1)
    included, excluded = tuple(include), tuple(exclude)
    with clients.held_by(holder):
        walk = Walk(Asker(clients, pacer or Pacer()))
        identity = walk.ask(ROWS["identity"], {})
        walk.asker.account = str(identity.data.get("Account", ""))
        holder.guard.confirm(walk.asker.account)
        found = _members(walk, included, excluded)
        controls, invalid = list_controls(walk), list_invalid_policies(walk)
    if not found:
        msg = "no account is left to read: check --include-ou and --exclude-ou"
        raise StartError(msg)
    accounts = replace(
        identity,
        id=ROSTER,
        account=walk.asker.account,
        params={"include": list(included), "exclude": list(excluded)},
        data={"Accounts": list(found.values())},
    )
    return accounts, controls, invalid


def _members(walk: Walk, included: tuple[str, ...], excluded: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return the accounts below *included*, all if that is empty, and not below *excluded*."""
    listed = walk.below(included) if included else walk.everybody()
    found = {entry["Id"]: entry for entry in listed}
    for entry in walk.below(excluded):
        found.pop(entry["Id"], None)
    return found


def check_units(units: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of units that a person named.

    Raises:
        UsageError: if one of them can't be an id.
    """
    given = tuple(units)
    for unit in given:
        if not unit.startswith(("ou-", "r-")):
            msg = f"'{unit}' is no organizational unit: give its id, such as ou-abcd-11112222 or r-abcd"
            raise UsageError(msg)
    return given
