"""Where findings are, as machines look for it: a file of a repository, or an AWS account and Region."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from restore_ready.model import Place

_ACCOUNT = "aws:"
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


def account_of(place: Place, address: str = "") -> Account | None:
    """Give the account that *place* stands for, ``aws:111122223333/eu-west-1``; nothing where it is a file.

    Args:
        place: where something was found.
        address: its ARN, which names the partition where the place has no Region.
    """
    if place.line or not place.file.startswith(_ACCOUNT):
        return None
    number, _, region = place.file.removeprefix(_ACCOUNT).partition("/")
    if len(number) != _DIGITS or not number.isdecimal():
        return None
    return Account(number, region, _partition(region, address))


def _partition(region: str, address: str) -> str:
    if address.startswith("arn:") and (named := address.split(":", 2)[1]) in _HOMES:
        return named
    return next((name for start, name in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


def repository_file(name: str) -> str:
    """Write a file's name, never absolute, relative to the root of the repository where GitHub tells it.

    Inside a GitHub job that is GITHUB_WORKSPACE, from which annotations and code scanning count; elsewhere it is the
    current folder.
    """
    here = str(Path.cwd())
    root = os.environ.get("GITHUB_WORKSPACE", "")
    return _relative(name, root if root and Path(here).is_relative_to(root) else here, here)


@lru_cache(maxsize=4096)
def _relative(name: str, root: str, here: str) -> str:
    try:
        return Path(os.path.relpath(os.path.join(here, name), root)).as_posix()  # noqa: PTH118  # of two strings
    except ValueError:  # on another drive of Windows, which has no relative name
        return Path(name).as_posix()


def uri(file: str) -> str:
    """Write a relative file name as a URI: percent-encoded UTF-8, bytes that are not UTF-8 as they are.

    What no file system can hold, half a surrogate pair, becomes a question mark.
    """
    try:
        return quote(os.fsencode(file), safe="/")
    except UnicodeEncodeError:
        return quote(file.encode("utf-8", "replace"), safe="/")
