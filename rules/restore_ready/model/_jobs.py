"""What backups and restores really did in a live account. Other sources know nothing of it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._source import Place
from restore_ready.model._values import Known, Str


class RecoveryPoint(Struct, frozen=True):
    """A recovery point of a file system.

    Attributes:
        vault: the name of the vault that holds it.
        status: ``COMPLETED``, ``PARTIAL``, ``DELETING``, ``EXPIRED``, ``STOPPED`` or one of those still under way.
        size: bytes; ``None`` where AWS does not say.
        completed: when its backup ended: what was written before is in it, or may be.
        expires: when AWS deletes it; ``None`` where it is kept for ever.
        cold: when it moves, or moved, to cold storage; ``None`` where it does not.
        resource: the ARN of the file system that it is of, empty where AWS did not say; *name* what that was called.
        vault_arn: empty where AWS did not say; *source_vault* is the vault that it was copied from, if it was.
        vault_type: ``BACKUP_VAULT`` or ``LOGICALLY_AIR_GAPPED_BACKUP_VAULT``; empty where AWS did not say.
        key: the ARN of the key that encrypts it; *role* that of the role that made it.
    """

    arn: str
    vault: str
    status: str
    created: datetime
    size: int | None = None
    completed: datetime | None = None
    expires: datetime | None = None
    cold: datetime | None = None
    resource: str = ""
    name: str = ""
    vault_arn: str = ""
    source_vault: str = ""
    vault_type: str = ""
    key: str = ""
    role: str = ""
    message: str = ""


class VaultContents(Struct, frozen=True):
    """The recovery points of EFS in a vault of a live account.

    Attributes:
        address: of the vault; that of automatic backups has one too.
        name: the vault's.
        points: of any file system, whether it still exists or not.
    """

    address: str
    place: Place
    name: str
    points: Known[tuple[RecoveryPoint, ...]]
    aws_place: AwsPlace = HERE


class BackupJob(Struct, frozen=True):
    """A backup job of the last 30 days, which is as far back as AWS lists them.

    Attributes:
        state: ``COMPLETED``, ``FAILED``, ``EXPIRED``, ``ABORTED``, ``PARTIAL`` or one of those still under way.
        plan: the id of the backup plan that made it, empty where none did.
        created: when it was scheduled; *started* when it began to run; *completed* when it ended, however.
        category: what kind of *message* AWS has for it: ``SUCCESS``, ``AccessDenied`` and the like, or empty.
    """

    id: str
    state: str
    vault: str
    plan: str
    created: datetime
    started: datetime | None = None
    completed: datetime | None = None
    message: str = ""
    size: int | None = None
    category: str = ""


class CopyJob(Struct, frozen=True):
    """A copy job of the last 30 days, which is as far back as AWS lists them.

    Attributes:
        state: ``CREATED``, ``RUNNING``, ``COMPLETED``, ``FAILED`` or ``PARTIAL``.
        source: the ARN of the vault copied from; *destination* of the one copied to, in whatever Region and account.
        plan: the id of the backup plan that made it, empty where none did.
    """

    id: str
    state: str
    source: str
    destination: str
    plan: str
    created: datetime
    completed: datetime | None = None
    message: str = ""
    category: str = ""


class RestoreJob(Struct, frozen=True):
    """A restore job.

    Attributes:
        status: ``PENDING``, ``RUNNING``, ``COMPLETED``, ``ABORTED`` or ``FAILED``.
        test_plan: the ARN of the restore testing plan that made it, empty where a person did.
        validation: ``SUCCESSFUL``, ``FAILED``, ``TIMED_OUT``, ``VALIDATING``, or empty.
        size: bytes restored; ``None`` where AWS does not say.
        made: the ARN of what it restored to; empty where AWS did not say.
    """

    id: str
    status: str
    recovery_point: str
    created: datetime
    completed: datetime | None = None
    test_plan: str = ""
    validation: str = ""
    message: str = ""
    size: int | None = None
    made: str = ""


class History(Struct, frozen=True):
    """What is on record of one file system; each part is unresolved where it could not be read.

    Attributes:
        file_system: the file system, as a `Ref` to it.
        size: metered bytes.
        created: when the file system was made.
        astray: restore jobs of the same account and Region whose recovery point is gone, so that they may be of
            any file system.
        elsewhere: recovery points of it in the account's other Regions that were read.
    """

    file_system: Str
    recovery_points: Known[tuple[RecoveryPoint, ...]]
    backup_jobs: Known[tuple[BackupJob, ...]]
    restore_jobs: Known[tuple[RestoreJob, ...]]
    size: Known[int | None] = None
    created: datetime | None = None
    astray: tuple[RestoreJob, ...] = ()
    copy_jobs: Known[tuple[CopyJob, ...]] = ()
    elsewhere: tuple[RecoveryPoint, ...] = ()
