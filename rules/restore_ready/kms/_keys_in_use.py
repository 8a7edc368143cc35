"""The customer managed keys that a restore of an estate's backups meets, with the roles that restore."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct

from restore_ready.access._statements import statements
from restore_ready.index import EstateIndex, RoleIndex
from restore_ready.kms._encrypted import encrypted_by_keys
from restore_ready.kms._keys import ENCRYPT_TARGET, READ_BACKUP, KeyAnswer, key_behind
from restore_ready.model import (
    Key,
    Place,
    PolicyDocument,
    Principal,
    Ref,
    Requirements,
    Statement,
    Str,
    Truth,
    Unresolved,
    Vault,
)
from restore_ready.vaults._lookup import is_copy_only

_MOST_ROLES: Final = 10
"""Restore roles that are compared with each key: more would take time that grows with the square of the estate."""

Ask: TypeAlias = Callable[[Principal, Key, Sequence[str]], KeyAnswer]


class KeyUse(Struct, frozen=True):
    """A key, what it encrypts, and who should be able to use it. A key that is not in sight stands at its vault.

    Attributes:
        vaults: addresses of those whose recovery points it encrypts.
        file_systems: addresses of those that it encrypts.
        near: restore roles that name the key or are named by its policy, which are the likeliest to be let in.
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
        """Yield what restores do with the key, and the addresses of what they do it for."""
        if self.vaults:
            yield READ_BACKUP, self.vaults
        if self.file_systems:
            yield ENCRYPT_TARGET, self.file_systems

    def asked(self) -> tuple[Principal, ...]:
        """Return the roles that the key is compared with; some may come twice."""
        return (*self.near, *self.roles[:_MOST_ROLES])

    def shuts_out(self, actions: Sequence[str], ask: Ask) -> Truth:
        """Return whether *ask*, `may_use` of an estate or `is_let_in`, is answered by no for every restore role."""
        if isinstance(self.key, Unresolved):
            return self.key
        undecided: Unresolved | None = None
        for role in self.asked():
            answer = ask(role, self.key, actions).answer
            if answer is True:
                return False
            undecided = answer if isinstance(answer, Unresolved) else undecided
        if undecided is None and len(self.roles) > _MOST_ROLES:
            return Unresolved(f"there are {len(self.roles)} restore roles, too many to ask the key about each")
        return True if undecided is None else undecided


def keys_in_use(estate: EstateIndex, requirements: Requirements, roles: tuple[Principal, ...]) -> tuple[KeyUse, ...]:
    """Return the keys of vaults and file systems, where a restore role for EFS is in sight; AWS's own need nothing.

    Of keys that are not in sight only those of vaults are given: a restore may choose another for the file system.

    Args:
        estate: whose vaults and file systems are looked at.
        requirements: say which vaults only receive copies.
        roles: the restore roles for EFS.
    """
    return tuple(_uses(estate, requirements, roles)) if roles else ()


def _uses(estate: EstateIndex, requirements: Requirements, roles: tuple[Principal, ...]) -> Iterator[KeyUse]:
    encrypting: list[Vault] = []
    for vault in (vault for vault in estate.vaults if vault.address not in estate.bypassed_vaults):
        copy_only = is_copy_only(vault.name, estate, requirements)
        key = None if copy_only is True else key_behind(vault.key, vault.aws_place, estate)
        key = copy_only if isinstance(key, Key) and isinstance(copy_only, Unresolved) else key
        if isinstance(key, Unresolved):
            yield KeyUse(vault.address, vault.place, key, (vault.address,), (), (), roles)
        elif key is not None:
            encrypting.append(vault)
    neighbours = _Neighbours(roles)
    for use in encrypted_by_keys(estate, encrypting):
        yield KeyUse(use.address, use.place, use.key, use.vaults, use.file_systems, neighbours.of(use.key), roles)


class _Neighbours:
    """Finds the restore roles that a key is likely to serve: those that name it and those that it names."""

    def __init__(self, roles: tuple[Principal, ...]) -> None:
        self._roles = RoleIndex(roles)
        self._naming: dict[str, list[Principal]] = {}
        for role in roles:
            for target in {value.target for value in _resources(role) if isinstance(value, Ref)}:
                self._naming.setdefault(target, []).append(role)

    def of(self, key: Key) -> tuple[Principal, ...]:
        """Return them for one key."""
        named = (self._roles.find(value) for value in _principals(key))
        found = {role.address: role for role in (*named, *self._naming.get(key.address, ())) if role is not None}
        return tuple(islice(found.values(), _MOST_ROLES))


def _resources(role: Principal) -> Iterator[Str]:
    for statement in statements(role.policies):
        yield from statement.resources if isinstance(statement.resources, tuple) else ()


def _principals(key: Key) -> Iterator[Str]:
    entries = key.document.statements if isinstance(key.document, PolicyDocument) else ()
    for statement in entries:
        if isinstance(statement, Statement) and isinstance(statement.principals, tuple):
            yield from (entry.value for entry in statement.principals)
