"""What a fix changes, in the estate's terms: plain data that knows nothing of how a source is written."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from restore_ready.model._source import Place

Scalar: TypeAlias = int | str | bool


class Setting(Enum):
    """Single values that a fix may set."""

    START_WINDOW = "start window"
    COMPLETION_WINDOW = "completion window"
    DELETE_AFTER = "retention"
    AUTOMATIC_BACKUPS = "automatic backups"
    EFS_OPT_IN = "opt-in of EFS"
    TIMEOUT = "time-out"
    NAME = "name"


class Target(Struct, frozen=True):
    """The resource that is changed: its address, and where it is written."""

    address: str
    place: Place


class SetValue(Struct, frozen=True):
    """Another value for one setting.

    Attributes:
        value: minutes for windows, days for retention, seconds for time-outs.
        rule: which rule of a backup plan, from 0.
    """

    target: Target
    setting: Setting
    value: Scalar
    rule: int = 0


class RemoveDeny(Struct, frozen=True):
    """Let actions out of a Deny statement of a vault policy.

    Attributes:
        statement: its position in the policy, from 0.
        actions: what must no longer be denied.
        kept: what the statement denies by a wildcard or ``NotAction`` and must go on denying, by name.
    """

    target: Target
    statement: int
    actions: tuple[str, ...]
    kept: tuple[str, ...]


class AllowPassRole(Struct, frozen=True):
    """Allow ``iam:PassRole`` on one role, to AWS Backup alone, in an identity policy.

    Attributes:
        target: the policy, or the principal that holds it inline.
        policy: the inline policy's name there.
        role: the role to pass.
    """

    target: Target
    policy: str
    role: Target


class RestrictPassRole(Struct, frozen=True):
    """Narrow a statement that allows ``iam:PassRole`` to one role and to AWS Backup.

    Attributes:
        target: as of `AllowPassRole`; likewise *policy* and *role*.
        statement: its position in the policy, from 0.
        is_for_backup: it serves AWS Backup alone already: only the role changes, whatever names it now.
    """

    target: Target
    policy: str
    statement: int
    role: Target
    is_for_backup: bool = False


class TrustBackup(Struct, frozen=True):
    """Let AWS Backup assume a role."""

    target: Target


class AttachManagedPolicy(Struct, frozen=True):
    """Attach an AWS managed policy, by path and name, to a role."""

    target: Target
    policy: str


class ReplaceEvents(Struct, frozen=True):
    """Replace events of a vault's notifications by those that AWS sends in their place.

    Attributes:
        replaced: pairs of an event and what takes its place.
        wanted: the event that must be there in the end.
    """

    target: Target
    replaced: tuple[tuple[str, str], ...]
    wanted: str


Change: TypeAlias = (
    SetValue | RemoveDeny | AllowPassRole | RestrictPassRole | TrustBackup | AttachManagedPolicy | ReplaceEvents
)
