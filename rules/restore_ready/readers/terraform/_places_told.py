"""Data sources that tell where their provider works: ``aws_region``, ``aws_caller_identity`` and ``aws_partition``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from restore_ready.model import THIS_ACCOUNT, THIS_REGION, AwsPlace, PlaceName, Str, Unresolved, same_name
from restore_ready.readers.terraform._addresses import is_data, kind_of
from restore_ready.readers.terraform.language import Ref

TELLING: Final = {
    "aws_caller_identity": {"account_id": "account", "id": "account"},
    "aws_region": {"name": "region", "region": "region", "id": "region"},
    "aws_partition": {"partition": "partition", "id": "partition", "dns_suffix": "dns_suffix"},
}
"""Data sources that tell it: attributes, and what of the place these are."""

_DNS_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}


def told(reference: Ref, home: AwsPlace, place_of: Callable[[str], AwsPlace | None]) -> Str | None:
    """Return what such a data source says; ``None`` for any other reference.

    Args:
        reference: to an attribute.
        home: where the root module's default provider works.
        place_of: gives where the data source at an address looks, ``None`` where it is not in sight.
    """
    if not reference.path or not is_data(reference.target):
        return None
    part = TELLING.get(kind_of(reference.target), {}).get(str(reference.path[-1]))
    if part is None:
        return None
    place = place_of(reference.target) or home
    if part == "dns_suffix":
        return _DNS_SUFFIXES.get(place.partition, "amazonaws.com")
    return place.partition if part == "partition" else _name(place, home, part)


def _name(place: AwsPlace, home: AwsPlace, part: str) -> Str:
    """Return a Region or account by its name if it has one; that of *home* stands for itself."""
    named: PlaceName = getattr(place, part)
    own: PlaceName = getattr(home, part)
    if isinstance(named, str) and named not in {THIS_REGION, THIS_ACCOUNT}:
        return named
    if same_name(named, own) is True:
        return THIS_REGION if part == "region" else THIS_ACCOUNT
    return Unresolved(f"the {part} that the provider works in is not known")
