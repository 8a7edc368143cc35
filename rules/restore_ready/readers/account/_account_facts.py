"""The facts of one Region of an account, to be looked up by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from msgspec import Struct, field

from restore_ready.model import Fact, Gap, Known, Place, Status, Unresolved
from restore_ready.model._why_open import FAILED, NEW_FACT, REFUSED
from restore_ready.readers.account._answers import ABOUT, LISTS, OBJECTS, Object, checked

GATES: Final = ("file_systems", "vaults", "plans")
"""The facts that tell whether there is anything to back up, or backed up, in a Region."""

OPTIONAL: Final = frozenset({"global_settings", "organization_parents", "service_control", "service_controls"})
"""Facts without which an audit is complete: mostly an organization's management account alone may see them."""

_Key: TypeAlias = tuple[str, tuple[str, ...]]


class AccountFacts(Struct, frozen=True):
    """The facts of an account in one Region, or those that belong to none.

    Attributes:
        account: its id, 12 digits.
        region: empty for what is global.
    """

    account: str
    region: str
    _facts: dict[_Key, Fact] = field(default_factory=dict)

    @classmethod
    def of(cls, account: str, region: str, facts: Iterable[Fact]) -> AccountFacts:
        """Take *facts*, which are all of this account and Region; of equal ones the last counts."""
        return cls(account, region, {_key(fact): checked(fact) for fact in facts})

    @property
    def label(self) -> str:
        """What stands for the file in reports: ``aws:111122223333/eu-west-1``."""
        return f"aws:{self.account}/{self.region}" if self.region else f"aws:{self.account}"

    @property
    def place(self) -> Place:
        """Where everything in this Region is."""
        return Place(self.label)

    @property
    def unread(self) -> bool:
        """Whether nothing at all can be read in this Region."""
        return all(isinstance(self.listed(gate), Unresolved) for gate in GATES)

    @property
    def empty(self) -> bool:
        """Whether there certainly is nothing to judge in this Region."""
        return all(self.listed(gate) == [] for gate in GATES)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something of this account and Region."""
        return f"arn:{self._partition}:{service}:{self.region}:{self.account}:{resource}"

    def listed(self, fact_id: str, *about: str) -> Known[list[Object]]:
        """Return the entries of a list; none where AWS says that there is none; or why they are not known."""
        fact = self._fact(fact_id, about)
        if isinstance(fact, Unresolved):
            return fact
        return list(fact.data[LISTS[fact_id][0]]) if fact.status is Status.OK else []

    def entries(self, fact_id: str, *about: str) -> list[Object]:
        """Return the entries of a list; none also where they are not known."""
        listed = self.listed(fact_id, *about)
        return [] if isinstance(listed, Unresolved) else listed

    def found(self, fact_id: str, *about: str) -> Known[Object | None]:
        """Return one thing, ``None`` where AWS says that there is none, or why it is not known."""
        fact = self._fact(fact_id, about)
        if isinstance(fact, Unresolved):
            return fact
        if fact.status is Status.ABSENT:
            return None
        thing: Object = fact.data[OBJECTS[fact_id]] if fact_id in OBJECTS else fact.data
        return thing

    def all_about(self, fact_id: str) -> Iterator[tuple[str, ...]]:
        """Return what each fact of a kind is about."""
        return (about for kind, about in self._facts if kind == fact_id)

    def gaps(self) -> Iterator[Gap]:
        """Yield every fact that is not known, with what it is about."""
        for (fact_id, about), fact in self._facts.items():
            if fact.status is Status.UNKNOWN and fact_id not in OPTIONAL:
                yield Gap(":".join((self.label, fact_id, *about)), self.place, why_unknown(fact))

    def _fact(self, fact_id: str, about: tuple[str, ...]) -> Fact | Unresolved:
        fact = self._facts.get((fact_id, about))
        if fact is None:
            return Unresolved(NEW_FACT.said(what=fact_id))
        return Unresolved(why_unknown(fact)) if fact.status is Status.UNKNOWN else fact

    @property
    def _partition(self) -> str:
        first = self.region.partition("-")[0]
        return {"cn": "aws-cn"}.get(first, "aws-us-gov" if self.region.startswith("us-gov-") else "aws")


def _key(fact: Fact) -> _Key:
    return fact.id, tuple(str(fact.params.get(name, "")) for name in ABOUT.get(fact.id, ()))


def why_unknown(fact: Fact) -> str:
    """Return why a fact is not known, and what to grant."""
    call = fact.action or fact.operation or fact.id
    denied = any(word in fact.code for word in ("AccessDenied", "Unauthorized", "Authorization"))
    if denied and "explicit deny" not in fact.message:
        return REFUSED.said(call=call, code=fact.code)
    said = f": {fact.message}" if fact.message else ""
    return f"{FAILED.said(call=call, code=fact.code or 'an error')}{said}"
