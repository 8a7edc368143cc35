"""Which roles a PassRole statement lets be passed to AWS Backup."""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE
from restore_ready.access._statements import allows, statements
from restore_ready.iam import Request, statement_applies
from restore_ready.index import RoleIndex
from restore_ready.model import (
    Policy,
    Principal,
    Statement,
    Str,
    Truth,
    any_true,
)


def pass_role_statements(policies: Iterable[Policy]) -> tuple[Statement, ...]:
    """Return the statements that allow ``iam:PassRole`` on some role for some service."""
    return tuple(statement for statement in statements(policies) if allows(statement, PASS_ROLE))


def pass_role_request(role: Principal | None = None) -> Request:
    """Return the request that AWS checks when a caller passes *role*, or any role, to AWS Backup."""
    context: dict[str, tuple[Str, ...]] = {"iam:passedtoservice": (BACKUP_SERVICE,)}
    if role is None:
        return Request(PASS_ROLE, "*", context=context)
    return Request(PASS_ROLE, role.arn, resource_address=role.address, context=context)


def reaches(statement: Statement, role: Principal) -> Truth:
    """Return whether a PassRole statement lets *role* be passed to AWS Backup."""
    return statement_applies(statement, pass_role_request(role))


def serves_backup(statement: Statement) -> Truth:
    """Return whether a PassRole statement lets anything be passed to AWS Backup, whatever the role."""
    conditions_alone = Statement(
        statement.index,
        statement.sid,
        statement.effect,
        statement.actions,
        statement.not_actions,
        conditions=statement.conditions,
    )
    return statement_applies(conditions_alone, pass_role_request())


def reaches_any(passing: Iterable[Statement], roles: RoleIndex) -> Truth:
    """Return whether one of the PassRole statements lets one of *roles* be passed to AWS Backup."""
    return any_true(reaches(statement, role) for statement in passing for role in roles.candidates(statement))
