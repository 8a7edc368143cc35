"""Does what stands where an ARN belongs stand for one? An id, a name and a DNS name do not.

AWS Backup takes ARNs for what a selection chooses and for the role that backs it up (API_BackupSelection.html).
"""

from __future__ import annotations

import re
from typing import Final

from restore_ready.model import Ref, Str, Text, Truth, Unresolved, is_external, show, unresolved_reason

IDS: Final = frozenset({"FileSystemId", "Ref", "id"})
"""Attributes of a file system that are its id."""

_START: Final = "arn:"
_ARNS: Final = frozenset({"Arn", "arn"})
_OF_FILE_SYSTEMS: Final = frozenset(
    {
        "FileSystemId",
        "Ref",
        "availability_zone_id",
        "availability_zone_name",
        "creation_token",
        "dns_name",
        "file_system_id",
        "id",
        "name",
        "owner_id",
    }
)
_OF_ROLES: Final = frozenset({"Ref", "RoleId", "RoleName", "id", "name", "role_id", "role_name", "unique_id"})
_OTHERS: Final = {"efs_file_system": _OF_FILE_SYSTEMS, "iam_role": _OF_ROLES}
"""Attributes that are no ARN, by type. ``Ref`` of a file system is its id, that of a role its name."""

_TYPE: Final = re.compile(r"(?:^|\.)(?:aws|awscc)_(efs_file_system|iam_role)\.[^.]+$")


def is_arn_of(reference: Ref, others: frozenset[str] = _OF_FILE_SYSTEMS) -> Truth:
    """Return whether a reference to a file system, or what has *others* for no ARN, is to its ARN."""
    if reference.attribute in _ARNS:
        return True
    if reference.attribute in others:
        return False
    return Unresolved(f"{reference.attribute} of {reference.target} may be anything")


def no_arn(value: Str, *, is_role: bool = False, known: bool = False) -> str:
    """Return what stands where an ARN belongs, as it is written, if it certainly is none; else an empty text.

    Args:
        value: may be a wildcard.
        is_role: whether it should be a role's.
        known: whether a reference is to a file system or, if it should be a role's, to a role.
    """
    if isinstance(value, Ref):
        kind = _TYPE.search(re.sub(r"\[[^\]]*\]", "", value.target))
        others = _OTHERS[kind[1]] if kind else _OF_ROLES if is_role else _OF_FILE_SYSTEMS
        certain = known or kind is not None
        return f"{value.attribute} of {value.target}" if certain and is_arn_of(value, others) is False else ""
    start = value.parts[0] if isinstance(value, Text) else value
    if isinstance(start, Ref):
        return f'"{show(value)}"' if no_arn(start, is_role=is_role, known=known) else ""
    return f'"{show(value)}"' if isinstance(start, str) and not _may_begin(start, whole=start is value) else ""


def _may_begin(start: str, *, whole: bool) -> bool:
    """Return whether an ARN, or a wildcard that stands for some, may begin with *start*."""
    if start.startswith((_START, "*", "?", "${", "{{")):
        return True
    return not whole and _START.startswith(start)


def doubtful(value: Str) -> str:
    """Return why it is not known whether a value is an ARN; empty where that is known, or it is that of others."""
    if isinstance(value, Ref):
        is_data = ".data." in f".{value.target}"
        return "" if not is_external(value) or (is_data and value.attribute in _ARNS) else unresolved_reason(value)
    start = value.parts[0] if isinstance(value, Text) else value
    if isinstance(start, str):
        return "" if start.startswith((_START, "*", "?")) else unresolved_reason(value)
    return doubtful(start) if isinstance(start, Ref) else start.why
