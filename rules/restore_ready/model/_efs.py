"""What a restore needs besides a backup: ways to the files, keys, rehearsals, limits set by the organization."""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from restore_ready.model._backup import TagCondition
from restore_ready.model._policy_document import PolicyDocument
from restore_ready.model._source import Place
from restore_ready.model._values import Known, Str

TEST_START_HOURS: Final = 24
"""Hours in which a restore test must start where nothing is said (API_RestoreTestingPlanForCreate.html)."""

TEST_WINDOW_DAYS: Final = 30
"""Days back from which a restore test takes recovery points where nothing is said (same source)."""


class AccessPoint(Struct, frozen=True):
    """An EFS access point.

    Attributes:
        arn: its ARN, or a `Ref` to itself where the source can't know it.
        root: the directory that its clients see as ``/``.
        uid: the user id forced on every request; ``None`` leaves each client its own.
    """

    address: str
    place: Place
    arn: Str
    file_system: Str
    root: Known[str] = "/"
    uid: Known[int | None] = None


class MountTarget(Struct, frozen=True):
    """A mount target: where a subnet reaches a file system."""

    address: str
    place: Place
    file_system: Str
    subnet: Str


class Subnet(Struct, frozen=True):
    """A subnet, and the Availability Zone it lies in, by name or id."""

    address: str
    place: Place
    zone: Str


class FileSystemPolicy(Struct, frozen=True):
    """The resource policy of a file system, reported at its own resource or, in CloudFormation, at the file system."""

    address: str
    place: Place
    file_system: Str
    document: Known[PolicyDocument]


class MoverKind(Enum):
    """What can mount a file system and move restored files."""

    FUNCTION = "Lambda function"
    TASK = "ECS task"
    TRANSFER = "DataSync task"


class Mount(Struct, frozen=True):
    """A file system mounted by a worker.

    Attributes:
        file_system: the file system, where the mount names it itself.
        access_point: the access point's ARN, id or a `Ref` to it, where the mount goes through one.
        root: the directory mounted, as seen through the access point.
        read_only: whether the worker mounts it read-only.
        with_iam: whether the client presents an IAM role to the file system, as Lambda always does.
        uid: the user id that the worker runs as; ``None`` where the source does not say.
        encrypted: whether the connection is encrypted, as Lambda's always is.
    """

    file_system: Str | None = None
    access_point: Str | None = None
    root: Known[str] = "/"
    read_only: Known[bool] = False
    with_iam: Known[bool] = True
    uid: Known[int | None] = None
    encrypted: Known[bool] = True


class Mover(Struct, frozen=True):
    """A function or task that may move restored files out of ``aws-backup-restore_*``.

    Attributes:
        mounts: the file systems mounted; of a DataSync task its source and its destination, as far as they are EFS.
        timeout: seconds after which a run is ended; ``None`` where nothing ends it.
        role: ARN of the role it acts with at the file system, or a `Ref`; ``None`` where it states none.
        subnets: where its network interfaces lie; ``None`` where the resource does not say: no VPC, or the run says it.
    """

    address: str
    place: Place
    kind: MoverKind
    name: Str
    mounts: Known[tuple[Mount, ...]] = ()
    timeout: Known[int | None] = None
    role: Str | None = None
    subnets: Known[tuple[Str, ...]] | None = None


class RestoreTestPlan(Struct, frozen=True):
    """A restore testing plan.

    Attributes:
        schedule: AWS cron expression.
        start_window_hours: hours within which a test must start.
        algorithm: ``LATEST_WITHIN_WINDOW`` or ``RANDOM_WITHIN_WINDOW``.
        include_vaults: ARNs of vaults, or ``*``; likewise *exclude_vaults*.
        point_types: ``SNAPSHOT`` and ``CONTINUOUS``.
        window_days: how many days back recovery points are chosen from.
    """

    address: str
    place: Place
    name: Str
    schedule: Str
    time_zone: Str = "UTC"
    start_window_hours: Known[int] = TEST_START_HOURS
    algorithm: Str = "LATEST_WITHIN_WINDOW"
    include_vaults: Known[tuple[Str, ...]] = ()
    exclude_vaults: Known[tuple[Str, ...]] = ()
    point_types: Known[tuple[Str, ...]] = ()
    window_days: Known[int] = TEST_WINDOW_DAYS


class RestoreTestSelection(Struct, frozen=True):
    """A restore testing selection: what a restore testing plan restores, and with which role.

    Attributes:
        plan: the plan's name, or a `Ref` to it; ``None`` where the source does not say.
        resource_type: ``EFS``.
        resources: ARNs of what is tested; ``*`` means everything that meets *conditions*.
        conditions: tag tests, all of which must hold.
    """

    address: str
    place: Place
    role: Str
    resource_type: Str
    plan: Str | None = None
    name: Str = ""
    resources: Known[tuple[Str, ...]] = ()
    conditions: Known[tuple[TagCondition, ...]] = ()


class Key(Struct, frozen=True):
    """A customer managed KMS key.

    Attributes:
        arn: its ARN, or a `Ref` to itself where the source can't know it.
        aliases: names such as ``alias/backup``.
        document: its key policy; ``None`` where none is stated and AWS's default, which leaves it to IAM, applies.
    """

    address: str
    place: Place
    arn: Str
    aliases: tuple[Str, ...] = ()
    document: Known[PolicyDocument] | None = None


class ControlKind(Enum):
    """Policies of AWS Organizations that limit what the accounts below may do."""

    SERVICE = "service control policy"
    RESOURCE = "resource control policy"


class OrganizationControl(Struct, frozen=True):
    """A service or resource control policy and what it is attached to.

    Attributes:
        targets: account ids (``this-account`` for the estate's own), ids of organizational units or roots, or `Ref`s.
    """

    address: str
    place: Place
    kind: ControlKind
    name: Str
    document: Known[PolicyDocument]
    targets: Known[tuple[Str, ...]] = ()
