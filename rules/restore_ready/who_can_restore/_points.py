"""Is there anything to restore? What an account has on record of a file system's recovery points, vault by vault.

A recovery point can be restored while it is COMPLETED or AVAILABLE
(https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByResource.html). One that is EXPIRED should be
gone already, one that is PARTIAL or STOPPED was never finished.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.coverage._automatic import is_automatic_vault
from restore_ready.history._records import show_time, usable
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, History, Known, RecoveryPoint, Source, Truth, Unresolved
from restore_ready.vaults._recovery_points import RecoveryPointVault

_LOST: Final = frozenset({"CREATING", "DELETING", "EXPIRED", "PARTIAL", "STOPPED"})
"""States in which a recovery point certainly can't be restored."""


class VaultPoints(Struct, frozen=True):
    """The recovery points in one vault that can be restored: how many, and when the newest was made."""

    number: int
    newest: datetime


class PointsOnRecord(Struct, frozen=True):
    """What an account has on record of a file system's recovery points.

    Attributes:
        answer: whether there is one that can be restored.
        why: the same as a sentence.
        by_vault: those that can be restored, by the key of their vault as `Vaults.key` has it.
        lost: how many there are in each state in which none can be restored.
        elsewhere: those that can be restored in other Regions of the account, by the ARN of their vault.
        failed_copies: ARNs of vaults to which every copy on record failed.
    """

    answer: Truth
    why: str
    by_vault: Mapping[str, VaultPoints] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    elsewhere: Mapping[str, VaultPoints] = field(default_factory=dict)
    failed_copies: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        """How many can be restored."""
        return sum(points.number for points in self.by_vault.values())

    @property
    def newest(self) -> datetime | None:
        """When the newest of these was made."""
        return max((points.newest for points in self.by_vault.values()), default=None)

    @property
    def only_automatic(self) -> bool:
        """Whether all of these lie in the vault of automatic backups."""
        return bool(self.by_vault) and all(map(is_automatic_vault, self.by_vault))

    def at(self, holding: RecoveryPointVault | None) -> tuple[Truth, str]:
        """Return whether a vault, ``None`` for those out of sight, holds one that can be restored, and why."""
        points = None if holding is None else {**self.elsewhere, **self.by_vault}.get(holding.key)
        if points is not None:
            return True, f"{counted(points.number)}, the newest of {show_time(points.newest)}"
        if holding is not None and lies_elsewhere(holding):
            why = f"whether {holding.name} holds recovery points is not shown here: it lies elsewhere"
            return Unresolved(why), why
        if self.answer is True:
            where = ", ".join(self.by_vault)
            why = f"those that can be restored lie in vaults for copies only (vaults.copy_only): {where}"
            return Unresolved(why), why
        return self.answer, self.why


def lies_elsewhere(holding: RecoveryPointVault) -> bool:
    """Return whether a vault is named by its ARN and lies in an account or Region that is not in sight."""
    return holding.vault is None and holding.key.startswith("arn:") and not is_automatic_vault(holding.key)


def points_on_record(file_system: FileSystem, estate: EstateIndex) -> PointsOnRecord | None:
    """Return what is on record of the recovery points of *file_system*; ``None`` where the source has no history."""
    if estate.source is not Source.ACCOUNT:
        return None
    history = estate.histories_by_file_system.get(file_system.address)
    points: Known[tuple[RecoveryPoint, ...]] = (
        Unresolved("they were not asked for") if history is None else history.recovery_points
    )
    if isinstance(points, Unresolved):
        why = f"its recovery points are not known: {points.why}"
        return PointsOnRecord(Unresolved(why), why)
    found = _on_record(points, estate)
    copies = (
        {} if history is None else _by_vault((point.vault_arn or point.vault, point) for point in history.elsewhere)
    )
    found = replace(found, elsewhere=copies, failed_copies=_failed_copies(history))
    if found.answer is not False or not copies:
        return found
    why = f"{found.why} here; there are some in other Regions, in {', '.join(copies)}"
    return replace(found, answer=Unresolved(why), why=why)


def _on_record(points: Iterable[RecoveryPoint], estate: EstateIndex) -> PointsOnRecord:
    every = tuple(points)
    keyed = ((estate.vault_keys.key(point.vault, estate.home, here=True), point) for point in every if point.vault)
    by_vault = _by_vault((key if isinstance(key, str) else point.vault, point) for key, point in keyed)
    states = Counter(point.status for point in every)
    lost = {state: states[state] for state in sorted(_LOST & set(states))}
    if by_vault:
        return PointsOnRecord(answer=True, why="", by_vault=by_vault, lost=lost)
    if sum(lost.values()) < len(every):
        why = f"whether its recovery points can be restored is not known: {_listed(states)}"
        return PointsOnRecord(Unresolved(why), why, lost=lost)
    why = f"nothing to restore: its recovery points are all of no use: {_listed(lost)}" if lost else _NONE
    return PointsOnRecord(answer=False, why=why, lost=lost)


_NONE: Final = "nothing to restore: it has no recovery point"


def _by_vault(points: Iterable[tuple[str, RecoveryPoint]]) -> dict[str, VaultPoints]:
    """Return the points that can be restored, by the vault that each is given with, the newest vault first."""
    pairs = [(vault, point) for vault, point in points if usable([point])]
    made: dict[str, list[datetime]] = {}
    for vault, point in sorted(pairs, key=lambda pair: pair[1].created, reverse=True):
        made.setdefault(vault, []).append(point.created)
    return {vault: VaultPoints(len(times), max(times)) for vault, times in made.items()}


def _failed_copies(history: History | None) -> frozenset[str]:
    jobs = () if history is None or isinstance(history.copy_jobs, Unresolved) else history.copy_jobs
    failed = {job.destination for job in jobs if job.state == "FAILED"}
    return frozenset(failed - {job.destination for job in jobs if job.state != "FAILED"})


def _listed(states: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state or 'in no known state'}" for state, number in states.items())


def counted(number: int) -> str:
    """Return "1 recovery point", "2 recovery points"."""
    return "1 recovery point" if number == 1 else f"{number} recovery points"
