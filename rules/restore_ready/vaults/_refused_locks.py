"""Vault locks, and ranges of logically air-gapped vaults, that AWS refuses.

A lock that can't be lifted any more after some days leaves three of them at least
(API_PutBackupVaultLockConfiguration.html); a logically air-gapped vault keeps everything for 7 days or more
(API_CreateLogicallyAirGappedBackupVault.html).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from restore_ready.index import EstateIndex
from restore_ready.model import Fail, Pass, Plan, Source, Str, Unknown, Unresolved, VaultLock, Verdict, doubt

_LEAST_CHANGEABLE: Final = 3
_LEAST_KEPT: Final = 7


def why_refused(lock: VaultLock) -> str:
    """Return why AWS refuses a lock; empty where it certainly does not, or that is not known."""
    shortest, longest, changeable = lock.min_days, lock.max_days, lock.changeable_days
    if isinstance(shortest, int) and isinstance(longest, int) and shortest > longest:
        return f"its shortest retention, {shortest} days, is longer than its longest, {longest} days"
    if lock.air_gapped and isinstance(shortest, int) and shortest < _LEAST_KEPT:
        return f"a logically air-gapped vault keeps what it holds {_LEAST_KEPT} days or more; the lock says {shortest}"
    if isinstance(changeable, int) and changeable < _LEAST_CHANGEABLE:
        return f"it can be changed for {changeable} days, and {_LEAST_CHANGEABLE} are the fewest"
    return ""


class RefusedLocks:
    """The locks of an estate that AWS refuses, by vault. Those of an account were accepted."""

    def __init__(self, estate: EstateIndex) -> None:
        """Look for them among the locks of *estate*."""
        self._vaults = estate.vault_keys
        locks = () if estate.source is Source.ACCOUNT else estate.vault_locks
        self._found = [(lock, why) for lock in locks if (why := why_refused(lock))]

    def judge(self, vault: Str, plan: Plan, *, here: bool) -> Verdict:
        """Return whether the lock of *vault* is refused; for the arguments see `Locks.judge`."""
        if not self._found:
            return Pass()
        key = self._vaults.key(vault, plan.aws_place, here=here)
        met = () if isinstance(key, Unresolved) else (*plan.maybe, *self._vaults.maybe(key))
        answers = [*self._about(key, met)]
        fails = (answer for answer in answers if isinstance(answer, Fail))
        return next(fails, answers[0] if answers else Pass())

    def _about(self, vault: str | Unresolved, met: Collection[str]) -> Iterator[Fail | Unknown]:
        for lock, why in self._found:
            key = self._vaults.key(lock.vault, lock.aws_place, here=True)
            refused = f"AWS refuses the lock of its vault ({lock.address}): {why}"
            if isinstance(vault, Unresolved) or isinstance(key, Unresolved):
                yield Unknown(f"which vault is meant is not known; perhaps {refused}")
            elif vault == key and (missing := doubt(lock, met)):
                yield Unknown(f"{missing}; perhaps {refused}")
            elif vault == key:
                yield Fail(
                    refused,
                    fix="Give the vault's lock a range from its least days to as many or more, at least 7 days for a "
                    "logically air-gapped vault, and leave 3 days or more in which it can be changed.",
                    evidence={"lock": lock.address},
                )
