"""The customer managed keys that a restore of an estate's backups meets, with the roles that restore."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from restore_ready._keys import ENCRYPT_TARGET, READ_BACKUP, KeyAnswer, key_behind
from restore_ready._model import Estate, Key, Place, Principal
from restore_ready._requirements import Requirements
from restore_ready._restore import restore_roles
from restore_ready._restore_permissions import restores_efs
from restore_ready._values import Truth, Unresolved
from restore_ready._vaults import is_copy_only

Ask: TypeAlias = Callable[[Principal, Key, Estate, Sequence[str]], KeyAnswer]


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key, what it encrypts, and who should be able to use it. A key that is not in sight stands at its vault.

    Attributes:
        vaults: addresses of those whose recovery points it encrypts.
        file_systems: addresses of those that it encrypts.
        near: the restore roles of the key's own module, which are the likeliest to be let in.
        roles: all restore roles in sight, one of which is enough.
    """

    address: str
    place: Place
    key: Key | Unresolved
    vaults: tuple[str, ...]
    file_systems: tuple[str, ...]
    near: tuple[Principal, ...]
    roles: tuple[Principal, ...]

    def purposes(self) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
        """Give what restores do with the key, and the addresses of what they do it for."""
        if self.vaults:
            yield READ_BACKUP, self.vaults
        if self.file_systems:
            yield ENCRYPT_TARGET, self.file_systems

    def shuts_out(self, estate: Estate, actions: Sequence[str], ask: Ask) -> Truth:
        """Tell whether *ask*, `may_use` or `is_let_in`, is answered by no for every restore role."""
        if isinstance(self.key, Unresolved):
            return self.key
        undecided: Unresolved | None = None
        for role in (*self.near, *self.roles):
            answer = ask(role, self.key, estate, actions).answer
            if answer is True:
                return False
            undecided = answer if isinstance(answer, Unresolved) else undecided
        return True if undecided is None else undecided


def keys_in_use(estate: Estate, requirements: Requirements) -> tuple[KeyUse, ...]:
    """Return the keys of vaults and file systems, where a restore role for EFS is in sight; AWS's own need nothing.

    Of keys that are not in sight only those of vaults are given: a restore may choose another for the file system.
    """
    return estate.derived(_KeysInUse(requirements.roles, requirements.operators, requirements.copy_only))


@dataclass(frozen=True)
class _KeysInUse:
    """Works out the keys in use, given what roles, operators and vaults that only receive copies are called."""

    roles: tuple[str, ...]
    operators: tuple[str, ...]
    copy_only: tuple[str, ...]

    def __call__(self, estate: Estate) -> tuple[KeyUse, ...]:
        requirements = Requirements(roles=self.roles, operators=self.operators, copy_only=self.copy_only)
        roles = tuple(role for role in restore_roles(estate, requirements) if restores_efs(role, estate))
        return tuple(_uses(estate, requirements, roles)) if roles else ()


@dataclass(slots=True)
class _Encrypted:
    """What a key encrypts, while it is being gathered."""

    key: Key
    vaults: list[str] = field(default_factory=list)
    file_systems: list[str] = field(default_factory=list)


def _uses(estate: Estate, requirements: Requirements, roles: tuple[Principal, ...]) -> Iterator[KeyUse]:
    found: dict[str, _Encrypted] = {}
    for vault in estate.vaults:
        copy_only = is_copy_only(vault.name, estate, requirements)
        key = None if copy_only is True else key_behind(vault.key, estate)
        key = copy_only if isinstance(key, Key) and isinstance(copy_only, Unresolved) else key
        if isinstance(key, Unresolved):
            yield KeyUse(vault.address, vault.place, key, (vault.address,), (), (), roles)
        elif key is not None:
            found.setdefault(key.address, _Encrypted(key)).vaults.append(vault.address)
    for one in estate.file_systems:
        own = key_behind(one.key, estate)
        if isinstance(own, Key):
            found.setdefault(own.address, _Encrypted(own)).file_systems.append(one.address)
    near: dict[str, list[Principal]] = {}
    for role in roles:
        near.setdefault(_module(role.address), []).append(role)
    for address, use in found.items():
        encrypted = (tuple(use.vaults), tuple(use.file_systems))
        yield KeyUse(address, use.key.place, use.key, *encrypted, tuple(near.get(_module(address), ())), roles)


def _module(address: str) -> str:
    """Return what an address has in common with those of the same module."""
    return address.rpartition(".")[0].rpartition(".")[0]
