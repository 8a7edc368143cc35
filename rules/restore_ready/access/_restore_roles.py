"""The roles that restores are meant to run with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.access._constants import BACK_UP, BACKUP_SERVICE, FOR_RESTORES, RESTORE
from restore_ready.access._pass_role_reach import pass_role_statements, reaches_any, serves_backup
from restore_ready.access._restore_grants import Grant, grants_restore
from restore_ready.access._statements import (
    called,
    condition_keys,
    only_for_backup_service,
    statements,
    trusted_services,
    trusts_backup,
)
from restore_ready.iam import names_action
from restore_ready.index import EstateIndex, RoleIndex
from restore_ready.model import (
    PolicyDocument,
    Principal,
    Ref,
    Requirements,
    Statement,
    Str,
    unresolved_reason,
)

_PASSABLE_NAME: Final = "*AWSBackup*"


def restore_roles(estate: EstateIndex, requirements: Requirements, grants: Iterable[Grant]) -> tuple[Principal, ...]:
    """Return the roles that restores are meant to run with.

    These are the roles that carry restore permissions, that a restore test uses, that a restore operator's
    ``iam:PassRole`` names exactly, or that are called so and speak of AWS Backup.

    Args:
        estate: where roles are looked for.
        requirements: say what restore roles are called.
        grants: those of `restore_grants`, whose holders are the operators.
    """
    tested = [
        test.role
        for test in estate.restore_tests
        if test.resource_type == "EFS" or unresolved_reason(test.resource_type)
    ]
    found = [
        role
        for role in estate.roles()
        if _carries_restore(role)
        or any(_means(value, role) for value in tested)
        or _called_restore_role(role, requirements)
    ]
    known = {role.address for role in found}
    passed = _exactly_passed(RoleIndex(found), estate.all_roles, grants)
    return (*found, *(role for role in estate.roles() if role.address in passed - known))


def _carries_restore(role: Principal) -> bool:
    if any(policy.aws_managed and policy.name == FOR_RESTORES for policy in role.policies):
        return True
    own = [policy for policy in role.policies if not policy.aws_managed]
    for statement in statements(own):
        if statement.effect == "Allow" and names_action(statement, RESTORE) is True:
            exact = _lists_exactly(statement, RESTORE)
            calls = any(grants_restore(policy, by_any_means=False) for policy in own)
            if trusts_backup(role) is True or (exact and not calls):
                return True
    return False


def _lists_exactly(statement: Statement, action: str) -> bool:
    entries = statement.actions if isinstance(statement.actions, tuple) else ()
    return any(isinstance(entry, str) and entry.lower() == action.lower() for entry in entries)


def _called_restore_role(role: Principal, requirements: Requirements) -> bool:
    names = called(role, requirements.roles)
    if not names or not (_mentions_backup_service(role) or _holds_service_policy(role)):
        return False
    return names != (_PASSABLE_NAME,) or not _carries_backup(role)


def _mentions_backup_service(role: Principal) -> bool:
    if not isinstance(role.trust, PolicyDocument):
        return False
    return any(value == BACKUP_SERVICE for statement in role.trust.statements for value in trusted_services(statement))


def _holds_service_policy(role: Principal) -> bool:
    names = [policy.name for policy in role.policies if policy.aws_managed]
    return any(isinstance(name, str) and name.startswith("AWSBackupServiceRolePolicy") for name in names)


def _carries_backup(role: Principal) -> bool:
    return any(
        statement.effect == "Allow" and names_action(statement, BACK_UP) is True
        for statement in statements(role.policies)
    )


def _exactly_passed(found: RoleIndex, roles: RoleIndex, grants: Iterable[Grant]) -> set[str]:
    """Return the addresses of the roles that a restore operator's PassRole names, where it reaches none of *found*."""
    passed: set[str] = set()
    holders = (holder for grant in grants for holder in grant.holders)
    for holder in filter(lambda principal: not only_for_backup_service(principal), holders):
        passing = pass_role_statements(holder.policies)
        named = {role.address for statement in passing for role in _named_exactly(statement, roles)}
        if named and reaches_any(passing, found) is not True:
            passed |= named
    return passed


def _named_exactly(statement: Statement, roles: RoleIndex) -> Iterator[Principal]:
    entries = statement.resources if isinstance(statement.resources, tuple) else ()
    for role in map(roles.find, () if statement.not_resources else entries):
        if role is not None and (_pinned_to_backup(statement) or trusts_backup(role) is True):
            yield role


def _means(value: Str, role: Principal) -> bool:
    if isinstance(value, Ref):
        return value.target == role.address
    return isinstance(value, str) and value == role.arn


def _pinned_to_backup(statement: Statement) -> bool:
    """Return whether the statement's conditions let the role go to AWS Backup and not just anywhere."""
    return "iam:passedtoservice" in condition_keys(statement) and serves_backup(statement) is True
