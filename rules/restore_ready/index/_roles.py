"""Finds the few roles that a PassRole statement may mean, so that large estates take linear time."""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.model import Principal, Ref, Statement, Str

_RESOURCE = 5


class RoleIndex:
    """Some roles by address and by the part of their ARN behind the account."""

    def __init__(self, roles: Iterable[Principal]) -> None:
        """Sort *roles*."""
        self.roles = tuple(roles)
        self._by_address = {role.address: role for role in self.roles}
        self._by_name: dict[str, list[Principal]] = {}
        self._nameless: list[Principal] = []
        for role in self.roles:
            if isinstance(role.arn, str):
                self._by_name.setdefault(_name(role.arn), []).append(role)
            else:
                self._nameless.append(role)

    def find(self, value: Str) -> Principal | None:
        """Return the role that *value* means: by reference, or by its ARN, whose account can only be the same."""
        if isinstance(value, Ref):
            return self._by_address.get(value.target)
        named = self._by_name.get(_name(value), ()) if isinstance(value, str) else ()
        return named[0] if len(named) == 1 else None

    def candidates(self, statement: Statement) -> Iterable[Principal]:
        """Return the roles that *statement* may mean: a few where it names them exactly, else all."""
        if not isinstance(statement.resources, tuple) or statement.not_resources:
            return self.roles
        found: dict[str, Principal] = {}
        for entry in statement.resources:
            named = self._named(entry)
            if named is None:
                return self.roles
            found |= {role.address: role for role in named}
        return found.values()

    def _named(self, entry: Str) -> list[Principal] | None:
        if isinstance(entry, Ref):
            role = self._by_address.get(entry.target)
            return [] if role is None else [role]
        if isinstance(entry, str) and not set("*?$") & set(entry):
            return [*self._by_name.get(_name(entry), ()), *self._nameless]
        return None


def _name(arn: str) -> str:
    return arn.split(":", _RESOURCE)[-1]
