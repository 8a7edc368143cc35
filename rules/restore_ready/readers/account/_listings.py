"""Says what an account has whole: all its roles, and all vaults of each Region that was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.model import AwsPlace, Known, ListedKind, Listing, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts

_RESOURCE: Final = 5
"""Where in an ARN stands what follows the account."""


def listings(everywhere: AccountFacts, regions: Iterable[AccountFacts]) -> Iterator[Listing]:
    """Yield the roles of an account, service-linked ones too, and the vaults of each of its *regions*."""
    yield Listing(ListedKind.ROLE, AwsPlace("", everywhere.account), _roles(everywhere))
    for facts in regions:
        yield Listing(ListedKind.VAULT, AwsPlace(facts.region, facts.account), _vaults(facts))


def _roles(facts: AccountFacts) -> Known[frozenset[str]]:
    details = facts.found("iam")
    if isinstance(details, Unresolved):
        return details
    entries = () if details is None else details.get("RoleDetailList", ())
    return frozenset(entry["Arn"].split(":", _RESOURCE)[-1] for entry in entries)


def _vaults(facts: AccountFacts) -> Known[frozenset[str]]:
    listed = facts.listed("vaults")
    return listed if isinstance(listed, Unresolved) else frozenset(entry["BackupVaultName"] for entry in listed)
