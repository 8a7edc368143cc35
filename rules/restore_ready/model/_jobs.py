"""What backups and restores really did in a live account. Other sources know nothing of it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from restore_ready.model._values import Known, Str


class RecoveryPoint(Struct, frozen=True):
    """A recovery point of a file system.

    Attributes:
        vault: the name of the vault that holds it.
        status: ``COMPLETED``, ``PARTIAL``, ``DELETING`` or ``EXPIRED``.
        size: bytes; ``None`` where AWS does not say.
    """

    arn: str
    vault: str
    status: str
    created: datetime
    size: int | None = None


class BackupJob(Struct, frozen=True):
    """A backup job of the last 30 days, which is as far back as AWS lists them.

    Attributes:
        state: ``COMPLETED``, ``FAILED``, ``EXPIRED``, ``ABORTED``, ``PARTIAL`` or one of those still under way.
        plan: the id of the backup plan that made it, empty where none did.
        created: when it was scheduled; *started* when it began to run; *completed* when it ended, however.
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


class RestoreJob(Struct, frozen=True):
    """A restore job.

    Attributes:
        status: ``PENDING``, ``RUNNING``, ``COMPLETED``, ``ABORTED`` or ``FAILED``.
        test_plan: the ARN of the restore testing plan that made it, empty where a person did.
        validation: ``SUCCESSFUL``, ``FAILED``, ``TIMED_OUT``, ``VALIDATING``, or empty.
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


class History(Struct, frozen=True):
    """What is on record of one file system; each part is unresolved where it could not be read.

    Attributes:
        file_system: the file system, as a `Ref` to it.
        size: metered bytes.
        created: when the file system was made.
        astray: restore jobs of the same account and Region whose recovery point is gone, so that they may be of
            any file system.
    """

    file_system: Str
    recovery_points: Known[tuple[RecoveryPoint, ...]]
    backup_jobs: Known[tuple[BackupJob, ...]]
    restore_jobs: Known[tuple[RestoreJob, ...]]
    size: Known[int | None] = None
    created: datetime | None = None
    astray: tuple[RestoreJob, ...] = ()
