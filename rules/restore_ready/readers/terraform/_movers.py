"""Builds ways to files: access points, mount targets, file system policies and what mounts a file system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from restore_ready.model import (
    AccessPoint,
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
from restore_ready.readers._scheduled_work import LAMBDA_TIMEOUT
from restore_ready.readers._task_volumes import VolumeUse, directory, one_role, switched_on, use_of
from restore_ready.readers.terraform._attributes import Values, nested, number, required_text, text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._existence import doubt
from restore_ready.readers.terraform._uncertain import Doubts

Blocks = Mapping[str, Sequence[Block]]

_LOCATION: Final = "aws_datasync_location_efs"


def access_point(block: Block) -> AccessPoint:
    """Build an access point."""
    arn = block.values.get("arn")
    return AccessPoint(
        block.address,
        block.place,
        arn if isinstance(arn, str) else Ref(block.address),
        required_text(block.values, "file_system_id"),
        _root(block.values),
        _forced_uid(block.values),
    )


def _root(values: Values) -> Known[str]:
    found = nested(values, "root_directory")
    if isinstance(found, Unresolved):
        return found
    return directory(text(found[0], "path")) if found else "/"


def _forced_uid(values: Values) -> Known[int | None]:
    found = nested(values, "posix_user")
    if isinstance(found, Unresolved):
        return found
    return number(found[0], "uid") if found else None


def mount_target(block: Block, doubts: Doubts) -> MountTarget:
    """Build a mount target; the subnet of one that may be missing beside its file system is open."""
    leads_to = required_text(block.values, "file_system_id")
    why = _doubt(block, leads_to, doubts)
    return MountTarget(
        block.address, block.place, leads_to, Unresolved(why) if why else required_text(block.values, "subnet_id")
    )


def file_system_policy(block: Block, documents: Documents, doubts: Doubts) -> FileSystemPolicy:
    """Build the policy of a file system; one that may be missing beside it is open."""
    leads_to = required_text(block.values, "file_system_id")
    why = _doubt(block, leads_to, doubts)
    document = Unresolved(why) if why else documents.read(block.values.get("policy"))
    return FileSystemPolicy(block.address, block.place, leads_to, document)


def _doubt(block: Block, leads_to: Str, doubts: Doubts) -> str:
    return doubt(block, doubts.get(leads_to.target, ()) if isinstance(leads_to, Ref) else ())


def subnet(block: Block) -> Subnet:
    """Build a subnet."""
    return Subnet(block.address, block.place, required_text(block.values, "availability_zone"))


def movers(of_type: Blocks) -> Iterator[Mover]:
    """Give every Lambda function, and the ECS and DataSync tasks that mount a file system."""
    yield from (_function(one) for one in of_type.get("aws_lambda_function", ()))
    yield from _mounting(_task(one) for one in of_type.get("aws_ecs_task_definition", ()))
    locations = {one.address: one for one in of_type.get(_LOCATION, ())}
    yield from _mounting(_transfer(one, locations) for one in of_type.get("aws_datasync_task", ()))


def _mounting(found: Iterable[Mover]) -> Iterator[Mover]:
    return (one for one in found if one.mounts != ())


def timeout(block: Block) -> Known[int]:
    """Return after how many seconds a Lambda function is ended."""
    found = number(block.values, "timeout")
    return LAMBDA_TIMEOUT if found is None else found


def _function(block: Block) -> Mover:
    values = block.values
    configs = nested(values, "file_system_config")
    mounts: Known[tuple[Mount, ...]] = (
        configs
        if isinstance(configs, Unresolved)
        else tuple(Mount(access_point=required_text(one, "arn")) for one in configs)
    )
    networks = nested(values, "vpc_config")
    subnets: Known[tuple[Str, ...]] | None = networks if isinstance(networks, Unresolved) else None
    if not isinstance(networks, Unresolved) and networks:
        subnets = texts(networks[0], "subnet_ids")
    return Mover(
        block.address,
        block.place,
        MoverKind.FUNCTION,
        required_text(values, "function_name"),
        mounts,
        timeout(block),
        text(values, "role"),
        subnets,
    )


def _task(block: Block) -> Mover:
    values = block.values
    volumes = nested(values, "volume")
    mounts: Known[tuple[Mount, ...]] = (
        volumes
        if isinstance(volumes, Unresolved)
        else tuple(mount for one in volumes for mount in _volume(one, values.get("container_definitions")))
    )
    role = text(values, "task_role_arn")
    return Mover(block.address, block.place, MoverKind.TASK, required_text(values, "family"), mounts, role=role)


def _volume(values: Values, containers: object) -> Iterator[Mount]:
    configs = nested(values, "efs_volume_configuration")
    use = use_of(containers, text(values, "name"))
    if use is None or configs == ():
        return
    if isinstance(configs, Unresolved):
        yield Mount(file_system=configs, root=configs, with_iam=configs, encrypted=configs)
        return
    yield _efs_volume(configs[0], use)


def _efs_volume(config: Values, use: VolumeUse) -> Mount:
    granted = nested(config, "authorization_config")
    with_iam: Known[bool] = granted if isinstance(granted, Unresolved) else False
    point: Str | None = granted if isinstance(granted, Unresolved) else None
    if not isinstance(granted, Unresolved) and granted:
        with_iam, point = switched_on(text(granted[0], "iam")), _given(granted[0], "access_point_id")
    return Mount(
        required_text(config, "file_system_id"),
        point,
        directory(text(config, "root_directory")),
        use.read_only,
        with_iam,
        use.uid,
        switched_on(text(config, "transit_encryption")),
    )


def _transfer(block: Block, locations: Mapping[str, Block]) -> Mover:
    values = block.values
    ends = [(text(values, f"{end}_location_arn"), end == "source") for end in ("source", "destination")]
    found = [(locations[one.target], reads) for one, reads in ends if isinstance(one, Ref) and one.target in locations]
    roles = [role for one, _ in found if (role := _given(one.values, "file_system_access_role_arn")) is not None]
    name = text(values, "name")
    return Mover(
        block.address,
        block.place,
        MoverKind.TRANSFER,
        Unresolved("it has no name") if name is None else name,
        tuple(_location(one, reads=reads) for one, reads in found),
        role=one_role(roles),
    )


def _location(block: Block, *, reads: bool) -> Mount:
    values = block.values
    role, point = _given(values, "file_system_access_role_arn"), _given(values, "access_point_arn")
    return Mount(
        required_text(values, "efs_file_system_arn"),
        point,
        directory(text(values, "subdirectory")),
        reads,
        with_iam=role is not None,
        uid=0,
        encrypted=switched_on(text(values, "in_transit_encryption")),
    )


def _given(values: Values, name: str) -> Str | None:
    found = text(values, name)
    return None if found == "" else found
