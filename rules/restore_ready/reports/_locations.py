"""Where is a finding: in which file, as it is shown, or in which AWS account and Region?"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.engine._baseline import ACCOUNT
from restore_ready.model import Place

_DIGITS = 12
_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov", "us-iso": "aws-iso", "us-isob": "aws-iso-b", "eusc": "aws-eusc"}
_HOMES = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-eusc": "eusc-de-east-1",
}
"""The Region of each partition under which AWS lists what has no Region of its own, such as roles."""


class Account(Struct, frozen=True):
    """An account, and the Region if what was found belongs to one."""

    number: str
    region: str = ""
    partition: str = "aws"

    @property
    def home(self) -> str:
        """The Region, or where what has none is looked for."""
        return self.region or _HOMES[self.partition]


def shown(place: Place) -> Place:
    """Return *place* with its file as reports write it: relative to the current folder when below it, with slashes."""
    call = None if place.call is None else shown(place.call)
    return replace(place, file=shown_file(place.file), call=call)


def shown_file(name: str) -> str:
    """Return a file's name relative to the current folder when it is below it, with forward slashes."""
    return _below_or_whole(name, str(Path.cwd()))


@lru_cache(maxsize=4096)
def _below_or_whole(name: str, here: str) -> str:
    absolute = Path(os.path.abspath(name))  # noqa: PTH100  # resolve() would follow links to names nobody typed
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else Path(name)).as_posix()


def is_live(place: Place) -> bool:
    """Return whether *place* is in a live account, and not in a file."""
    return place.file.startswith(ACCOUNT)


def account_of(place: Place, address: str = "") -> Account | None:
    """Return the account that *place* stands for, ``aws:111122223333/eu-west-1``; ``None`` where it is a file.

    Args:
        place: where something was found.
        address: its ARN, which names the partition where the place has no Region.
    """
    if place.line or not is_live(place):
        return None
    number, _, region = place.file.removeprefix(ACCOUNT).partition("/")
    if len(number) != _DIGITS or not number.isdecimal():
        return None
    return Account(number, region, _partition(region, address))


def _partition(region: str, address: str) -> str:
    if address.startswith("arn:") and (named := address.split(":", 2)[1]) in _HOMES:
        return named
    return next((name for start, name in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


def repository_file(name: str) -> str:
    """Return a file's name, never absolute, relative to the root of the repository where GitHub or GitLab tells it.

    Inside a GitHub job that is GITHUB_WORKSPACE, from which annotations and code scanning count, inside one of GitLab
    CI_PROJECT_DIR; elsewhere it is the current folder.
    """
    here = str(Path.cwd())
    root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR", "")
    return _relative(name, root if root and Path(here).is_relative_to(root) else here, here)


@lru_cache(maxsize=4096)
def _relative(name: str, root: str, here: str) -> str:
    try:
        return Path(os.path.relpath(os.path.join(here, name), root)).as_posix()  # noqa: PTH118  # of two strings
    except ValueError:  # on another drive of Windows, which has no relative name
        return Path(name).as_posix()


def uri(file: str) -> str:
    """Return a relative file name as a URI: percent-encoded UTF-8, bytes that are not UTF-8 as they are.

    What no file system can hold, half a surrogate pair, becomes a question mark.
    """
    try:
        return quote(os.fsencode(file), safe="/")
    except UnicodeEncodeError:
        return quote(file.encode("utf-8", "replace"), safe="/")
