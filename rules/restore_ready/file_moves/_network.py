"""Whether a mover reaches a mount target of the file system.

A function needs one in every Availability Zone that it connects to
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html). Where tasks run is said at their start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from restore_ready.index import EstateIndex
from restore_ready.model import (
    FileSystem,
    Known,
    MountTarget,
    Mover,
    MoverKind,
    Ref,
    Str,
    Truth,
    Unresolved,
    any_true,
    leaves_open,
    settled,
    show,
)


@leaves_open
def network_of(mover: Mover, file_system: FileSystem, estate: EstateIndex) -> str | Unresolved:
    """Return what keeps *mover* from a mount target of *file_system*; empty if nothing does."""
    targets = settled(_targets(file_system, estate))
    if not targets:
        return f"{file_system.address} has no mount target"
    if mover.kind is not MoverKind.FUNCTION:
        return ""
    if mover.subnets is None or mover.subnets == ():
        return "it is in no VPC"
    subnets = settled(mover.subnets, "its subnets are not known")
    answers = list(_answers(subnets, targets, file_system, estate.zones_by_subnet))
    certain = (answer for answer in answers if isinstance(answer, str) and answer)
    unknown = (answer for answer in answers if isinstance(answer, Unresolved))
    return next(certain, None) or next(unknown, "")


def _targets(file_system: FileSystem, estate: EstateIndex) -> Known[tuple[MountTarget, ...]]:
    """Return the mount targets of *file_system*, open where others may be its own."""
    everywhere = estate.mount_targets_of
    found = everywhere.of(file_system)
    if everywhere.astray is not None:
        return Unresolved(f"whether {everywhere.astray.address} belongs to {file_system.address} is not known")
    if not found and estate.gaps:
        hidden = estate.gaps[0]
        return Unresolved(f"{hidden.address} may hold the mount targets of {file_system.address}: {hidden.why}")
    return tuple(found)


def _answers(
    subnets: Sequence[Str], targets: Sequence[MountTarget], file_system: FileSystem, zones: Mapping[str, Str]
) -> Iterator[str | Unresolved]:
    for subnet in subnets:
        reached = any_true(_reaches(subnet, target.subnet, zones) for target in targets)
        if isinstance(reached, Unresolved):
            yield Unresolved(f"whether {file_system.address} has a mount target beside it is not known: {reached.why}")
        elif not reached:
            yield f"{file_system.address} has no mount target in the Availability Zone of {show(subnet)}"


def _reaches(subnet: Str, target: Str, zones: Mapping[str, Str]) -> Truth:
    """Return whether two subnets lie in the same Availability Zone."""
    if not isinstance(subnet, Unresolved) and subnet == target:
        return True
    if isinstance(subnet, Ref) and isinstance(target, Ref):
        if subnet.target == target.target:
            return True
        zone, other = zones.get(subnet.target), zones.get(target.target)
        if isinstance(zone, str) and isinstance(other, str):
            return zone == other
    unknown = next((value for value in (subnet, target) if isinstance(value, Unresolved)), None)
    if unknown is not None:
        return unknown
    return Unresolved(f"{show(target)} may lie in another Availability Zone than {show(subnet)}")
