"""The retention that vaults insist on, and whether a recovery point's retention fits.

A job whose retention lies outside of a vault lock's range fails
(https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html).
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Known,
    Pass,
    Plan,
    Str,
    Unknown,
    Unresolved,
    VaultLock,
    Verdict,
    doubt,
    gravity,
    open_is_unknown,
    settled,
)


class Range(Struct, frozen=True):
    """Retention in days that a vault takes: from *shortest* to *longest*, ``None`` where there is no limit.

    Attributes:
        by: address of the resource that says so.
    """

    by: str
    shortest: Known[int | None]
    longest: Known[int | None]


class Locks:
    """The ranges of an estate's locked vaults. Several locks of one vault count as one, the strictest."""

    def __init__(self, estate: EstateIndex) -> None:
        """Take the locks of *estate*."""
        self._vaults = estate.vault_keys
        self._of_vault: dict[str, list[VaultLock]] = {}
        self._loose: Range | None = None
        self._any: Range | None = None
        for lock in estate.vault_locks:
            key = self._vaults.key(lock.vault, lock.aws_place, here=True)
            if isinstance(key, Unresolved):
                self._loose = _stricter(self._loose, lock)
            else:
                self._of_vault.setdefault(key, []).append(lock)
            self._any = _stricter(self._any, lock)

    def judge(self, vault: Str, plan: Plan, days: Known[int | None], what: str, *, here: bool) -> Verdict:
        """Return whether *vault* takes what is kept for *days*; ``None`` is for ever.

        Args:
            vault: a name, an ARN or a reference.
            plan: the plan that sends it there, from its own place in AWS.
            days: the retention of what goes there.
            what: ``its recovery points``, for the message.
            here: whether the vault certainly lies in the plan's account and Region.
        """
        key = self._vaults.key(vault, plan.aws_place, here=here)
        if isinstance(key, Unresolved):
            return _perhaps(self._any, days, what, key.why)
        met = {*plan.maybe, *self._vaults.maybe(key)}
        certain: Range | None = None
        doubtful, why = None, ""
        for lock in self._of_vault.get(key, ()):
            if reason := doubt(lock, met):
                doubtful, why = _stricter(doubtful, lock), why or reason
            else:
                certain = _stricter(certain, lock)
        if certain is None:
            verdicts = [_perhaps(self._loose, days, what, "which vault is locked is not known")]
        else:
            verdicts = [_judge(certain, days, what)]
        return max([*verdicts, _perhaps(doubtful, days, what, why)], key=gravity)


def _stricter(known: Range | None, lock: VaultLock) -> Range:
    other = Range(lock.address, lock.min_days, lock.max_days)
    if known is None:
        return other
    return Range(
        known.by, _strictest(known.shortest, other.shortest, max), _strictest(known.longest, other.longest, min)
    )


def _strictest(
    known: Known[int | None], other: Known[int | None], choose: Callable[[int, int], int]
) -> Known[int | None]:
    if isinstance(known, Unresolved) or other is None:
        return known
    if isinstance(other, Unresolved) or known is None:
        return other
    return choose(known, other)


def _perhaps(found: Range | None, days: Known[int | None], what: str, why: str) -> Verdict:
    """Return the verdict by a range that may not be that of the vault: a Fail is only possible."""
    verdict = Pass() if found is None else _judge(found, days, what)
    return Unknown(f"{why}; if this vault is locked, {verdict.message}") if isinstance(verdict, Fail) else verdict


@open_is_unknown
def _judge(found: Range, days: Known[int | None], what: str) -> Verdict:
    if found.shortest is None and found.longest is None:
        return Pass()
    kept_days = settled(days, f"how long {what} are kept is not known")
    if limit := _broken_limit(found, kept_days):
        kept = "for ever" if kept_days is None else f"{kept_days} days"
        return Fail(
            f"{what} are kept {kept}, but the vault takes {limit} ({found.by}): every job fails",
            fix="Set a retention within the range that the vault's lock allows.",
            evidence={"days": kept_days, "lock": found.by},
        )
    for bound in (found.shortest, found.longest):
        settled(bound, f"the retention that {found.by} allows is not known")
    return Pass()


def _broken_limit(found: Range, days: int | None) -> str:
    """Return which limit of the range *days* breaks; empty if certainly none."""
    if isinstance(found.shortest, int) and days is not None and days < found.shortest:
        return f"{found.shortest} days and more"
    if isinstance(found.longest, int) and (days is None or days > found.longest):
        return f"at most {found.longest} days"
    return ""
