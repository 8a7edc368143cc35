"""Builds ways to files: access points, mount targets, file system policies and what mounts a file system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from restore_ready.iam import parse_document
from restore_ready.model import (
    AccessPoint,
    FileSystem,
    FileSystemPolicy,
    Known,
    Mount,
    MountTarget,
    Mover,
    MoverKind,
    Ref,
    Str,
    Subnet,
    Unresolved,
)
from restore_ready.readers._scheduled_work import LAMBDA_TIMEOUT, Mounts
from restore_ready.readers._task_volumes import VolumeUse, directory, one_role, switched_on, use_of
from restore_ready.readers.cloudformation._fields import (
    Properties,
    mapping,
    mappings,
    number,
    required_text,
    text,
    texts,
)
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._types import is_opaque

FUNCTIONS: Final = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_SAM: Final = "AWS::Serverless::Function"
_LOCATION: Final = "AWS::DataSync::LocationEFS"


def access_point(resource: Resource) -> AccessPoint:
    """Build an access point."""
    return AccessPoint(
        resource.name,
        resource.place,
        Ref(resource.name, "Arn"),
        required_text(resource.properties, "FileSystemId"),
        _root(resource.properties),
        _forced_uid(resource.properties),
    )


def _root(values: Properties) -> Known[str]:
    found = mapping(values, "RootDirectory")
    if isinstance(found, Unresolved):
        return found
    return directory(None if found is None else text(found, "Path"))


def _forced_uid(values: Properties) -> Known[int | None]:
    found = mapping(values, "PosixUser")
    return found if found is None or isinstance(found, Unresolved) else number(found, "Uid")


def mount_target(resource: Resource) -> MountTarget:
    """Build a mount target."""
    leads_to, subnet_id = (
        required_text(resource.properties, "FileSystemId"),
        required_text(resource.properties, "SubnetId"),
    )
    return MountTarget(resource.name, resource.place, leads_to, subnet_id)


def hidden_mount_targets(resources: Sequence[Resource], file_systems: Sequence[FileSystem]) -> Iterator[MountTarget]:
    """Give a mount target in an unknown subnet for each opaque resource that a file system is handed to."""
    known = Mounts.of(file_systems, ())
    for one in resources:
        if is_opaque(one.type):
            why = Unresolved(f"what {one.name} makes is not in sight")
            yield from (MountTarget(one.name, one.place, leads_to, why) for leads_to in known.named_in(one.properties))


def subnet(resource: Resource) -> Subnet:
    """Build a subnet."""
    return Subnet(resource.name, resource.place, required_text(resource.properties, "AvailabilityZone"))


def file_system_policies(resource: Resource) -> Iterator[FileSystemPolicy]:
    """Give a file system's policy, if it has one; it is reported at the file system."""
    if "FileSystemPolicy" in resource.properties:
        document = parse_document(resource.properties["FileSystemPolicy"])
        yield FileSystemPolicy(resource.name, resource.place, Ref(resource.name, "Ref"), document)


def movers(resources: Sequence[Resource]) -> Iterator[Mover]:
    """Give every Lambda function, and the ECS and DataSync tasks that mount a file system."""
    locations = {one.name: one for one in resources if one.type == _LOCATION}
    for one in resources:
        if one.type in FUNCTIONS:
            yield _function(one)
        elif one.type == "AWS::ECS::TaskDefinition":
            yield from _mounting(_task(one))
        elif one.type == "AWS::DataSync::Task":
            yield from _mounting(_transfer(one, locations))


def _mounting(mover: Mover) -> Iterator[Mover]:
    if mover.mounts != ():
        yield mover


def timeout(resource: Resource) -> Known[int]:
    """Return after how many seconds a Lambda function is ended."""
    found = number(resource.properties, "Timeout")
    return LAMBDA_TIMEOUT if found is None else found


def _name(resource: Resource, name: str) -> Str:
    found = text(resource.properties, name)
    return Unresolved(f"the name of {resource.name} is generated") if found is None else found


def _function(resource: Resource) -> Mover:
    values = resource.properties
    configs = mappings(values, "FileSystemConfigs")
    mounts: Known[tuple[Mount, ...]] = (
        configs
        if isinstance(configs, Unresolved)
        else tuple(
            Mount(access_point=one if isinstance(one, Unresolved) else required_text(one, "Arn")) for one in configs
        )
    )
    network = mapping(values, "VpcConfig")
    role = text(values, "Role")
    return Mover(
        resource.name,
        resource.place,
        MoverKind.FUNCTION,
        _name(resource, "FunctionName"),
        mounts,
        timeout(resource),
        Ref(resource.name, "Arn") if role is None and resource.type == _SAM else role,
        network if network is None or isinstance(network, Unresolved) else texts(network, "SubnetIds"),
    )


def _task(resource: Resource) -> Mover:
    values = resource.properties
    volumes = mappings(values, "Volumes")
    mounts: Known[tuple[Mount, ...]] = (
        volumes
        if isinstance(volumes, Unresolved)
        else tuple(mount for one in volumes for mount in _volume(one, values.get("ContainerDefinitions")))
    )
    role = text(values, "TaskRoleArn")
    return Mover(resource.name, resource.place, MoverKind.TASK, _name(resource, "Family"), mounts, role=role)


def _volume(values: Properties | Unresolved, containers: object) -> Iterator[Mount]:
    config = values if isinstance(values, Unresolved) else mapping(values, "EFSVolumeConfiguration")
    use = use_of(containers, values if isinstance(values, Unresolved) else text(values, "Name"))
    if use is None or config is None:
        return
    if isinstance(config, Unresolved):
        yield Mount(file_system=config, root=config, with_iam=config, encrypted=config)
    else:
        yield _efs_volume(config, use)


def _efs_volume(config: Properties, use: VolumeUse) -> Mount:
    granted = mapping(config, "AuthorizationConfig")
    with_iam: Known[bool] = granted if isinstance(granted, Unresolved) else False
    point: Str | None = granted if isinstance(granted, Unresolved) else None
    if granted is not None and not isinstance(granted, Unresolved):
        with_iam, point = switched_on(text(granted, "IAM")), text(granted, "AccessPointId")
    return Mount(
        required_text(config, "FilesystemId"),
        point,
        directory(text(config, "RootDirectory")),
        use.read_only,
        with_iam,
        use.uid,
        switched_on(text(config, "TransitEncryption")),
    )


def _transfer(resource: Resource, locations: Mapping[str, Resource]) -> Mover:
    ends = [(text(resource.properties, f"{end}LocationArn"), end == "Source") for end in ("Source", "Destination")]
    found = [(locations[one.target], reads) for one, reads in ends if isinstance(one, Ref) and one.target in locations]
    roles = [role for one, _ in found if (role := text(one.properties, "FileSystemAccessRoleArn")) is not None]
    return Mover(
        resource.name,
        resource.place,
        MoverKind.TRANSFER,
        _name(resource, "Name"),
        tuple(_location(one, reads=reads) for one, reads in found),
        role=one_role(roles),
    )


def _location(resource: Resource, *, reads: bool) -> Mount:
    values = resource.properties
    return Mount(
        required_text(values, "EfsFilesystemArn"),
        text(values, "AccessPointArn"),
        directory(text(values, "Subdirectory")),
        reads,
        with_iam="FileSystemAccessRoleArn" in values,
        uid=0,
        encrypted=switched_on(text(values, "InTransitEncryption")),
    )
