"""Says whether what the backup policies of an organization come to in an account is valid."""

from __future__ import annotations

from collections.abc import Mapping

from restore_ready.model import EffectiveBackupPolicy, Fact, Known, Status, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts, why_unknown


def effective_policies(facts: AccountFacts, told: Fact | None) -> tuple[EffectiveBackupPolicy, ...]:
    """Return the effective backup policy of an account, by what its organization *told*; none where it is not asked."""
    return () if told is None else (EffectiveBackupPolicy(facts.label, facts.place, _invalid(facts.account, told)),)


def _invalid(account: str, told: Fact) -> Known[bool]:
    if told.status is not Status.OK:
        return Unresolved(why_unknown(told))
    listed = told.data.get("Accounts")
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        return Unresolved("what the organization said of its backup policies can't be read")
    return any(entry.get("Id") == account for entry in listed)
