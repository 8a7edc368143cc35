"""Which copies of recovery points lie in another Region or account, and how do they come back?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from restore_ready.coverage._plans_and_file_systems import selecting
from restore_ready.index import EstateIndex
from restore_ready.model import THIS_ACCOUNT, THIS_REGION, FileSystem
from restore_ready.runbook._backups import Backups
from restore_ready.runbook._deny_removal import RemovalMethod
from restore_ready.runbook._shell import FILL_IN, expression, quote
from restore_ready.runbook._vaults import RestoreVault
from restore_ready.runbook._working_place import WorkingPlace

_FIELDS: Final = 7


class CopyVault(Struct, frozen=True):
    """A vault elsewhere; all but the first two are words of bash.

    Attributes:
        account: empty where it is the one that the restore is run in.
        destination: whether a vault to copy into is known.
    """

    label: str
    account: str
    quoted: str
    quoted_region: str
    quoted_account: str
    destination: bool
    quoted_destination: str
    role: str

    @property
    def other_account(self) -> bool:
        """Whether it takes the credentials of another account."""
        return bool(self.account)


def copy_vaults(
    file_system: FileSystem, estate: EstateIndex, backups: Backups, place: WorkingPlace
) -> Iterator[CopyVault]:
    """Return the vaults in other Regions and accounts that may have copies."""
    into = _destination(backups.vaults)
    role = quote(FILL_IN) if place.account == "" else backup_role(file_system, estate)
    for vault in backups.vaults:
        fields = vault.elsewhere.split(":", _FIELDS - 1)
        if len(fields) != _FIELDS:
            continue
        region, account, name = fields[3], fields[4], fields[6]
        foreign = account not in (THIS_ACCOUNT, place.account, "")
        yield CopyVault(
            label=vault.label,
            account=account if foreign else "",
            quoted=quote(name),
            quoted_region='"$AWS_REGION"' if region == THIS_REGION else expression(region),
            quoted_account=quote(account),
            destination=bool(into),
            quoted_destination=quote(into or FILL_IN),
            role=quote(FILL_IN) if foreign else role,
        )


def _destination(vaults: Iterable[RestoreVault]) -> str:
    """Return a vault here to copy into: not that of automatic backups, nor one that nothing can be restored from."""
    here = (vault for vault in vaults if vault.name and not vault.elsewhere and not vault.automatic)
    return next((vault.name for vault in here if vault.removal.method is not RemovalMethod.LOCKED), "")


def backup_role(file_system: FileSystem, estate: EstateIndex) -> str:
    """Return, for bash, the role that backs *file_system* up, which may copy too; else the one that restores it."""
    roles = (selection.role for selection, _ in selecting(file_system, estate))
    return next((expression(role) for role in roles if isinstance(role, str) and role), '"$RESTORE_ROLE_ARN"')
