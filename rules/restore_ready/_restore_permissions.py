"""What a role must be allowed for AWS Backup to restore EFS with it.

The four actions are the minimum AWS names; the managed policy ForRestores grants them on every file system
(https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html).
"""

from __future__ import annotations

from typing import Final

from restore_ready._model import Estate, Principal
from restore_ready._restore import FOR_RESTORES, statements, unread_part
from restore_ready._values import THIS_ACCOUNT, THIS_REGION, Str, Text, Truth, Unresolved, any_true
from restore_ready.iam import Allowed, Decision, Denied, Request, decide

RESTORE_ACTIONS: Final = (
    "elasticfilesystem:Restore",
    "elasticfilesystem:CreateFileSystem",
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DeleteFileSystem",
)
_ANY_FILE_SYSTEM: Final = Text(
    (
        f"arn:aws:elasticfilesystem:{THIS_REGION}:{THIS_ACCOUNT}:file-system/",
        Unresolved("a restore may create a new file system, whose id is not known yet"),
    )
)


def may_restore(role: Principal, action: str, estate: Estate) -> Truth:
    """Tell whether *role* may do *action* on any file system, or at least on one of *estate*."""
    if role.unread:
        return _unless_proven(role, action, estate, role.unread[0])
    return _may(role, action, estate)


def _unless_proven(role: Principal, action: str, estate: Estate, unread: Unresolved) -> Truth:
    answer = _may(role, action, estate)
    return unread if answer is False else answer


def _may(role: Principal, action: str, estate: Estate) -> Truth:
    wanted: list[tuple[Str, str]] = [(_ANY_FILE_SYSTEM, "")]
    wanted += [(one.arn, one.address) for one in estate.file_systems]
    requests = (Request(action, arn, resource_address=address) for arn, address in wanted)
    return any_true(_truth(decide(role.policies, request)) for request in requests)


def _truth(decision: Decision) -> Truth:
    if isinstance(decision, Allowed):
        return True
    return False if isinstance(decision, Denied) else Unresolved(decision.why)


def restores_efs(role: Principal, estate: Estate) -> bool:
    """Tell whether a restore role is one for EFS: it speaks of EFS, can't be read, or stands beside a file system."""
    if unread_part(role.policies) is not None or any(policy.name == FOR_RESTORES for policy in role.policies):
        return True
    named = [entry for one in statements(role.policies) if isinstance(one.actions, tuple) for entry in one.actions]
    if any(isinstance(entry, str) and entry.lower().startswith("elasticfilesystem:") for entry in named):
        return True
    return bool(estate.file_systems) and not _restores_another_service(role)


def _restores_another_service(role: Principal) -> bool:
    names = [policy.name for policy in role.policies if policy.aws_managed]
    return any(isinstance(name, str) and name.endswith("Restore") for name in names)
