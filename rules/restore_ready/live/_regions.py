"""Which Regions are read?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from restore_ready._errors import UsageError
from restore_ready.model import Fact, Status

BY_DEFAULT: Final = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "ap-south-1"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"),
)
"""The Regions that every account can use; all later ones must be opted in to.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""

_NAME: Final = re.compile(r"[a-z]{2,4}(-[a-z]{1,10}){1,3}-\d{1,2}\Z", re.ASCII)


def given_regions(names: Iterable[str]) -> tuple[str, ...]:
    """Return the Regions that a person named, each once.

    Raises:
        UsageError: if one of them can't be the name of a Region.
    """
    for name in names:
        if not _NAME.match(name):
            msg = f"'{name}' is no Region: write it as eu-west-1"
            raise UsageError(msg)
    return tuple(dict.fromkeys(names))


def discovered_regions(regions: Fact) -> tuple[str, ...]:
    """Return the Regions that the account can use, by the fact ``regions``; empty if that is not known."""
    listed = regions.data.get("Regions", ()) if regions.status is Status.OK else ()
    return tuple(sorted(region["RegionName"] for region in listed if region.get("OptInStatus") != "not-opted-in"))
