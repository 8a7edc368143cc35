"""Which vault a name, an ARN or a reference means, and which access policies a vault has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from restore_ready.model import (
    HERE,
    THIS_ACCOUNT,
    THIS_REGION,
    AwsPlace,
    Estate,
    Known,
    PlaceName,
    Ref,
    Str,
    Unnamed,
    Unresolved,
    Vault,
    VaultPolicy,
    same_place,
    unresolved_reason,
)

_MARK: Final = ":backup-vault:"
_REGION, _ACCOUNT, _FIELDS = 3, 4, 5
_UNNAMED: Final = "?"
"""Stands in what identifies a vault before a Region or account that has no known name."""


class Vaults:
    """The vaults of an estate, to be found by whatever names them: a name means the vault in one Region and account."""

    def __init__(self, estate: Estate) -> None:
        """Take the vaults of *estate*."""
        self._home = estate.home
        self._here = estate.here
        self._by_address = {vault.address: vault for vault in estate.vaults}
        self._by_name: dict[str, list[Vault]] = {}
        for vault in estate.vaults:
            if isinstance(vault.name, str):
                self._by_name.setdefault(vault.name, []).append(vault)

    def key(self, value: Str, at: AwsPlace, *, here: bool = False) -> Known[str]:
        """Return what identifies the vault that *value* means: its address, or its name where it is not in the estate.

        Args:
            value: a name, an ARN or a reference.
            at: where in AWS that is said.
            here: whether the vault certainly lies there, whatever its ARN says.
        """
        if isinstance(value, Ref) and value.target in self._by_address:
            return value.target
        if not isinstance(value, str):
            return Unresolved(f"the vault is not known: {unresolved_reason(value)}")
        before, mark, name = value.partition(_MARK)
        if not mark:
            return self._named(value, at)
        return self._named(name, at) if here else self._by_arn(value, name, self._place_in(before))

    def is_declared(self, key: str) -> bool:
        """Return whether the estate has the vault that *key* identifies."""
        return key in self._by_address

    def maybe(self, key: str) -> tuple[str, ...]:
        """Return what the existence of the vault that *key* identifies depends on."""
        return self._by_address[key].maybe if key in self._by_address else ()

    def undeclared(self, name: str, at: AwsPlace) -> str:
        """Return what identifies a vault of that name which no resource declares: its name, or elsewhere its ARN."""
        if at in (self._home, HERE) or same_place(at, self._home) is True:
            return name
        return f"arn:{at.partition}:backup:{_written(at.region)}:{_written(at.account)}{_MARK}{name}"

    def place_of(self, key: str) -> AwsPlace:
        """Return where the vault lies that *key* identifies."""
        if key in self._by_address:
            return self._by_address[key].aws_place
        before, mark, _ = key.partition(_MARK)
        return self._place_in(before) if mark else self._home

    def _named(self, name: str, at: AwsPlace) -> Known[str]:
        found: list[str] = []
        for vault in self._by_name.get(name, ()):
            near = same_place(vault.aws_place, at)
            if isinstance(near, Unresolved):
                return Unresolved(f"whether {vault.address} is the vault {name} that is meant is not known: {near.why}")
            if near:
                found.append(vault.address)
        if len(found) > 1:
            return Unresolved(f"several vaults are called {name}: {', '.join(found)}")
        return found[0] if found else self.undeclared(name, at)

    def _by_arn(self, arn: str, name: str, place: AwsPlace) -> Known[str]:
        answers = [(vault, same_place(vault.aws_place, place)) for vault in self._by_name.get(name, ())]
        if any(answer is True for _, answer in answers):
            return self._named(name, place)
        if any(isinstance(answer, Unresolved) for _, answer in answers):
            return Unresolved(f"{arn} may be the vault of that name in {self._here} or one elsewhere")
        return name if same_place(place, self._home) is True else arn

    def _place_in(self, arn: str) -> AwsPlace:
        """Return the Region and account that an ARN names; "this" is where the estate's own place is."""
        fields = [*arn.split(":"), *[""] * _FIELDS]
        region, account = (_read(fields[at]) for at in (_REGION, _ACCOUNT))
        return AwsPlace(
            self._home.region if region == THIS_REGION else region,
            self._home.account if account == THIS_ACCOUNT else account,
        )


def _written(name: PlaceName) -> str:
    return _UNNAMED + name.of.replace(":", ".") if isinstance(name, Unnamed) else name


def _read(field: str) -> PlaceName:
    if not field.startswith(_UNNAMED):
        return field
    return Unnamed(field.removeprefix(_UNNAMED), "in which Region or account it lies is not known")


def plain_arn(key: str) -> str:
    """Return an ARN that identifies a vault with "this" in place of a Region or account without a known name."""
    fields = key.split(":", _FIELDS)
    for at, this in ((_REGION, THIS_REGION), (_ACCOUNT, THIS_ACCOUNT)):
        if len(fields) > at and fields[at].startswith(_UNNAMED):
            fields[at] = this
    return ":".join(fields)


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
            key = vaults.key(policy.vault, policy.aws_place, here=True)
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
