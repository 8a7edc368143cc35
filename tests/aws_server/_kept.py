"""What accounts held at some moment, kept to be put back: filling them call by call takes a hundred times as long."""

import copy
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

Backends = list[tuple[BackendDict[Any], str, str, BaseBackend]]
"""moto's service, the account, the Region, and what is there."""

KEPT: dict[str, Backends] = {}


def keep(name: str) -> None:
    """Keep what all accounts hold now as *name*."""
    KEPT[name] = copied(
        [
            (service, account, region, backend)
            for service in vars(BackendDict)["_instances"]  # what moto's own reset goes by
            for account, regions in service.items()
            for region, backend in regions.items()
        ]
    )


def put_back(name: str) -> None:
    """Let all accounts hold what they held when *name* was kept, which they must not hold anything beside."""
    for service, account, region, backend in copied(KEPT[name]):
        dict.__setitem__(service[account], region, backend)


def copied(backends: Backends) -> Backends:
    """Return copies of *backends* that refer to each other as they do."""
    copies = copy.deepcopy([backend for *_, backend in backends], {})
    return [(*place, backend) for (*place, _), backend in zip(backends, copies, strict=True)]  # type: ignore[misc]
