"""Where in AWS the resources of a plan lie: by the provider of each, its own Region and its ARN."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from restore_ready.model import HERE, THIS_ACCOUNT, THIS_REGION, AwsPlace, PlaceName, Str, Unnamed, is_named
from restore_ready.readers.terraform._addresses import steps
from restore_ready.readers.terraform._aws_places import told_of_place
from restore_ready.readers.terraform.language import Ref
from restore_ready.readers.terraform.plan._tree import Planned, PlanTree, Tree, mapping

_DEFAULT: Final = "aws"
_ASSUMED: Final = ("assume_role", "assume_role_with_web_identity")
_CREDENTIALS: Final = ("access_key", "profile", "shared_config_files", "shared_credentials_files")
_TOLD: Final = {"aws_region": ("region", ("region", "name", "id")), "aws_caller_identity": ("account", ("account_id",))}
"""Data sources that tell where their provider works: the part of the place, and the attributes that hold it."""

_REGION, _ACCOUNT, _RESOURCE = 3, 4, 5


class PlanAwsPlaces:
    """The places in AWS of one plan.

    Attributes:
        home: that of the root module's default provider.
    """

    def __init__(self, plan: PlanTree) -> None:
        """Take the plan."""
        self._plan = plan
        self._providers = mapping(mapping(plan.tree.get("configuration")).get("provider_config"))
        self._configurations: dict[str, dict[tuple[object, object, object], Tree]] = {}
        self._known: dict[str, AwsPlace] = {}
        self._told: dict[str, AwsPlace] = {}
        for resource in plan.resources.values():
            self._tell(resource)
        self.home = self.of_provider(_DEFAULT)

    def of(self, resource: Planned) -> AwsPlace:
        """Return where a resource lies, or a data source looks."""
        configured = self._configuration(resource)
        key = configured.get("provider_config_key")
        place = self.of_provider(key if isinstance(key, str) else _DEFAULT)
        written = mapping(configured.get("expressions")).get("region")
        own = resource.values.get("region")
        if resource.type.startswith("aws_") and isinstance(own, str) and own:
            place = replace(place, region=own)
        elif resource.type.startswith("aws_") and isinstance(written, Mapping):
            place = replace(place, region=self._region(written, resource.address))
        return _with_arn(place, resource.values.get("arn"))

    def stands_for(self, reference: Ref) -> Str | None:
        """Return what a data source says of where its provider works; ``None`` for any other reference."""
        source = self._plan.resources.get(reference.target)
        return told_of_place(reference, self.home if source is None else self.of(source), self.home)

    def of_provider(self, key: str) -> AwsPlace:
        """Return where the provider works that ``provider_config_key`` names."""
        if key not in self._known:
            told, found = self._told.get(key, HERE), self._configured(key)
            self._known[key] = AwsPlace(_better(told.region, found.region), _better(told.account, found.account))
        return self._known[key]

    def _tell(self, resource: Planned) -> None:
        """Note what a data source that is read already says of its provider."""
        part, attributes = _TOLD.get(resource.type, ("", ())) if resource.mode == "data" else ("", ())
        found = next((value for name in attributes if isinstance(value := resource.values.get(name), str)), None)
        key = self._configuration(resource).get("provider_config_key") if found is not None else None
        written = mapping(self._configuration(resource).get("expressions"))
        if isinstance(key, str) and found is not None and written.keys().isdisjoint({"region", "name"}):
            self._told[key] = replace(self._told.get(key, HERE), **{part: found})

    def _configuration(self, resource: Planned) -> Tree:
        module = resource.module
        if module not in self._configurations:
            listed = self._plan.configuration(module).get("resources")
            every = [mapping(one) for one in listed] if isinstance(listed, list) else []
            named = {(one.get("mode"), one.get("type"), one.get("name")): one for one in every}
            self._configurations[module] = named
        return self._configurations[module].get((resource.mode, resource.type, resource.name), {})

    def _configured(self, key: str) -> AwsPlace:
        """Return what a provider's configuration says; one that a module is handed is known by its own key alone."""
        local = key.rpartition(":")[2]
        provider = self._providers.get(key)
        if provider is None and "." in local:
            why = f"where {key} works is not in the plan"
            return AwsPlace(Unnamed(key, why), Unnamed(key, why))
        if provider is None:
            return self.of_provider(local) if local != key and local in self._providers else HERE
        written = mapping(mapping(provider).get("expressions"))
        region = written.get("region")
        account = self._account(written, key)
        return AwsPlace(
            self._region(mapping(region), key) if region is not None else self._unset(written, key), account
        )

    def _unset(self, written: Tree, key: str) -> PlaceName:
        if "profile" not in written:
            return THIS_REGION
        profile = json.dumps(written["profile"], sort_keys=True)
        return Unnamed(f"profile {profile}", f"{key} takes its Region from its profile or the environment")

    def _region(self, written: Tree, address: str) -> PlaceName:
        value = self._value(written)
        if isinstance(value, str):
            return value or THIS_REGION
        return Unnamed(_origin(written) or address, f"the Region of {address} is not in the plan")

    def _account(self, written: Tree, key: str) -> PlaceName:
        roles = list(self._roles(written))
        value = self._value(roles[-1]) if roles else None
        fields = value.split(":") if isinstance(value, str) else []
        if len(fields) > _RESOURCE and fields[_ACCOUNT].isdigit():
            return fields[_ACCOUNT]
        allowed = self._value(mapping(written.get("allowed_account_ids")))
        if isinstance(allowed, list) and len(allowed) == 1 and isinstance(allowed[0], str):
            return allowed[0]
        if roles:
            return Unnamed(_origin(roles[-1]) or key, f"the account of the role that {key} assumes is not in the plan")
        given = [(name, written[name]) for name in _CREDENTIALS if name in written]
        if not given:
            return THIS_ACCOUNT
        digest = hashlib.blake2b(json.dumps(given, sort_keys=True).encode(), digest_size=8).hexdigest()
        return Unnamed(f"credentials {digest}", f"in which account {key} works by its credentials is not known")

    def _roles(self, written: Tree) -> Iterator[Tree]:
        for name in _ASSUMED:
            blocks = written.get(name)
            for block in blocks if isinstance(blocks, list) else ():
                role = mapping(block).get("role_arn")
                if isinstance(role, Mapping):
                    yield role

    def _value(self, written: Tree) -> object:
        """Return what an expression comes to: a constant, or a variable of the root module; ``None`` for others."""
        if "constant_value" in written:
            return written["constant_value"]
        listed = written.get("references")
        names = listed if isinstance(listed, list) else []
        if len(names) != 1 or not isinstance(names[0], str) or not names[0].startswith("var."):
            return None
        return mapping(mapping(self._plan.tree.get("variables")).get(steps(names[0])[-1])).get("value")


def _better(told: PlaceName, found: PlaceName) -> PlaceName:
    return told if is_named(told) else found


def _origin(written: Tree) -> str:
    """Return what tells an expression from others: what it refers to, if that is one thing alone."""
    listed = written.get("references")
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    return names[0] if names and all(names[0].startswith(name) for name in names) else ""


def _with_arn(place: AwsPlace, arn: object) -> AwsPlace:
    """Return *place* with the Region and account that the ARN of what exists already names."""
    fields = arn.split(":", _RESOURCE) if isinstance(arn, str) else []
    if len(fields) <= _RESOURCE:
        return place
    region, account = fields[_REGION] or place.region, fields[_ACCOUNT] or place.account
    return AwsPlace(_better(place.region, region), _better(place.account, account))
