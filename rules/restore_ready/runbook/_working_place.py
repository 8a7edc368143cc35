"""Where is a restore run: in which account and Region, and in which folder of whoever runs it?"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from restore_ready.index import EstateIndex
from restore_ready.model import THIS_ACCOUNT, THIS_REGION, AwsPlace, FileSystem
from restore_ready.runbook._shell import FILL_IN, quote
from restore_ready.runbook._shell_variables import ShellVariable

_REGION: Final = 3
_ACCOUNT: Final = 4
_LONGEST: Final = 60
_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")


class Origin(Struct, frozen=True):
    """Where a file system lay that is restored elsewhere; *foreign* if that is another account."""

    account: str
    region: str
    foreign: bool

    @property
    def quoted_account(self) -> str:
        """Its account as a word of bash."""
        return quote(self.account)

    @property
    def quoted_region(self) -> str:
        """Its Region as a word of bash."""
        return quote(self.region)


class WorkingPlace(Struct, frozen=True):
    """Where the steps of a restore are run; what is not known is empty.

    Attributes:
        folder: the name of the folder that keeps what the steps know of each other.
        origin: where the file system lay, if that is another account or Region.
    """

    account: str
    region: str
    folder: str
    origin: Origin | None

    @property
    def account_variable(self) -> ShellVariable:
        """The account as the first block checks it."""
        return _variable("ACCOUNT_ID", self.account, "the account that the file system lies in")

    @property
    def region_variable(self) -> ShellVariable:
        """The Region that all steps work in."""
        return _variable("AWS_REGION", self.region, "the Region that the file system lies in")


def working_place(file_system: FileSystem, estate: EstateIndex) -> WorkingPlace:
    """Return where *file_system* is restored: where it lies, or where the recovery points of a lost one do."""
    account, region = _known(estate.home if file_system.lost is not None else file_system.aws_place)
    of_arn = _of_arn(file_system)
    if file_system.lost is None:
        account, region = of_arn[0] or account, of_arn[1] or region
    name = file_system.arn.rpartition("/")[2] if isinstance(file_system.arn, str) else file_system.address
    folder = _ODD.sub("-", "-".join(filter(None, (name, account, region)))).strip("-.")[:_LONGEST]
    away = file_system.lost is not None and all(of_arn) and of_arn != (account, region)
    origin = Origin(*of_arn, foreign=of_arn[0] != account) if away else None
    return WorkingPlace(account, region, folder or "file-system", origin)


def _of_arn(file_system: FileSystem) -> tuple[str, str]:
    """Return account and Region of its ARN; empty where that does not say."""
    fields = file_system.arn.split(":") if isinstance(file_system.arn, str) else []
    return (_real(fields[_ACCOUNT]), _real(fields[_REGION])) if len(fields) > _ACCOUNT else ("", "")


def _known(place: AwsPlace) -> tuple[str, str]:
    return _real(place.arn_account), _real(place.arn_region)


def _real(name: str) -> str:
    """Return the name of an account or Region, nothing for what stands for the one deployed to."""
    return "" if name in (THIS_ACCOUNT, THIS_REGION) else name


def folder_of(vault: str) -> str:
    """Return the name of a vault's folder, as the steps' ``vault_folder`` has it."""
    return "".join(character if character.isascii() and not _ODD.match(character) else "_" for character in vault)


def _variable(name: str, value: str, what: str) -> ShellVariable:
    if value:
        return ShellVariable(name, quote(value))
    return ShellVariable(name, quote(FILL_IN), remarks=(f"{what}: the source does not say",))
