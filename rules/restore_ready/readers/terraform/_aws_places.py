"""Where in AWS the resources of a configuration lie, by the providers that they use.

A provider's Region is its ``region``, else that of its profile or of the environment; its account is that of the role
it assumes, else of its credentials (https://registry.terraform.io/providers/hashicorp/aws/latest/docs). Since version
6 of the provider, a resource's own ``region`` comes first
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support).
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from restore_ready.model import (
    HERE,
    THIS_ACCOUNT,
    THIS_REGION,
    AwsPlace,
    PlaceName,
    Str,
    Unnamed,
    Unresolved,
    same_name,
)
from restore_ready.readers.terraform._addresses import is_data, is_default_provider, kind_of
from restore_ready.readers.terraform._provider_account import account_of, has_own_credentials
from restore_ready.readers.terraform.configuration import Evaluation, ProviderConfiguration, ResourceInstance
from restore_ready.readers.terraform.language import Ref, Value, opened, origin_of

_REGION: Final = "aws_region"
_TELLING: Final = {
    "aws_caller_identity": {"account_id": "account", "id": "account"},
    _REGION: {"name": "region", "region": "region", "id": "region"},
    "aws_partition": {"partition": "partition", "id": "partition"},
}
"""Data sources that tell where their provider works: attributes, and what of its place these are."""

_DNS_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}


class AwsPlaces:
    """The places in AWS of one configuration.

    Attributes:
        home: that of the root module's default provider.
    """

    def __init__(self, found: Evaluation) -> None:
        """Take what the configuration comes to."""
        self._data = {one.address: one for one in found.resources if one.mode == "data" and one.type in _TELLING}
        self._providers: dict[str, AwsPlace] = {}
        self._under_way: set[str] = set()
        self._own_account = _own_account(found)
        default = next((provider for provider in found.providers if is_default_provider(provider.address)), None)
        self.home = HERE if default is None else self.of_provider(default)

    def of(self, resource: ResourceInstance) -> AwsPlace:
        """Return where a resource lies, or a data source looks."""
        place = self.of_provider(resource.provider)
        own = resource.body.attributes.get("region") if resource.type.startswith("aws_") else None
        if own is None and resource.type == _REGION:
            own = resource.body.attributes.get("name")
        if own is None or own.value is None:
            return place
        return replace(place, region=self._region(own.value, resource.address))

    def stands_for(self, reference: Ref) -> Str | None:
        """Return what a data source says of where its provider works; ``None`` for any other reference."""
        source = self._data.get(reference.target)
        return told_of_place(reference, self.home if source is None else self.of(source), self.home)

    def of_provider(self, provider: ProviderConfiguration) -> AwsPlace:
        """Return where a provider works."""
        address = provider.address
        if address not in self._providers:
            if address in self._under_way:
                return _unnamed(address, "it refers to itself")
            self._under_way.add(address)
            self._providers[address] = self._configured(provider)
        return self._providers[address]

    def _configured(self, provider: ProviderConfiguration) -> AwsPlace:
        body, address = provider.body, provider.address
        if body is None:
            return _unnamed(address, provider.why) if provider.why else replace(HERE, account=self._own_account)
        if body.rest is not None:
            return _unnamed(address, body.rest.why)
        account = account_of(provider, self._own_account)
        given = body.attributes.get("region")
        if given is not None and given.value is not None:
            return AwsPlace(self._region(given.value, address), account)
        profile = body.attributes.get("profile")
        if profile is None or profile.value is None:
            return AwsPlace(THIS_REGION, account)
        why = f"{address} takes its Region from its profile or the environment"
        return AwsPlace(Unnamed(f"profile {origin_of(profile.value) or address}", why), account)

    def _region(self, value: Value, address: str) -> PlaceName:
        if isinstance(value, str):
            return value or THIS_REGION
        if isinstance(value, Ref) and kind_of(value.target) == _REGION and value.target in self._data:
            return self.of(self._data[value.target]).region
        why = f"the Region of {address} is not known: {opened(value).why}"
        return Unnamed(origin_of(value) or address, why)


def told_of_place(reference: Ref, place: AwsPlace, home: AwsPlace) -> Str | None:
    """Return what a data source that looks in *place* says of it; ``None`` for any other reference.

    The Region and account of *home* stand for themselves.
    """
    if not reference.path or not is_data(reference.target):
        return None
    kind, attribute = kind_of(reference.target), str(reference.path[-1])
    if kind not in _TELLING:
        return None
    if attribute == "dns_suffix":
        return _DNS_SUFFIXES.get(place.partition, "amazonaws.com")
    part = _TELLING[kind].get(attribute)
    if part is None:
        return None
    return place.partition if part == "partition" else _name(place, home, part)


def _name(place: AwsPlace, home: AwsPlace, part: str) -> Str:
    named: PlaceName = getattr(place, part)
    own: PlaceName = getattr(home, part)
    if isinstance(named, str) and named not in {THIS_REGION, THIS_ACCOUNT}:
        return named
    if same_name(named, own) is True:
        return THIS_REGION if part == "region" else THIS_ACCOUNT
    return Unresolved(f"the {part} that the provider works in is not known")


def _unnamed(address: str, why: str) -> AwsPlace:
    said = f"where {address} works is not known: {why}"
    return AwsPlace(Unnamed(address, said), Unnamed(address, said))


def _own_account(found: Evaluation) -> PlaceName:
    """Return the account of the environment's credentials: a provider that uses them as they are may name it."""
    named = {
        account
        for provider in found.providers
        if provider.body is not None and provider.body.rest is None and not has_own_credentials(provider)
        if isinstance(account := account_of(provider, THIS_ACCOUNT), str) and account != THIS_ACCOUNT
    }
    return named.pop() if len(named) == 1 else THIS_ACCOUNT
