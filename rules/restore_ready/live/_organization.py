"""Lists the accounts of an organization, all or those below some organizational units.

Asked one call at a time and slowly: AWS throttles these calls early, for the whole organization. Each unit takes two
calls, the accounts of the whole organization one for every twenty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

import boto3

from restore_ready._errors import StartError, UsageError
from restore_ready.live._ask import Asker
from restore_ready.live._clients import Clients, Holder
from restore_ready.live._facts import Fact, Status
from restore_ready.live._guard import Guard
from restore_ready.live._pace import Counts, Pacer
from restore_ready.live._plan import ROWS
from restore_ready.live._roll import ROLL
from restore_ready.live._row import Level, Pages, Row, under

_PAGES: Final = Pages("NextToken", "NextToken", "MaxResults", 20)
_FIELDS: Final = "Id Arn Name Status"
_PER_SECOND: Final = 2.0

ORGANIZATION_ROWS: Final = (
    Row(
        "organization_accounts",
        "organizations:ListAccounts",
        Level.ACCOUNT,
        under("Accounts", _FIELDS),
        "which accounts the organization has",
        pages=_PAGES,
        per_second=_PER_SECOND,
    ),
    Row(
        "unit_accounts",
        "organizations:ListAccountsForParent",
        Level.NODE,
        under("Accounts", _FIELDS),
        "which accounts an organizational unit has",
        about={"ParentId": "Id"},
        pages=_PAGES,
        per_second=_PER_SECOND,
    ),
    Row(
        "unit_units",
        "organizations:ListOrganizationalUnitsForParent",
        Level.NODE,
        under("OrganizationalUnits", "Id Name"),
        "which units are in an organizational unit",
        about={"ParentId": "Id"},
        pages=_PAGES,
        per_second=_PER_SECOND,
    ),
)
"""Calls that only listing an organization needs: asked by whoever starts the audit, in no other account."""

_ROWS: Final = {row.id: row for row in ORGANIZATION_ROWS}
_ALLOWED: Final = frozenset((row.service, row.operation) for row in (*ORGANIZATION_ROWS, ROWS["identity"]))


def list_members(
    session: boto3.Session, include: Iterable[str] = (), exclude: Iterable[str] = (), pacer: Pacer | None = None
) -> Fact:
    """List the accounts of the organization of *session*'s account, as the fact `_roll.ROLL`.

    Args:
        session: of the management account, or of one that it delegated to.
        include: ids of organizational units or of the root; without, the whole organization. Units below count.
        exclude: ids of those whose accounts are left out.
        pacer: keeps the calls apart.

    Raises:
        StartError: if one of the lists can't be had, or nothing is left to read.
    """
    holder = Holder(session, Guard(allowed=_ALLOWED), Counts())
    clients = Clients(session, 1)
    included, excluded = tuple(include), tuple(exclude)
    with clients.held_by(holder):
        walk = _Walk(Asker(clients, pacer or Pacer()))
        identity = walk.ask(ROWS["identity"], {})
        walk.asker.account = str(identity.data.get("Account", ""))
        holder.guard.confirm(walk.asker.account)
        found = walk.members(included, excluded)
    if not found:
        msg = "no account is left to read: check --include-ou and --exclude-ou"
        raise StartError(msg)
    return replace(
        identity,
        id=ROLL,
        account=walk.asker.account,
        params={"include": list(included), "exclude": list(excluded)},
        data={"Accounts": list(found.values())},
    )


@dataclass
class _Walk:
    """Calls one after the other."""

    asker: Asker

    def members(self, included: tuple[str, ...], excluded: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        """Return the accounts below *included*, all if that is empty, and not below *excluded*."""
        everyone = () if included else self.ask(_ROWS["organization_accounts"], {}).data.get("Accounts", ())
        listed = chain(self.below(included), everyone)
        found = {entry["Id"]: entry for entry in listed}
        for entry in self.below(excluded):
            found.pop(entry["Id"], None)
        return found

    def below(self, units: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """Give the accounts of *units* and of the units in them."""
        waiting = list(dict.fromkeys(units))
        seen = set(waiting)
        while waiting:
            unit = {"Id": waiting.pop()}
            yield from self.ask(_ROWS["unit_accounts"], unit).data.get("Accounts", ())
            for one in self.ask(_ROWS["unit_units"], unit).data.get("OrganizationalUnits", ()):
                if one["Id"] not in seen:
                    seen.add(one["Id"])
                    waiting.append(one["Id"])

    def ask(self, row: Row, about: dict[str, str]) -> Fact:
        self.asker.pacer.wait(self.asker.account, "", row)
        fact = self.asker.ask(row, "", about)
        if fact.status is not Status.OK:
            whom = f" of {about['Id']}" if about else ""
            cure = f"; grant {fact.action} to whoever starts the audit" if fact.action else ""
            msg = f"can't list the organization: {row.operation}{whom} failed: {fact.code}: {fact.message}{cure}"
            raise StartError(msg)
        return fact


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
