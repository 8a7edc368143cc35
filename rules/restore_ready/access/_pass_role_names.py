"""Why a principal's ``iam:PassRole`` does not reach a role, and a name under which it would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE
from restore_ready.access._pass_role_reach import pass_role_statements, reaches, serves_backup
from restore_ready.model import DOCUMENT, Focus, Policy, Principal, Statement, Str, Unresolved, show

_MARK: Final = "AWSBackup"
_LONGEST: Final = 64
"""Characters of a role's name that IAM takes."""

_SHOWN: Final = 3


class Unpassed(Struct, frozen=True):
    """Why a role can't be passed although nothing forbids it.

    Attributes:
        policy: the policy that grants iam:PassRole on something else; ``None`` where none grants it.
        statement: that policy's statement: its Sid, or else its index from 0.
        focus: where that is written.
        suggestion: a name that would do, where only the role's name is in the way.
    """

    why: str
    policy: Policy | None = None
    statement: str = ""
    suggestion: str = ""
    focus: Focus | None = None


def unpassed(principal: Principal, role: Principal) -> Unpassed:
    """Return why *principal* can't pass *role* to AWS Backup, given that nothing forbids it."""
    granting = list(_granting(principal.policies))
    if not granting:
        return Unpassed(f"no policy grants {PASS_ROLE}")
    usable = [(policy, granted) for policy, granted in granting if serves_backup(granted) is not False]
    policy, statement = (usable or granting)[0]
    focus = statement.focus or policy.places.of(DOCUMENT)
    cited = Unpassed("", policy, statement.sid or str(statement.index), focus=focus)
    if not usable:
        return replace(cited, why=f"{PASS_ROLE} is granted for other services than {BACKUP_SERVICE} only")
    where = ", ".join(list(dict.fromkeys(entry for _, granted in usable for entry in _resources(granted)))[:_SHOWN])
    suggestion = _passable(role, (granted for _, granted in usable))
    meant = role.arn if isinstance(role.arn, str) and role.arn.startswith("arn:") else role.label
    return replace(
        cited, why=f"{PASS_ROLE} reaches only {where} (letter case and path count), not {meant}", suggestion=suggestion
    )


def passable_name(name: str) -> str:
    """Return a name for the role called *name* that the AWS managed policies for AWS Backup pass."""
    return name if _MARK in name else f"{_MARK}-{name}"[:_LONGEST]


def _passable(role: Principal, passing: Iterable[Statement]) -> str:
    """Return a name under which one of the statements reaches *role*; empty where none is found."""
    if not isinstance(role.name, str) or not isinstance(role.arn, str) or not role.arn.endswith(role.name):
        return ""
    name = passable_name(role.name)
    renamed = replace(role, name=name, arn=role.arn.removesuffix(role.name) + name)
    return name if any(reaches(statement, renamed) is True for statement in passing) else ""


def _granting(policies: Iterable[Policy]) -> Iterator[tuple[Policy, Statement]]:
    for policy in policies:
        yield from ((policy, statement) for statement in pass_role_statements([policy]))


def _resources(statement: Statement) -> Iterator[str]:
    listed: tuple[Str, ...] = () if isinstance(statement.resources, Unresolved) else statement.resources
    yield from (f"all but {show(value)}" if statement.not_resources else show(value) for value in listed)
