"""Which vaults may hold recovery points of a file system, and how are restores from them made possible?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from restore_ready.coverage._automatic import VAULT as AUTOMATIC_VAULT
from restore_ready.coverage._automatic import VAULT_POLICY, is_automatic_vault
from restore_ready.index import EstateIndex
from restore_ready.model import AwsPlace, PlanRule, RecoveryPoint, Requirements, Str, Unresolved, show
from restore_ready.runbook._deny_removal import DenyRemoval, RemovalMethod, remove_deny
from restore_ready.vaults._lookup import is_copy_only

_MARK: Final = ":backup-vault:"


class RestoreVault(Struct, frozen=True):
    """One vault that may hold recovery points of the file system.

    Attributes:
        name: empty where it is known only once it is deployed.
        address: where the source declares it; empty for vaults that it does not.
        elsewhere: its ARN, where it may be in another account or Region.
        filled_by: what puts recovery points into it.
        copy_only: whether the requirements say that it is never restored from.
    """

    name: str
    address: str
    elsewhere: str
    filled_by: tuple[str, ...]
    copy_only: bool
    removal: DenyRemoval

    @property
    def label(self) -> str:
        """Its name, or how else the source speaks of it."""
        return self.elsewhere or self.name or self.address or "a vault whose name is not known from the source"

    @property
    def automatic(self) -> bool:
        """Whether it is the one of AWS's automatic backups."""
        return self.name == AUTOMATIC_VAULT

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Sorts the vaults to restore from first to the front."""
        return (self.copy_only, bool(self.elsewhere), self.removal.method is not RemovalMethod.NOTHING)


class RestoreVaults:
    """Collects the vaults that plans fill."""

    def __init__(self, estate: EstateIndex, requirements: Requirements) -> None:
        """Take the estate that they are in."""
        self._estate = estate
        self._requirements = requirements
        self._vaults = estate.vault_keys
        self._filled: dict[str, tuple[Str, list[str]]] = {}

    def take_rule(self, rule: PlanRule, at: AwsPlace, title: str) -> str:
        """Note where *rule* of a plan in the place *at* puts recovery points; return the label of its target vault."""
        key = self._take(rule.efs_vault, at, title, here=True)
        for copy in () if isinstance(rule.copies, Unresolved) else rule.copies:
            self._take(copy.destination, at, f"copies of {title}", here=False)
        return key

    def take_automatic(self, at: AwsPlace) -> None:
        """Note that AWS's automatic backups are on, or may be, for a file system in the place *at*."""
        self._take(AUTOMATIC_VAULT, at, "AWS's automatic backups", here=True)

    def take_points(self, points: Iterable[RecoveryPoint], at: AwsPlace) -> None:
        """Note in which vaults recovery points lie that can be restored, those of the place *at* by their names."""
        arn_here = at.arn("backup", _MARK[1:])
        for point in points:
            here = not point.vault_arn or point.vault_arn.startswith(arn_here)
            self._take(point.vault if here else point.vault_arn, at, "recovery points that are there", here=here)

    def label(self, key: str) -> str:
        """Return what the vault noted as *key* is called."""
        return self._vault(key, *self._filled[key]).label

    def _take(self, value: Str, at: AwsPlace, title: str, *, here: bool) -> str:
        found = self._vaults.key(value, at, here=here)
        key = show(value) if isinstance(found, Unresolved) else found
        self._filled.setdefault(key, (value, []))[1].append(title)
        return key

    def all(self) -> tuple[RestoreVault, ...]:
        """Return the vaults, best to restore from first."""
        vaults = (self._vault(key, *filled) for key, filled in self._filled.items())
        return tuple(sorted(vaults, key=lambda vault: vault.rank))

    def _vault(self, key: str, value: Str, titles: list[str]) -> RestoreVault:
        declared = next((vault for vault in self._estate.vaults if vault.address == key), None)
        written = value if isinstance(value, str) else ""
        name = written.partition(_MARK)[2] or written
        if declared is not None and isinstance(declared.name, str):
            name = declared.name
        elsewhere = written if declared is None and _MARK in written else ""
        return RestoreVault(
            name=name,
            address="" if declared is None else declared.address,
            elsewhere=elsewhere,
            filled_by=tuple(dict.fromkeys(titles)),
            copy_only=is_copy_only(name or value, self._estate, self._requirements) is True,
            removal=self._removal(key, declared=declared is not None, elsewhere=bool(elsewhere)),
        )

    def _removal(self, key: str, *, declared: bool, elsewhere: bool) -> DenyRemoval:
        if elsewhere:
            return DenyRemoval(RemovalMethod.EDIT_LIVE, why="the vault may be in another account or Region")
        policies = self._estate.policies_of_vaults.of(key)
        if policies:
            return remove_deny(policies[0].document)
        if is_automatic_vault(key):
            return remove_deny(VAULT_POLICY)
        astray = self._estate.policies_of_vaults.why_astray
        if astray:
            return DenyRemoval(RemovalMethod.EDIT_LIVE, why=astray)
        return (
            DenyRemoval(RemovalMethod.NOTHING)
            if declared
            else DenyRemoval(RemovalMethod.EDIT_LIVE, why="this source does not declare the vault")
        )
