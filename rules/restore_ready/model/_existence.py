"""Whether one resource exists wherever another does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class MayExist(Protocol):
    """What a source may leave open the existence of.

    Attributes:
        maybe: what it depends on and is not known, such as a ``count``; empty where it certainly exists. Of two
            resources with the same entry, either both exist or none.
    """

    @property
    def address(self) -> str:
        """Its address, as of `Subject`."""

    @property
    def maybe(self) -> tuple[str, ...]:
        """What its existence depends on."""


def doubt(resource: MayExist, beside: Collection[str] = ()) -> str:
    """Say why it is not known whether *resource* exists where something with the open conditions *beside* does.

    Empty if it certainly does.
    """
    condition = next((condition for condition in resource.maybe if condition not in beside), "")
    return f"whether {resource.address} exists is not known: {condition}" if condition else ""
