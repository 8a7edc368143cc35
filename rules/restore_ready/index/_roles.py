"""Finds the few roles that a PassRole statement may mean, so that large estates take linear time."""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.model import PlaceName, Principal, Ref, Statement, Str, same_name

_ACCOUNT, _RESOURCE = 4, 5


class RoleIndex:
    """Some roles by address and by the part of their ARN behind the account."""

    def __init__(self, roles: Iterable[Principal]) -> None:
        """Sort *roles*."""
        self.roles = tuple(roles)
        self._by_address = {role.address: role for role in self.roles}
        self._by_name: dict[str, list[Principal]] = {}
        self._nameless: list[Principal] = []
        self._by_account: dict[PlaceName, RoleIndex] = {}
        for role in self.roles:
            if isinstance(role.arn, str):
                self._by_name.setdefault(_name(role.arn), []).append(role)
            else:
                self._nameless.append(role)

    def find(self, value: Str) -> Principal | None:
        """Return the role that *value* means: by reference, or by its ARN, unless that is of another account."""
        if isinstance(value, Ref):
            return self._by_address.get(value.target)
        named = self._by_name.get(_name(value), ()) if isinstance(value, str) else ()
        account = arn_account(value)
        found = [role for role in named if account is None or same_name(account, account_of_role(role)) is not False]
        return found[0] if len(found) == 1 else None

    def in_account(self, account: PlaceName) -> RoleIndex:
        """Return the roles that are not certainly of another account: only those of its own can anybody pass."""
        if account not in self._by_account:
            near = [role for role in self.roles if same_name(account, account_of_role(role)) is not False]
            self._by_account[account] = self if len(near) == len(self.roles) else RoleIndex(near)
        return self._by_account[account]

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


def arn_account(value: Str) -> str | None:
    """Return the account that an ARN names by its id; ``None`` where it names none, or "this"."""
    fields = value.split(":", _RESOURCE) if isinstance(value, str) else []
    account = fields[_ACCOUNT] if len(fields) > _RESOURCE else ""
    return account if account.isdigit() else None


def account_of_role(role: Principal) -> PlaceName:
    """Return the account of a role or other principal, by its ARN if that says it."""
    return arn_account(role.arn) or role.aws_place.account


def _name(arn: str) -> str:
    return arn.split(":", _RESOURCE)[-1]
