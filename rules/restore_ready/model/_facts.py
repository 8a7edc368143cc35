"""What one call to AWS gave: the answer, its absence, or why it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import Struct, field


class Status(Enum):
    """How a call ended."""

    OK = "ok"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Fact(Struct, frozen=True):
    """One fact of an account.

    Attributes:
        id: which row of the fact plan: ``file_systems``, ``vault_policy``.
        account: the account's id, 12 digits; *region* is empty for what is global.
        params: the parameters of the call, which say what it is about: ``{"BackupVaultName": "efs"}``.
        data: the answer, all pages of it, with just the fields that the fact plan keeps; times as ISO 8601 text.
        operation: the call, by the name of the IAM action that allows it; empty for what was not asked of AWS.
        code: AWS's error code, or the error's name, where the status is not ok.
        action: the IAM action to grant so that the fact becomes known.
        at: when it was asked, ISO 8601 in UTC.
    """

    id: str
    account: str
    region: str
    status: Status
    params: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    action: str = ""
    at: str = ""
    request_id: str = ""
    operation: str = ""
