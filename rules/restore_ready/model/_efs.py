"""What surrounds an EFS file system: access points, mount targets, its policy, and what can move restored files."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._policy_document import PolicyDocument
from restore_ready.model._source import Place, Places
from restore_ready.model._values import Known, Str


class AccessPoint(Struct, frozen=True):
    """An EFS access point.

    Attributes:
        arn: its ARN, or a `Ref` to itself where the source can't know it.
        root: the directory that its clients see as ``/``.
        uid: the user id forced on every request; ``None`` leaves each client its own.
        request: what a live account says of it, as CreateAccessPoint takes it: ``PosixUser``, ``RootDirectory``,
            ``Tags``; ``None`` where nothing does.
        places: where its fields are written.
    """

    address: str
    place: Place
    arn: Str
    file_system: Str
    root: Known[str] = "/"
    uid: Known[int | None] = None
    aws_place: AwsPlace = HERE
    request: Mapping[str, object] | None = None
    places: Places = Places()


class MountTarget(Struct, frozen=True):
    """A mount target: where a subnet reaches a file system.

    Attributes:
        ip: its address in the subnet; empty where the source does not say.
        security_groups: their ids; ``None`` where the source does not say.
    """

    address: str
    place: Place
    file_system: Str
    subnet: Str
    aws_place: AwsPlace = HERE
    ip: str = ""
    security_groups: Known[tuple[str, ...]] | None = None


class Subnet(Struct, frozen=True):
    """A subnet, and the Availability Zone it lies in, by name or id."""

    address: str
    place: Place
    zone: Str
    aws_place: AwsPlace = HERE


class FileSystemPolicy(Struct, frozen=True):
    """The resource policy of a file system, reported at its own resource or, in CloudFormation, at the file system."""

    address: str
    place: Place
    file_system: Str
    document: Known[PolicyDocument]
    aws_place: AwsPlace = HERE
    places: Places = Places()


class Replica(Struct, frozen=True):
    """What a file system is replicated into.

    Attributes:
        file_system: the file system's id, or a `Ref` to it; ``None`` where EFS makes one of its own.
        region: the Region that it is in; ``None`` where the source does not say.
    """

    file_system: Str | None = None
    region: Str | None = None


class Replication(Struct, frozen=True):
    """A replication configuration, reported at its own resource or, in CloudFormation, at the file system replicated.

    What it replicates into is read-only (https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html).
    """

    address: str
    place: Place
    source: Str
    replicas: Known[tuple[Replica, ...]] = ()
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE


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
        places: where its fields are written.
    """

    file_system: Str | None = None
    access_point: Str | None = None
    root: Known[str] = "/"
    read_only: Known[bool] = False
    with_iam: Known[bool] = True
    uid: Known[int | None] = None
    encrypted: Known[bool] = True
    places: Places = Places()


class Mover(Struct, frozen=True):
    """A function or task that may move restored files out of ``aws-backup-restore_*``.

    Attributes:
        mounts: the file systems mounted; of a DataSync task its source and its destination, as far as they are EFS.
        timeout: seconds after which a run is ended; ``None`` where nothing ends it.
        role: ARN of the role it acts with at the file system, or a `Ref`; ``None`` where it states none.
        subnets: where its network interfaces lie; ``None`` where the resource does not say: no VPC, or the run says it.
        places: where its fields are written.
    """

    address: str
    place: Place
    kind: MoverKind
    name: Str
    mounts: Known[tuple[Mount, ...]] = ()
    timeout: Known[int | None] = None
    role: Str | None = None
    subnets: Known[tuple[Str, ...]] | None = None
    aws_place: AwsPlace = HERE
    places: Places = Places()
