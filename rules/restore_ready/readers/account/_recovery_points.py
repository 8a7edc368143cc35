"""Builds recovery points from the facts of an account: those of each vault, and those of each file system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from msgspec import Struct

from restore_ready.model import Known, RecoveryPoint, Unresolved, VaultContents
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._file_systems import GONE
from restore_ready.readers.account._times import optional_time, parsed, time_of, whole_number

_OF_VAULT = "vault_recovery_points"
_SHARED = "shared_recovery_points"
_ACCOUNT = 4
"""Where the account stands in an ARN."""


class PointsOfRegion(Struct, frozen=True, dict=True):
    """The recovery points in the vaults of one Region of an account."""

    facts: AccountFacts

    @cached_property
    def contents(self) -> tuple[VaultContents, ...]:
        """What lies in each vault, the one of automatic backups among them."""
        return tuple(self._contents())

    @cached_property
    def shared(self) -> tuple[VaultContents, ...]:
        """What lies in the vaults that other accounts share; an account that was not asked for them has none."""
        return tuple(self._shared())

    @cached_property
    def hidden(self) -> Unresolved | None:
        """Why there may be further recovery points; ``None`` where there are none."""
        asked: list[Known[Any]] = [self.facts.listed("vaults")]
        asked += [self.facts.listed("shared_vaults") for _ in self.facts.all_about("shared_vaults")]
        asked += [held.points for held in (*self.contents, *self.shared)]
        return next((found for found in asked if isinstance(found, Unresolved)), None)

    @cached_property
    def existing(self) -> Known[frozenset[str]]:
        """The ids of the file systems of the Region, those that restore tests left among them."""
        listed = self.facts.listed("file_systems")
        if isinstance(listed, Unresolved):
            return listed
        return frozenset(entry["FileSystemId"] for entry in listed if entry.get("LifeCycleState") not in GONE)

    @cached_property
    def by_resource(self) -> Mapping[str, tuple[RecoveryPoint, ...]]:
        """Those that could be read, by the ARN of what they are of."""
        found: dict[str, list[RecoveryPoint]] = {}
        for held in (*self.contents, *self.shared):
            for point in () if isinstance(held.points, Unresolved) else held.points:
                found.setdefault(point.resource, []).append(point)
        return {arn: tuple(points) for arn, points in found.items()}

    def of(self, arn: str) -> Known[tuple[RecoveryPoint, ...]]:
        """Return the recovery points of the file system *arn*; snapshots of older versions have them by themselves."""
        if (arn,) in self._told_of_file_systems:
            return parsed(self.facts.listed("recovery_points", arn), _recovery_point)
        return self.by_resource.get(arn, ()) if self.hidden is None else self.hidden

    @cached_property
    def _told_of_file_systems(self) -> frozenset[tuple[str, ...]]:
        return frozenset(self.facts.all_about("recovery_points"))

    def _contents(self) -> Iterator[VaultContents]:
        named = {entry["BackupVaultName"]: entry.get("BackupVaultArn") for entry in self.facts.entries("vaults")}
        for (name,) in self.facts.all_about(_OF_VAULT):
            named.setdefault(name, None)
        for name, arn in named.items():
            points = parsed(self.facts.listed(_OF_VAULT, name), _recovery_point)
            address = str(arn or self.facts.arn("backup", f"backup-vault:{name}"))
            yield VaultContents(address, self.facts.place, name, points)

    def _shared(self) -> Iterator[VaultContents]:
        for entry in self.facts.entries("shared_vaults"):
            name, arn = entry["BackupVaultName"], entry["BackupVaultArn"]
            listed = self.facts.listed(_SHARED, name, str(arn).split(":")[_ACCOUNT])
            yield VaultContents(arn, self.facts.place, name, parsed(listed, partial(_recovery_point, vault=arn)))


def _recovery_point(point: Object, vault: str = "") -> RecoveryPoint:
    """Return a recovery point, in the vault with the ARN *vault* where AWS need not say it."""
    ends = point.get("CalculatedLifecycle")
    lifecycle = ends if isinstance(ends, Mapping) else {}
    size = point.get("BackupSizeInBytes", point.get("BackupSizeBytes"))
    texts = ("ResourceArn", "ResourceName", "BackupVaultArn", "SourceBackupVaultArn", "VaultType", "EncryptionKeyArn")
    told = {**point, "BackupVaultArn": vault} if vault else point
    return RecoveryPoint(
        point["RecoveryPointArn"],
        str(point.get("BackupVaultName", "")),
        point["Status"],
        time_of(point["CreationDate"]),
        whole_number(size),
        optional_time(point.get("CompletionDate")),
        optional_time(lifecycle.get("DeleteAt")),
        optional_time(lifecycle.get("MoveToColdStorageAt")),
        *(str(told.get(name) or "") for name in (*texts, "IamRoleArn", "StatusMessage")),
    )
