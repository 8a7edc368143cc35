"""Which Regions are read, and which could not be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from restore_ready._errors import UsageError
from restore_ready.live._facts import Fact, Status
from restore_ready.live._plan import GATES

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
    return tuple(sorted(one["RegionName"] for one in listed if one.get("OptInStatus") != "not-opted-in"))


def unscanned(facts: Iterable[Fact]) -> Mapping[str, str]:
    """Return the Regions of one account that could not be read at all, with the reason."""
    why: dict[str, dict[str, str]] = {}
    for fact in facts:
        if fact.id in GATES and fact.status is Status.UNKNOWN:
            why.setdefault(fact.region, {})[fact.id] = f"{fact.code}: {fact.message}" if fact.message else fact.code
    return {region: told[GATES[0]] for region, told in sorted(why.items()) if len(told) == len(GATES)}
