"""Field tables of what moves restored files: functions, tasks and DataSync, and the schedules that start them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from restore_ready.model import Known, Mount, Mover, MoverKind, Ref, Str, Unresolved
from restore_ready.readers._fields import Entry, Field, Inside, Table, within
from restore_ready.readers._kinds import directory, each, filled_text, number, switched_on, text
from restore_ready.readers._task_volumes import one_role, use_of

SAM_FUNCTION: Final = "AWS::Serverless::Function"

_LAMBDA_TIMEOUT: Final = 3
"""Seconds that Lambda allows a function where it says nothing (API_CreateFunction.html)."""


def _name(entry: Entry, name: str) -> Str | None:
    """Return a name; CloudFormation generates one that is left out."""
    found = text(entry, name)
    generated = found is None and entry.dialect.language == "cloudformation"
    return Unresolved(f"the name of {entry.address} is generated") if generated else found


def _subnets(entry: Entry, name: str) -> Known[tuple[Str, ...]]:
    return entry.dialect.texts(entry.values, name)


_FUNCTION_MOUNT: Final = Table(Mount, (Field("access_point", text, "Arn", "arn", required=True),))

_TIMEOUT: Final[Field[Known[int]]] = Field("timeout", number, "Timeout", "timeout", default=_LAMBDA_TIMEOUT)

FUNCTION: Final = Table(
    Mover,
    (
        Field("name", _name, "FunctionName", "function_name", required=True),
        Field("mounts", each(_FUNCTION_MOUNT), "FileSystemConfigs", "file_system_config", default=()),
        _TIMEOUT,
        Field("role", text, "Role", "role"),
        Field("subnets", _subnets, "SubnetIds", "subnet_ids", inside=Inside("VpcConfig", "vpc_config")),
    ),
    cloudformation=("AWS::Lambda::Function", SAM_FUNCTION),
    terraform=("aws_lambda_function",),
)


def timeout(function: Entry) -> Known[int]:
    """Return after how many seconds a Lambda function is ended."""
    found = _TIMEOUT.given(function)
    return _LAMBDA_TIMEOUT if found is None else found


_EFS_VOLUME: Final = Table(
    Mount,
    (
        Field("file_system", text, "FilesystemId", "file_system_id", required=True),
        Field("root", directory, "RootDirectory", "root_directory", default="/"),
        *within(
            Inside("AuthorizationConfig", "authorization_config"),
            Field("access_point", filled_text, "AccessPointId", "access_point_id"),
            Field("with_iam", switched_on, "IAM", "iam", default=False),
        ),
        Field("encrypted", switched_on, "TransitEncryption", "transit_encryption", default=False),
    ),
)
_CONTAINERS: Final[Field[object]] = Field(
    "containers", lambda entry, name: entry.values.get(name), "ContainerDefinitions", "container_definitions"
)
_VOLUME_NAME: Final[Field[Str]] = Field("name", text, "Name", "name")
_VOLUME_CONFIG: Final[Field[Entry]] = Field(
    "config", lambda entry, name: entry.dialect.block(entry, name), "EFSVolumeConfiguration", "efs_volume_configuration"
)


def _volumes(entry: Entry, name: str) -> Known[tuple[Mount, ...]]:
    """Return the file systems that a task mounts."""
    volumes = entry.dialect.blocks(entry, name)
    if isinstance(volumes, Unresolved):
        return volumes
    containers = _CONTAINERS.given(entry)
    return tuple(mount for volume in volumes for mount in _mounted(volume, containers))


def _mounted(volume: Entry, containers: object) -> Iterator[Mount]:
    called, config = _VOLUME_NAME.given(volume), _VOLUME_CONFIG.given(volume)
    use = use_of(containers, called)
    if use is not None and config is not None:
        block = config if isinstance(config, Entry) else volume
        yield _EFS_VOLUME.read(block, read_only=use.read_only, uid=use.uid)


TASK: Final = Table(
    Mover,
    (
        Field("name", _name, "Family", "family", required=True),
        Field("mounts", _volumes, "Volumes", "volume"),
        Field("role", text, "TaskRoleArn", "task_role_arn"),
    ),
    cloudformation=("AWS::ECS::TaskDefinition",),
    terraform=("aws_ecs_task_definition",),
)

_LOCATION: Final = Table(
    Mount,
    (
        Field("file_system", text, "EfsFilesystemArn", "efs_file_system_arn", required=True),
        Field("access_point", filled_text, "AccessPointArn", "access_point_arn"),
        Field("root", directory, "Subdirectory", "subdirectory", default="/"),
        Field("encrypted", switched_on, "InTransitEncryption", "in_transit_encryption", default=False),
    ),
    cloudformation=("AWS::DataSync::LocationEFS",),
    terraform=("aws_datasync_location_efs",),
)
_LOCATION_ROLE: Final[Field[Str]] = Field("role", filled_text, "FileSystemAccessRoleArn", "file_system_access_role_arn")
_ENDS: Final[tuple[tuple[Field[Str], bool], ...]] = (
    (Field("source", text, "SourceLocationArn", "source_location_arn"), True),
    (Field("destination", text, "DestinationLocationArn", "destination_location_arn"), False),
)
"""The ends of a DataSync task, and whether it only reads there."""

_TRANSFER: Final = Table(
    Mover,
    (Field("name", _name, "Name", "name", default=Unresolved("it has no name")),),
    cloudformation=("AWS::DataSync::Task",),
    terraform=("aws_datasync_task",),
)


def movers(entries: Iterable[Entry]) -> Iterator[Mover]:
    """Yield every Lambda function, and the ECS and DataSync tasks that mount a file system."""
    listed = list(entries)
    locations = {entry.address: entry for entry in listed if _LOCATION.tells(entry)}
    for entry in listed:
        if FUNCTION.tells(entry):
            yield _function(entry)
        elif TASK.tells(entry):
            yield from _mounting(TASK.read(entry, kind=MoverKind.TASK))
        elif _TRANSFER.tells(entry):
            yield from _mounting(_transfer(entry, locations))


def _mounting(mover: Mover) -> Iterator[Mover]:
    if mover.mounts != ():
        yield mover


def _function(entry: Entry) -> Mover:
    """Return a function; SAM makes a role for one that names none."""
    made = {"role": Ref(entry.address, "Arn")} if entry.type == SAM_FUNCTION and "Role" not in entry.values else {}
    return FUNCTION.read(entry, kind=MoverKind.FUNCTION, **made)


def _transfer(entry: Entry, locations: Mapping[str, Entry]) -> Mover:
    ends = [(end.given(entry), reads) for end, reads in _ENDS]
    found = [(locations[end.target], reads) for end, reads in ends if isinstance(end, Ref) and end.target in locations]
    roles = [role for role in (_LOCATION_ROLE.given(location) for location, _ in found) if role is not None]
    mounts = tuple(
        _LOCATION.read(location, read_only=reads, with_iam=_LOCATION_ROLE.given(location) is not None, uid=0)
        for location, reads in found
    )
    return _TRANSFER.read(entry, kind=MoverKind.TRANSFER, mounts=mounts, role=one_role(roles))
