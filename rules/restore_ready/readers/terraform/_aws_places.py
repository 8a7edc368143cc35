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
)
from restore_ready.readers.terraform._addresses import kind_of
from restore_ready.readers.terraform._places_told import TELLING, told
from restore_ready.readers.terraform._provider_account import account_of, has_own_credentials
from restore_ready.readers.terraform.configuration import Evaluation, ProviderConfiguration, ResourceInstance
from restore_ready.readers.terraform.language import Ref, Value, opened, origin_of

_DEFAULT: Final = "provider.aws"
_REGION: Final = "aws_region"


class AwsPlaces:
    """The places in AWS of one configuration.

    Attributes:
        home: that of the root module's default provider.
    """

    def __init__(self, found: Evaluation) -> None:
        """Take what the configuration comes to."""
        self._data = {one.address: one for one in found.resources if one.mode == "data" and one.type in TELLING}
        self._providers: dict[str, AwsPlace] = {}
        self._under_way: set[str] = set()
        self._own_account = _own_account(found)
        default = next((provider for provider in found.providers if provider.address == _DEFAULT), None)
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
        return told(reference, self.home, self._place_of)

    def _place_of(self, address: str) -> AwsPlace | None:
        return self.of(self._data[address]) if address in self._data else None

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
