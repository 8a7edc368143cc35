"""File systems, those that are lost among them, and what says whether EFS backs them up by itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._efs import Replica
from restore_ready.model._source import Place, Places
from restore_ready.model._values import Known, Str, Unresolved


class Loss(Enum):
    """Why a file system of which there are recovery points is not among those of its estate."""

    DELETED = "it no longer exists"
    UNREADABLE = "its Region could not be read"
    NOT_ASKED = "its Region was not read"
    FOREIGN = "it is of another account"


class Lost(Struct, frozen=True):
    """That a file system is known by its recovery points alone.

    Attributes:
        why: what AWS said, or which Region or account it is; a plain sentence.
    """

    loss: Loss
    why: str


class FileSystemSettings(Struct, frozen=True):
    """What a live account says of a file system that a restored one does not have by itself.

    Attributes:
        performance: its performance mode: ``generalPurpose`` or ``maxIO``.
        provisioned: MiB/s, where the throughput mode is ``provisioned``.
        lifecycle: names and values of its lifecycle policies, as ``TransitionToIA`` and ``AFTER_30_DAYS``.
        overwrite_protection: whether replication may not overwrite it.
        replicas: what it is replicated into.
    """

    performance: Known[str]
    provisioned: Known[float | None]
    lifecycle: Known[tuple[tuple[str, str], ...]]
    overwrite_protection: Known[bool]
    replicas: Known[tuple[Replica, ...]] = ()


class FileSystem(Struct, frozen=True):
    """An EFS file system.

    Attributes:
        arn: its ARN, or a `Ref` to itself where the source can't know it.
        tags: tag keys to values; unresolved when not even the keys are known.
        one_zone: whether it is bound to one Availability Zone, which switches automatic backups on by default.
        key: the KMS key that encrypts it; ``None`` where it names none: AWS's own, or no encryption.
        throughput: its throughput mode: ``bursting``, ``provisioned`` or ``elastic``.
        replicating: whether a live account says that another file system is replicated into it.
        settings: what a live account says besides; ``None`` where nothing does.
        lost: why it is known by its recovery points alone; ``None`` where it exists. Of a lost one no tags are known.
        known_as: the name that its recovery points have.
    """

    address: str
    place: Place
    arn: Str
    tags: Known[Mapping[str, Str]]
    one_zone: Known[bool] = False
    key: Str | None = None
    throughput: Str = "bursting"
    replicating: bool = False
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE
    settings: FileSystemSettings | None = None
    lost: Lost | None = None
    known_as: str = ""

    @property
    def name(self) -> str:
        """Its tag ``Name``, else the name on its recovery points; empty where it has none or that is not known."""
        name = "" if isinstance(self.tags, Unresolved) else self.tags.get("Name", "")
        return name if isinstance(name, str) and name else self.known_as


class AutomaticBackups(Struct, frozen=True):
    """Whether EFS backs a file system up by AWS's own fixed plan.

    Attributes:
        address: of the resource that says so: ``aws_efs_backup_policy`` in Terraform, else the file system.
        file_system: the file system meant, as a `Ref` to it or its id.
        stated: false where nothing says it and AWS's default for One Zone applies.
    """

    address: str
    place: Place
    file_system: Str
    enabled: Known[bool]
    stated: bool = True
    places: Places = Places()
    aws_place: AwsPlace = HERE
