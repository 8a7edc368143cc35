"""What a name means that no record of the estate has: something that does not exist, or something out of sight.

A live account lists its roles and vaults whole, so what is not listed does not exist in it. Of other accounts, and of
sources that may have resources declared elsewhere, nothing is known.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.index._roles import RoleIndex, arn_account
from restore_ready.index._vaults import Vaults
from restore_ready.model import (
    THIS_ACCOUNT,
    AwsPlace,
    Estate,
    Known,
    ListedKind,
    Listing,
    PlaceName,
    Principal,
    Str,
    Unresolved,
    show,
)
from restore_ready.model._why_open import NOT_HERE, OF_ANOTHER_ACCOUNT, UNREAD_REGION

_RESOURCE: Final = 5
_SERVICE_LINKED: Final = "role/aws-service-role/"
_MARK: Final = ":backup-vault:"
_OF_CONSOLE: Final = "Default"
_OF_EFS: Final = "aws/efs/automatic-backup-vault"
"""Vaults that come into being by themselves: at the first use of AWS Backup's console, and of automatic backups
(https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html)."""


class Missing(Struct, frozen=True):
    """What certainly does not exist.

    Attributes:
        name: the ARN of a role, the name of a vault.
        where: where it is not: ``this account``.
        alike: the ARNs of what is called the same on another path.
    """

    name: str
    where: str
    alike: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """That it does not exist, in words, and what is called the same, its name left away."""
        said = f"does not exist in {self.where}"
        if not self.alike:
            return said
        return f"{said}; the role of that name is {' or '.join(self.alike)}, and the path is part of the ARN"


class OutOfSight(Struct, frozen=True):
    """What may exist where nobody looked: in another account, or declared elsewhere."""

    why: str


class Sight:
    """Finds roles and vaults by what names them, and says of others whether they exist."""

    def __init__(self, estate: Estate, roles: RoleIndex, vaults: Vaults) -> None:
        """Take the look-ups of *estate*, and what it has whole."""
        self._here = estate.here
        self._roles = roles
        self._vaults = vaults
        self._all_roles = next((listing for listing in estate.listings if listing.kind is ListedKind.ROLE), None)
        self._all_vaults = {
            listing.aws_place: listing for listing in estate.listings if listing.kind is ListedKind.VAULT
        }

    @property
    def has_all_roles(self) -> bool:
        """Whether the estate has every role of its account."""
        return self._all_roles is not None and not isinstance(self._all_roles.names, Unresolved)

    @property
    def hidden_roles(self) -> Unresolved | None:
        """Why the roles of a live account are not known; ``None`` where they are, and for other sources."""
        names = None if self._all_roles is None else self._all_roles.names
        return names if isinstance(names, Unresolved) else None

    def role(self, value: Str, account: PlaceName) -> Principal | Missing | Unresolved | OutOfSight:
        """Return the role that *value* means.

        Args:
            value: a reference or an ARN.
            account: the account in which it is named.
        """
        found = self._roles.find(value)
        if found is not None:
            return found
        listing = self._all_roles
        if listing is None or not (isinstance(value, str) and value.startswith("arn:")):
            return OutOfSight(f"the role {NOT_HERE.said(what=show(value), here=self._here)}")
        if {account, arn_account(value) or account} - {THIS_ACCOUNT, listing.aws_place.account}:
            return OutOfSight(f"the role {OF_ANOTHER_ACCOUNT.said(what=value)}")
        resource = value.split(":", _RESOURCE)[-1]
        if resource.startswith(_SERVICE_LINKED):
            return OutOfSight(f"the role {value} is service-linked: AWS makes it, and nobody but AWS acts with it")
        return self._listed_role(value, resource, listing)

    def _listed_role(self, value: str, resource: str, listing: Listing) -> Missing | Unresolved | OutOfSight:
        if isinstance(listing.names, Unresolved):
            return Unresolved(f"whether the role {value} exists is not known: {listing.names.why}")
        if any(name.lower() == resource.lower() for name in listing.names):
            return Unresolved(f"whether the role {value} is the one whose name has other letter case is not known")
        last, prefix = resource.rpartition("/")[2], value.removesuffix(resource)
        alike = sorted(prefix + name for name in listing.names if name.rpartition("/")[2] == last)
        return Missing(value, self._here, tuple(alike))

    def vault(self, value: Str, at: AwsPlace) -> str | Missing | Unresolved | OutOfSight:
        """Return what identifies the vault that *value* means, if it exists.

        Args:
            value: a name, an ARN or a reference.
            at: where in AWS that is said.
        """
        key = self._vaults.key(value, at)
        if isinstance(key, Unresolved) or self._vaults.is_declared(key):
            return key
        place, name = self._vaults.place_of(key), key.rpartition(_MARK)[2]
        listing = self._all_vaults.get(AwsPlace(place.region, place.account))
        if listing is None:
            return self._unlisted_vault(key, place)
        return key if name == _OF_EFS else self._listed_vault(key, name, listing)

    def vaults_in(self, place: AwsPlace) -> Known[frozenset[str]] | None:
        """Return the names of all vaults of a place, or why they are not known; ``None`` where nobody looked."""
        listing = self._all_vaults.get(place)
        return None if listing is None else listing.names

    def _listed_vault(self, key: str, name: str, listing: Listing) -> str | Missing | Unresolved:
        if isinstance(listing.names, Unresolved):
            return Unresolved(f"whether the vault {key} exists is not known: {listing.names.why}")
        if name in listing.names:
            return key
        if name == _OF_CONSOLE:
            return Unresolved(f"AWS Backup's console makes the vault {name} at its first use, and has not made it yet")
        return Missing(name, f"{self._here} in {listing.aws_place.arn_region}")

    def _unlisted_vault(self, key: str, place: AwsPlace) -> Unresolved | OutOfSight:
        if any(read.account == place.account for read in self._all_vaults):
            return Unresolved(
                f"whether the vault {key} exists is not known: {UNREAD_REGION.said(region=place.arn_region)}"
            )
        return OutOfSight(f"the vault {NOT_HERE.said(what=key, here=self._here)}")
