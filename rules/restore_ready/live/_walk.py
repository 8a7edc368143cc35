"""Which accounts and units are below a unit? One slow call at a time: AWS throttles these early, for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from restore_ready._errors import StartError
from restore_ready.live import _organization_rows as rows
from restore_ready.live._ask import Asker
from restore_ready.live._row import Row
from restore_ready.model import Fact, Status


class UnansweredError(StartError):
    """A call that only listing an organization needs failed.

    Attributes:
        fact: what came of the call.
    """

    def __init__(self, fact: Fact, row: Row, about: str) -> None:
        """Take what came of the call, its row, and the unit or policy it was about."""
        fix = f"; grant {fact.action} to whoever starts the audit" if fact.action else ""
        whom = f" of {about}" if about else ""
        super().__init__(f"can't list the organization: {row.operation}{whom} failed: {fact.code}: {fact.message}{fix}")
        self.fact = fact


class Walk(Struct):
    """Calls one after the other; what a unit holds is asked once."""

    asker: Asker
    _known: dict[tuple[str, str], Fact] = field(default_factory=dict)

    def everybody(self) -> list[dict[str, Any]]:
        """Return the accounts of the whole organization.

        Raises:
            UnansweredError: if they can't be had, here and below.
        """
        return list(self.ask(rows.ACCOUNTS, {}).data.get("Accounts", ()))

    def below(self, units: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """Yield the accounts of *units* and of the units in them.

        Raises:
            UnansweredError: if a call fails.
        """
        waiting = list(dict.fromkeys(units))
        seen = set(waiting)
        while waiting:
            unit = {"Id": waiting.pop()}
            yield from self.ask(rows.UNIT_ACCOUNTS, unit).data.get("Accounts", ())
            for child in self.ask(rows.UNIT_UNITS, unit).data.get("OrganizationalUnits", ()):
                if child["Id"] not in seen:
                    seen.add(child["Id"])
                    waiting.append(child["Id"])

    def ask(self, row: Row, about: Mapping[str, Any]) -> Fact:
        """Return what a call answers, made unless it was made before.

        Raises:
            UnansweredError: if it fails.
        """
        key = (row.id, repr([about.get(old) for old in row.about.values()]))
        if key not in self._known:
            self.asker.pacer.wait(self.asker.account, "", row)
            fact = self.asker.ask(row, "", about)
            if fact.status is not Status.OK:
                raise UnansweredError(fact, row, str(about.get("Id", "")))
            self._known[key] = fact
        return self._known[key]
