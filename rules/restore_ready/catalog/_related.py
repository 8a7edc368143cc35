"""What findings about the chain of a restore cite beside what is wrong: vaults, roles, keys and statements."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from restore_ready.index import EstateIndex
from restore_ready.model import Focus, Related, Subject, Vault, VaultPolicy

_MOST: Final = 5
"""Resources of one kind that a finding cites."""


def resources(said: str, found: Iterable[Subject]) -> tuple[Related, ...]:
    """Return the first few resources as what a finding cites, each with what it is to it and its address."""
    distinct = {resource.address: resource for resource in found}
    return tuple(Related(f"{said} {address}", resource.place) for address, resource in islice(distinct.items(), _MOST))


def statement(said: str, focus: Focus | None) -> tuple[Related, ...]:
    """Return a statement as what a finding cites, if its place is known."""
    return () if focus is None else (Related(said, focus.place),)


def vaults_of(policies: Iterable[VaultPolicy], estate: EstateIndex) -> Iterable[Vault]:
    """Return the vaults in sight that access policies belong to."""
    keys = (estate.vault_keys.key(policy.vault, policy.aws_place, here=True) for policy in policies)
    found = (estate.vaults_by_address.get(key) for key in keys if isinstance(key, str))
    return (vault for vault in found if vault is not None)


def named(addresses: Iterable[str], *kinds: Iterable[Subject]) -> Iterable[Subject]:
    """Return the resources of some kinds that stand at *addresses*."""
    wanted = frozenset(addresses)
    return (resource for kind in kinds for resource in kind if resource.address in wanted)
