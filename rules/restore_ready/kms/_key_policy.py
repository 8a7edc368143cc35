"""The policy of a KMS key, made ready to be weighed against a restore role's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.iam import matches
from restore_ready.index import EstateIndex, RoleIndex
from restore_ready.model import (
    THIS_ACCOUNT,
    Key,
    Policy,
    PolicyDocument,
    PrincipalEntry,
    Statement,
    StatementEntry,
    Str,
    Text,
    Unresolved,
)

_THIS_ROOT: Final = f"arn:aws:iam::{THIS_ACCOUNT}:root"
_DEFAULT: Final = PolicyDocument(
    (Statement(0, "", "Allow", ("kms:*",), principals=(PrincipalEntry("AWS", _THIS_ROOT),)),), "2012-10-17"
)
"""The key policy of a key that is created without one."""

_RESOURCE: Final = 5
"""Where the resource stands in an ARN."""

_AS_SERVICE: Final = Unresolved(
    "the key's policy lets AWS Backup itself in: whether it needs the role's access as well is not known"
)


def key_policy(key: Key) -> Policy | Unresolved | None:
    """Return the policy of *key* and its grants as `evaluate` takes them; ``None`` where only AWS's default applies.

    An account that is not known is taken for this one: AWS refuses policies that lock their own account out. Where the
    policy lets AWS Backup in as a service, it is open whether the role needs anything.
    """
    document = _DEFAULT if key.document is None and key.grants else key.document
    if document is None or isinstance(document, Unresolved):
        return document
    entries = tuple(_prepared(entry) for entry in (*document.statements, *key.grants))
    return Policy(key.address, key.place, "", replace(document, statements=entries), places=key.places)


def _prepared(statement: StatementEntry) -> StatementEntry:
    if isinstance(statement, Unresolved) or not isinstance(statement.principals, tuple):
        return statement
    allows = statement.effect == "Allow"
    return replace(statement, principals=tuple(_entry(entry, allows=allows) for entry in statement.principals))


def _entry(entry: PrincipalEntry, *, allows: bool) -> PrincipalEntry:
    if entry.kind == "AWS" and isinstance(entry.value, Text) and _is_root(entry.value):
        return replace(entry, value=_THIS_ROOT)
    if entry.kind == "AWS" and isinstance(entry.value, str) and _is_cut_off(entry.value):
        return replace(entry, value=Unresolved(f"{entry.value} is no whole ARN"))
    if entry.kind == "Service" and allows and matches("backup.*", entry.value) is not False:
        return PrincipalEntry("AWS", _AS_SERVICE)
    return entry


def _is_root(arn: Text) -> bool:
    first, last = arn.parts[0], arn.parts[-1]
    return isinstance(first, str) and first.startswith("arn:") and isinstance(last, str) and last.endswith(":root")


def _is_cut_off(principal: str) -> bool:
    """Return whether an ARN ends before the resource, as it does where a source makes nothing of what is unknown."""
    return principal.startswith("arn:") and not principal.split(":", _RESOURCE)[_RESOURCE:]


def named_elsewhere(key: Key, names: Sequence[str], estate: EstateIndex) -> str:
    """Return a role that the key's policy allows and the estate doesn't declare, called as *names* has it, if any."""
    entries = key.document.statements if isinstance(key.document, PolicyDocument) else ()
    allowing = (statement for statement in entries if isinstance(statement, Statement) and statement.effect == "Allow")
    named = (
        entry.value
        for statement in allowing
        if isinstance(statement.principals, tuple)
        for entry in statement.principals
    )
    roles = estate.all_roles
    return next((_role_name(value) for value in named if _is_elsewhere(value, names, roles)), "")


def _is_elsewhere(value: Str, names: Sequence[str], roles: RoleIndex) -> bool:
    if not isinstance(value, str) or ":role/" not in value or roles.find(value) is not None:
        return False
    return any(matches(pattern, _role_name(value), fold_case=True) is True for pattern in names)


def _role_name(arn: Str) -> str:
    return arn.rpartition("/")[2] if isinstance(arn, str) else ""
