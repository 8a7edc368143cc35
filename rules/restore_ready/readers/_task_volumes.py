"""How functions and tasks mount file systems: what both readers need to tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.iam import read_json
from restore_ready.model import Known, Ref, Str, Text, Unresolved, unresolved_reason


class VolumeUse(Struct, frozen=True):
    """What the containers of a task do with one volume.

    Attributes:
        read_only: whether all of them mount it read-only.
        uid: the user id of one that writes, 0 if there is one; ``None`` where it is left to the image.
    """

    read_only: Known[bool] = False
    uid: Known[int | None] = None


def use_of(containers: object, volume: Str | None) -> VolumeUse | None:
    """Return how *containers* use the volume called *volume*; ``None`` if none of them mounts it.

    Args:
        containers: the container definitions: a list of objects, or the JSON text of one, with keys in either of the
            spellings of the API (``mountPoints``) and CloudFormation (``MountPoints``).
        volume: its name.
    """
    tree = read_json(containers) if isinstance(containers, (str, Text)) else containers
    if not isinstance(tree, Sequence) or not isinstance(volume, str):
        why = Unresolved(f"its container definitions can't be read: {_why(tree, volume)}")
        return VolumeUse(why, why)
    uses = [use for container in tree for use in _uses(container, volume)]
    if not uses:
        return None
    open_part = next((use.read_only for use in uses if isinstance(use.read_only, Unresolved)), None)
    writing = [use for use in uses if use.read_only is False]
    if not writing:
        return VolumeUse(True if open_part is None else open_part, uses[0].uid)
    root = next((use for use in writing if not isinstance(use.uid, Unresolved) and use.uid == 0), None)
    return root or next((use for use in writing if isinstance(use.uid, Unresolved) or use.uid is None), writing[0])


def _why(tree: object, volume: Str | None) -> str:
    if isinstance(tree, (Ref, Text, Unresolved)):
        return unresolved_reason(tree)
    return unresolved_reason(volume) if isinstance(volume, (Ref, Text, Unresolved)) else "they are not given as a list"


def _uses(container: object, volume: str) -> list[VolumeUse]:
    if not isinstance(container, Mapping):
        why = Unresolved("a container definition can't be read")
        return [VolumeUse(why, why)]
    points = _field(container, "mountPoints")
    if points is None:
        return []
    if not isinstance(points, Sequence) or isinstance(points, str):
        why = Unresolved("the mount points of a container can't be read")
        return [VolumeUse(why, why)]
    found = [point for point in points if not isinstance(point, Mapping) or _field(point, "sourceVolume") == volume]
    return [VolumeUse(_read_only(point), _uid(_field(container, "user"))) for point in found]


def _field(values: Mapping[object, object], name: str) -> object:
    return values.get(name, values.get(name[0].upper() + name[1:]))


def _read_only(point: object) -> Known[bool]:
    value = _field(point, "readOnly") if isinstance(point, Mapping) else Unresolved("a mount point can't be read")
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return Unresolved(
        unresolved_reason(value) if isinstance(value, (Ref, Text, Unresolved)) else "readOnly is no truth value"
    )


def _uid(user: object) -> Known[int | None]:
    """Return the user id of a container's user: an id, a name or either with a group, as in ``0:0``."""
    if user is None or user == "":
        return None
    if isinstance(user, (Ref, Text, Unresolved)):
        return Unresolved(unresolved_reason(user))
    name = str(user).partition(":")[0]
    if name == "root":
        return 0
    if name.isascii() and name.isdigit() and len(name) <= _MOST_DIGITS:
        return int(name)
    return Unresolved(f"the user id of {name[:40]!r} is in the image")


_MOST_DIGITS: Final = 10


def one_role(roles: Sequence[Str]) -> Str | None:
    """Return the role that all locations of a DataSync task name."""
    if not roles:
        return None
    return roles[0] if all(role == roles[0] for role in roles) else Unresolved("its locations have different roles")
