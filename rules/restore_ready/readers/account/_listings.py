"""Says what an account has whole: all its roles, and all vaults, file systems and plans of each Region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.model import AwsPlace, Known, ListedKind, Listing, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object

_LISTS: Final = {
    ListedKind.VAULT: ("vaults", "BackupVaultName"),
    ListedKind.FILE_SYSTEM: ("file_systems", "FileSystemId"),
    ListedKind.PLAN: ("plans", "BackupPlanId"),
}
"""The fact that lists each kind, and what its entries are called by."""

_RESOURCE: Final = 5
"""Where in an ARN stands what follows the account."""


def listings(everywhere: AccountFacts, regions: Iterable[AccountFacts]) -> Iterator[Listing]:
    """Yield the roles of an account, service-linked ones too, and what each of its *regions* lists."""
    yield Listing(ListedKind.ROLE, AwsPlace("", everywhere.account), _roles(everywhere))
    for facts in regions:
        for kind, (fact_id, name) in _LISTS.items():
            yield Listing(kind, AwsPlace(facts.region, facts.account), _names(facts.listed(fact_id), name))


def _roles(facts: AccountFacts) -> Known[frozenset[str]]:
    details = facts.found("iam")
    if isinstance(details, Unresolved):
        return details
    entries = () if details is None else details.get("RoleDetailList", ())
    return frozenset(entry["Arn"].split(":", _RESOURCE)[-1] for entry in entries)


def _names(listed: Known[list[Object]], name: str) -> Known[frozenset[str]]:
    return listed if isinstance(listed, Unresolved) else frozenset(entry[name] for entry in listed)
