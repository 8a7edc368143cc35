"""The roles that are known without being in sight: AWS itself defines what they may do.

``AWSBackupDefaultServiceRole``, which the console of AWS Backup creates below the path ``/service-role/``, carries the
managed policies ForBackup and ForRestores and trusts ``backup.amazonaws.com``
(https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html). A role of the same name on another
path is another role: an ARN has the path in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._pass_role_reach import pass_role_statements, serves_backup
from restore_ready.iam import managed_arn, managed_document
from restore_ready.index import EstateIndex, Missing, arn_account
from restore_ready.model import (
    THIS_ACCOUNT,
    Place,
    PlaceName,
    Policy,
    PolicyDocument,
    Principal,
    PrincipalEntry,
    PrincipalKind,
    Ref,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    any_true,
    same_name,
    show,
)

_NAME: Final = "AWSBackupDefaultServiceRole"
_END: Final = f":role/service-role/{_NAME}"
_AUTOMATIC: Final = f"arn:aws:iam::{THIS_ACCOUNT}:role/aws-service-role/{BACKUP_SERVICE}/AWSServiceRoleForBackup"
_POLICIES: Final = ("AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores")
_NOWHERE: Final = Place("")
_TRUST: Final = PolicyDocument(
    (Statement(0, "", "Allow", ("sts:AssumeRole",), principals=(PrincipalEntry("Service", BACKUP_SERVICE),)),),
    "2012-10-17",
)


def is_default_role(arn: Str) -> bool:
    """Return whether *arn* is that of the default service role, its account known or not."""
    first, last = (arn.parts[0], arn.parts[-1]) if isinstance(arn, Text) else (arn, arn)
    return isinstance(first, str) and first.startswith("arn:") and isinstance(last, str) and last.endswith(_END)


def automatic_role() -> Principal:
    """Return the service-linked role of automatic backups, which only resource policies limit."""
    return Principal(_AUTOMATIC, _NOWHERE, PrincipalKind.ROLE, _AUTOMATIC.rpartition("/")[2], _AUTOMATIC, trust=_TRUST)


def role_in_use(value: Str, account: PlaceName, estate: EstateIndex) -> Principal | None:
    """Return the role that *value* means where it is named in *account*; ``None`` where it certainly does not exist.

    Of one that is not in sight, only its ARN is known.
    """
    found = estate.sight.role(value, account)
    if isinstance(found, Principal):
        return found
    if isinstance(found, Missing):
        return None
    return _default_role(value) if is_default_role(value) else _out_of_sight(value, found.why)


def default_roles(estate: EstateIndex) -> tuple[Principal, ...]:
    """Return the default service role, once for each ARN by which an ``iam:PassRole`` or a restore test names it.

    One that is in sight itself is left out, and one that certainly does not exist.
    """
    policies = (policy for principal in estate.principals for policy in principal.policies if not policy.aws_managed)
    passed = (arn for statement in pass_role_statements(policies) for arn in _named(statement))
    tested = (test.role for test in estate.restore_tests)
    named = dict.fromkeys(arn for arn in (*passed, *tested) if is_default_role(arn))
    if any(is_default_role(role.arn) for role in estate.roles()):
        return ()
    return tuple(_default_role(arn) for arn in named if not isinstance(_seen(arn, estate), Missing))


def may_pass_default_role(passing: Iterable[Statement], account: PlaceName, estate: EstateIndex) -> Truth:
    """Return whether one of the PassRole statements names the account's default service role and serves AWS Backup."""
    naming = (statement for statement in passing if any(_is_own(arn, account, estate) for arn in _named(statement)))
    return any_true(serves_backup(statement) for statement in naming)


def _is_own(arn: Str, account: PlaceName, estate: EstateIndex) -> bool:
    """Return whether *arn* is that of a default service role which is not certainly of another account, or missing."""
    named = arn_account(arn)
    if not is_default_role(arn) or (named is not None and same_name(named, account) is False):
        return False
    return not isinstance(_seen(arn, estate), Missing)


def _seen(arn: Str, estate: EstateIndex) -> object:
    return estate.sight.role(arn, estate.home.account)


def _named(statement: Statement) -> Iterator[Str]:
    if isinstance(statement.resources, tuple) and not statement.not_resources:
        yield from statement.resources


def _default_role(arn: Str) -> Principal:
    return Principal(
        show(arn), _NOWHERE, PrincipalKind.ROLE, _NAME, arn, policies=tuple(map(_managed, _POLICIES)), trust=_TRUST
    )


def _managed(name: str) -> Policy:
    document = managed_document(managed_arn(name) or "")
    known = Unresolved(f"the AWS managed policy {name} is not in the table") if document is None else document
    return Policy(name, _NOWHERE, name, known, own_address=False, aws_managed=True)


def _out_of_sight(value: Str, said: str) -> Principal:
    why = Unresolved(said)
    address = value.target if isinstance(value, Ref) else show(value)
    return Principal(address, _NOWHERE, PrincipalKind.ROLE, value, value, unread=(why,), trust=why)
