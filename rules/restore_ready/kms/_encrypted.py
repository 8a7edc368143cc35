"""What each customer managed key in sight encrypts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.history._records import usable
from restore_ready.index import EstateIndex
from restore_ready.kms._keys import key_behind
from restore_ready.model import Key, Place, Unresolved, Vault


class Encrypted(Struct, frozen=True):
    """A key, with the addresses of the vaults and file systems that it certainly encrypts.

    Attributes:
        points: how many recovery points of a live account it encrypts that could be restored but for it.
    """

    address: str
    place: Place
    key: Key
    vaults: tuple[str, ...]
    file_systems: tuple[str, ...]
    points: int = 0


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


def encrypted_by_all_keys(estate: EstateIndex) -> Iterator[Encrypted]:
    """Yield the keys in sight that encrypt a vault, a file system or a recovery point of *estate*."""
    found = {use.key.address: use for use in encrypted_by_keys(estate, estate.vaults)}
    points: dict[str, list[Key]] = {}
    for held in estate.contents:
        for point in () if isinstance(held.points, Unresolved) else usable(held.points):
            key = key_behind(point.key, held.aws_place, estate)
            if isinstance(key, Key):
                points.setdefault(key.address, []).append(key)
    for address, keys in points.items():
        bare = Encrypted(address, keys[0].place, keys[0], (), ())
        found[address] = replace(found.get(address, bare), points=len(keys))
    yield from found.values()
