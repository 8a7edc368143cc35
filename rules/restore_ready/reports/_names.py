"""How are long addresses shortened, where the whole one stands elsewhere?"""

from __future__ import annotations

from typing import Final

_PARTS: Final = 6
"""Parts of an ARN: arn, partition, service, Region, account, resource."""


def short(address: str) -> str:
    """Return an ARN as its resource with account and Region, anything else as it is."""
    parts = address.split(":", _PARTS - 1)
    if len(parts) < _PARTS or parts[0] != "arn":
        return address
    _, _, _, region, account, resource = parts
    where = "/".join(part for part in (account, region) if part)
    return f"{resource} {where}".rstrip()
