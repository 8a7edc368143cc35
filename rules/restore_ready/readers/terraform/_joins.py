"""Joins what carries the name of a resource with that resource, where the name itself is not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from restore_ready.model import AwsPlace, Ref, same_account_of, same_place
from restore_ready.readers.terraform._addresses import kind_of, module_of
from restore_ready.readers.terraform._aws_places import AwsPlaces
from restore_ready.readers.terraform.configuration import ResourceInstance
from restore_ready.readers.terraform.language import Ref as Reference
from restore_ready.readers.terraform.language import Value, is_open, origin_of

_VAULTS: Final = ("aws_backup_vault", "aws_backup_logically_air_gapped_vault")
_GLOBAL: Final = "aws_iam_"
"""How the types begin whose names mean the same in all Regions of an account."""

_NAMED: Final = {
    "backup_vault_name": _VAULTS,
    "group": ("aws_iam_group",),
    "restore_testing_plan_name": ("aws_backup_restore_testing_plan",),
    "role": ("aws_iam_role",),
    "target_vault_name": _VAULTS,
    "user": ("aws_iam_user",),
}
"""Attributes that hold the name of another resource, and the types of that."""


class Names:
    """The resources whose names are not known, by what tells an unknown name from others."""

    def __init__(self, resources: Iterable[ResourceInstance], places: AwsPlaces) -> None:
        """Take the resources of a root module, and where they lie."""
        self._place_of: dict[str, AwsPlace] = {}
        self._by_origin: dict[tuple[str, str], list[str]] = {}
        types = {kind for kinds in _NAMED.values() for kind in kinds}
        for resource in resources:
            name = resource.body.attributes.get("name")
            origin = _origin(name.value) if name is not None and resource.type in types else ""
            if origin and resource.mode == "managed":
                self._by_origin.setdefault((resource.type, origin), []).append(resource.address)
                self._place_of[resource.address] = places.of(resource)

    def meant(self, attribute: str, value: Value, address: str, at: AwsPlace) -> object:
        """Return what the *attribute* of the block at *address* means if that is one of these resources, else ``None``.

        It lies where the block does, in the place *at*. Of several with the same name there, the one in the same module
        is meant; none if that leaves several.
        """
        kinds = _NAMED.get(attribute)
        if kinds is None or (isinstance(value, Reference) and kind_of(value.target) in kinds):
            return None
        return self._named(kinds, _origin(value), address, at)

    def _named(self, kinds: tuple[str, ...], origin: str, address: str, at: AwsPlace) -> object:
        every = [target for kind in kinds for target in self._by_origin.get((kind, origin), ()) if origin]
        compare = same_account_of if kinds[0].startswith(_GLOBAL) else same_place
        found = [target for target in every if compare(self._place_of[target], at) is not False]
        near = [target for target in found if module_of(target) == module_of(address)] or found
        return Ref(near[0], "name") if len(near) == 1 else None


def _origin(value: Value) -> str:
    """Return what tells an open value from others, empty if nothing does."""
    return origin_of(value) if is_open(value) else ""
