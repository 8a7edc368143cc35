"""What each customer managed key in sight encrypts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from restore_ready.index import EstateIndex
from restore_ready.kms._keys import key_behind
from restore_ready.model import Key, Place, Vault


class Encrypted(Struct, frozen=True):
    """A key, with the addresses of the vaults and file systems that it certainly encrypts."""

    address: str
    place: Place
    key: Key
    vaults: tuple[str, ...]
    file_systems: tuple[str, ...]


class _Gathered(Struct):
    key: Key
    vaults: list[str] = field(default_factory=list)
    file_systems: list[str] = field(default_factory=list)


def encrypted_by_keys(estate: EstateIndex, vaults: Iterable[Vault]) -> Iterator[Encrypted]:
    """Yield the keys in sight that encrypt one of *vaults* or a file system of *estate*; AWS's own are none of them."""
    found: dict[str, _Gathered] = {}
    for vault in vaults:
        key = key_behind(vault.key, vault.aws_place, estate)
        if isinstance(key, Key):
            found.setdefault(key.address, _Gathered(key)).vaults.append(vault.address)
    for file_system in estate.file_systems:
        own = key_behind(file_system.key, file_system.aws_place, estate)
        if isinstance(own, Key):
            found.setdefault(own.address, _Gathered(own)).file_systems.append(file_system.address)
    for address, use in found.items():
        yield Encrypted(address, use.key.place, use.key, tuple(use.vaults), tuple(use.file_systems))
