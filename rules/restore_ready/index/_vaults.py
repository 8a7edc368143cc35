"""Which vault a name, an ARN or a reference means, and which access policies a vault has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    Estate,
    Known,
    Ref,
    Source,
    Str,
    Unresolved,
    VaultPolicy,
    unresolved_reason,
)

_HERE: Final = f":{THIS_REGION}:{THIS_ACCOUNT}:"
_MARK: Final = ":backup-vault:"


class Vaults:
    """The vaults of an estate, to be found by whatever names them."""

    def __init__(self, estate: Estate) -> None:
        """Take the vaults of *estate*."""
        self._maybe = {vault.address: vault.maybe for vault in estate.vaults}
        self._exact = estate.source is Source.ACCOUNT
        self._by_name: dict[str, list[str]] = {}
        for vault in estate.vaults:
            if isinstance(vault.name, str):
                self._by_name.setdefault(vault.name, []).append(vault.address)

    def key(self, value: Str, *, here: bool = False) -> Known[str]:
        """Return what identifies the vault that *value* means: its address, or its name where it is not in the estate.

        Args:
            value: a name, an ARN or a reference.
            here: whether it certainly lies in this account and Region, whatever its ARN says.
        """
        if isinstance(value, Ref) and value.target in self._maybe:
            return value.target
        if not isinstance(value, str):
            return Unresolved(f"the vault is not known: {unresolved_reason(value)}")
        before, mark, name = value.partition(_MARK)
        if not mark:
            return self._named(value)
        if here or f"{before}:".endswith(_HERE):
            return self._named(name)
        if name in self._by_name and not self._exact:
            return Unresolved(f"{value} may be the vault of that name in this configuration or one elsewhere")
        return value

    def maybe(self, key: str) -> tuple[str, ...]:
        """Return what the existence of the vault that *key* identifies depends on."""
        return self._maybe.get(key, ())

    def _named(self, name: str) -> Known[str]:
        addresses = self._by_name.get(name, [name])
        if len(addresses) > 1:
            return Unresolved(f"several vaults are called {name}: {', '.join(addresses)}")
        return addresses[0]


class VaultPolicies:
    """Access policies by what identifies their vault, which certainly lies where the policy is declared.

    Attributes:
        astray: a policy of which it is not known whose it is, and *why_astray*.
    """

    def __init__(self, policies: Iterable[VaultPolicy], vaults: Vaults) -> None:
        """Sort *policies*."""
        self._vaults = vaults
        self._by_vault: dict[str, list[VaultPolicy]] = {}
        self.astray: VaultPolicy | None = None
        self.why_astray = ""
        for policy in policies:
            key = vaults.key(policy.vault, here=True)
            if isinstance(key, Unresolved):
                self.why_astray = self.why_astray or key.why
                self.astray = self.astray or policy
            else:
                self._by_vault.setdefault(key, []).append(policy)

    def of(self, key: str) -> tuple[VaultPolicy, ...]:
        """Return the policies that certainly are those of the vault that *key* identifies.

        Their ``maybe`` is what they may be missing by where the vault exists.
        """
        beside = self._vaults.maybe(key)
        return tuple(
            replace(policy, maybe=tuple(condition for condition in policy.maybe if condition not in beside))
            if policy.maybe
            else policy
            for policy in self._by_vault.get(key, ())
        )
